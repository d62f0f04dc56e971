# Makes the certificates of dane.test.ts in a Postfix of the lab, prints each one's digests as openssl has them (name, then
# certificate and key, each whole, by SHA-256 and by SHA-512), and has Postfix show a chain of them to each name (SNI).
# Arguments: a host and its chain, as `mx-a.signed.test=leaf,intermediate`.
set -eu
mkdir -p /lab/dane && cd /lab/dane
: >index
cat >ca.cnf <<C
[ca]
default_ca = lab
[lab]
new_certs_dir = /tmp
database = index
rand_serial = yes
unique_subject = no
policy = any
default_md = sha256
default_days = 300
copy_extensions = copyall
[any]
commonName = supplied
[req]
distinguished_name = dn
[dn]
C
certify() { # name, key, issuer or self, subject, extension, dates
  name=$1 key=$2 issuer=$3 subject=$4 extension=$5 && shift 5
  [ -f "$key.key" ] || openssl genrsa -out "$key.key" 2048 2>/dev/null
  openssl req -new -config ca.cnf -key "$key.key" -subj "$subject" -addext "$extension" -out request
  if [ "$issuer" = self ]; then by="-selfsign -keyfile $key.key"; else by="-cert $issuer.pem -keyfile $(cat "$issuer.by").key"; fi
  # shellcheck disable=SC2086 -- several words
  openssl ca -batch -notext -config ca.cnf $by -in request -out "$name.pem" "$@" 2>log || { cat log && exit 1; }
  echo "$key" >"$name.by"
}
ca='basicConstraints=critical,CA:TRUE'
wild='subjectAltName=DNS:*.signed.test,DNS:*.two.test'
over='-startdate 20200101000000Z -enddate 20210101000000Z'
certify root root self '/CN=Lab Root' $ca
certify intermediate intermediate root '/CN=Lab Intermediate' $ca
certify impostor impostor root '/CN=Lab Intermediate' $ca
certify leaf leaf intermediate /CN=leaf "$wild"
certify renewed leaf intermediate /CN=leaf "$wild"
certify stranger stranger intermediate /CN=stranger 'subjectAltName=DNS:www.other.test'
certify domain leaf intermediate /CN=domain 'subjectAltName=DNS:domain.signed.test'
certify self self self /CN=self "$wild"
# shellcheck disable=SC2086
certify expired leaf intermediate /CN=leaf "$wild" $over
# shellcheck disable=SC2086
certify over intermediate root '/CN=Lab Intermediate' $ca $over

hexadecimal() { od -An -v -tx1 | tr -d ' \n'; }
digests() { for digest in sha256 sha512; do printf ' %s' "$(openssl dgst -$digest -r <der | cut -d' ' -f1)"; done; }
for one in *.pem; do
  printf %s "${one%.pem}"
  openssl x509 -in "$one" -outform DER -out der && printf ' %s' "$(hexadecimal <der)" && digests
  openssl x509 -in "$one" -noout -pubkey | openssl pkey -pubin -outform DER -out der && printf ' %s' "$(hexadecimal <der)" && digests
  echo
done

: >sni
for pair in "$@"; do
  host=${pair%%=*} chain=$(echo "${pair#*=}" | tr ',' ' ')
  { cat "$(cat "${chain%% *}.by").key" && for one in $chain; do cat "$one.pem"; done; } >"$host.chain"
  echo "$host /lab/dane/$host.chain" >>sni
done
chmod 644 ./*.chain
postmap -F hash:/lab/dane/sni
postconf -e tls_server_sni_maps=hash:/lab/dane/sni
touch -d '1 minute ago' /etc/postfix/main.cf
postfix reload 2>/dev/null
