# Sourced by each image's entrypoint (bash). LAB_CONFIG is a JSON object of differences from the baseline, "kind:name": "value";
# `apply_config` calls the image's own function `apply kind name value` for each, in order.

apply_config() {
  local key value
  [ -n "${LAB_CONFIG:-}" ] || return 0
  while IFS= read -r -d '' key && IFS= read -r -d '' value; do
    apply "${key%%:*}" "${key#*:}" "$value" || die "cannot apply $key"
  done < <(jq -j 'to_entries[] | .key, "\u0000", .value, "\u0000"' <<<"$LAB_CONFIG")
}

# The kinds that every image knows: file:<path> is a file's content, run:<what for> a shell command.
apply_common() {
  case $1 in
  file) mkdir -p "$(dirname "$2")" && printf '%s\n' "$3" >"$2" ;;
  run) bash -euc "$3" ;;
  *) die "no such kind of config: $1" ;;
  esac
}

# No name resolves and nothing waits for an answer: nobody listens on port 53 of the container's own loopback.
# LAB_DNS names a server for the scenarios that need one.
use_dns() { printf 'nameserver %s\noptions timeout:1 attempts:1\n' "${LAB_DNS:-127.0.0.1}" >/etc/resolv.conf; }

die() {
  echo "entrypoint: $*" >&2
  exit 78
}
