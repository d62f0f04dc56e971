import type { RunningServer } from './lab.ts';
import { greets, until } from './ready.ts';

/**
 * Applies fix lines of the catalogue to a running server, as an administrator would who pastes them from the top:
 *
 * - a comment that names a file (`# conf.d/10-auth.conf`, `# smtpd.conf; …; Debian: /etc/smtpd.conf`) says where lines
 *   of configuration below it go, each to the end; one that begins with `# elsewhere` says that they are for other
 *   systems than Debian, and they are left out; any other comment changes nothing;
 * - a command is run, in one shell, and must not fail;
 * - `example.com` and what stands for a certificate of it are the lab's, or another `domain` of the server.
 *
 * Resolves to what the commands said, when what they changed is in force for the next connection.
 */
export async function applyFix(
  server: RunningServer,
  lines: readonly string[],
  { domain = 'example.test' }: { domain?: string } = {},
): Promise<string> {
  const script = [containerWays];
  let file: string | 'elsewhere' | undefined;
  for (const line of lines.map((one) => inTheLab(one, domain))) {
    if (line.startsWith('#')) file = line.startsWith('# elsewhere') ? 'elsewhere' : (fileNamed(line) ?? file);
    else if (isCommand.test(line)) script.push(line);
    else if (file === undefined) throw new Error(`neither a command nor a file to put it into: ${line}`);
    else if (file !== 'elsewhere') script.push(`printf '%s\\n' ${quoted(line)} >>${quoted(file)}`);
  }
  const said = await server.exec(['bash', '-euc', script.join('\n')]);
  if (!(await until(() => greets(server.port('smtp')), 120_000))) throw new Error(`no greeting after the fix; ${said}`);
  return said;
}

const isCommand =
  /^(postconf|postfix|newaliases|doveadm|update-exim4\.conf|exim4|smtpd|smtpctl|systemctl|sed|grep|echo|printf|ls|openssl|make|certbot|if|\[)(?=[ $]|$)(?! *=)/;

const inTheLab = (line: string, domain: string): string =>
  line
    .replaceAll('mx.example.com', 'mx.example.test')
    .replaceAll('example.com', domain)
    .replace(/^sed .*\/etc\/mail\/sendmail\.mc$/, '$& /etc/mail/m4/lab.m4');

/**
 * The lab's Dovecot has all its settings in `dovecot.conf`, and reads one file of the scenario's behind them; its
 * Sendmail reads one above the mailers.
 */
function fileNamed(comment: string): string | undefined {
  if (comment.startsWith('# /etc/mail/sendmail.mc')) return '/etc/mail/m4/lab.m4';
  const file = /(?:^# |Debian: )((?:conf\.d|\/etc)\/\S+?)(?=;|$)/.exec(comment)?.[1];
  return file?.startsWith('conf.d/') ? '/etc/dovecot/local.conf' : file;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/**
 * No systemd in a container: Exim's daemon is process 1 and begins anew on SIGHUP; OpenSMTPD's parent is kept by
 * process 1, which starts it again. Postfix reads no file that is younger than two seconds. And certificates are the
 * lab's, which nobody renews.
 */
const containerWays = `
systemctl() {
  case "$*" in
  'restart sendmail')
    rm -f /run/sendmail/mta/sendmail.pid
    kill -HUP 1
    until [ -s /run/sendmail/mta/sendmail.pid ]; do sleep 0.05; done
    ;;
  'restart exim4') again '-HUP 1' 'daemon started' /var/log/exim4/mainlog ;;
  'restart opensmtpd')
    local old
    old=$(cat /run/lab-smtpd)
    kill "$old"
    until [ "$(cat /run/lab-smtpd)" != "$old" ] && (: </dev/tcp/127.0.0.1/25) 2>/dev/null; do sleep 0.05; done
    ;;
  *) echo "no systemctl $* in a container" >&2 && return 1 ;;
  esac
}
again() { # signal and process, what the log says when it is done, the log
  local before
  before=$(grep -c "$2" "$3" || true)
  # shellcheck disable=SC2086
  kill $1
  until [ "$(grep -c "$2" "$3")" -gt "$before" ]; do sleep 0.05; done
}
postfix() {
  local old
  old=$(pidof smtpd pickup || true)
  find /etc/postfix /etc/aliases -maxdepth 1 -type f -exec touch -d '1 minute ago' {} +
  command postfix "$@"
  gone $old
}
doveadm() {
  local old
  old=$(pidof auth || true)
  command doveadm "$@"
  gone $old
}
gone() { # processes that a reload ends
  local one
  for one; do while kill -0 "$one" 2>/dev/null; do sleep 0.05; done; done
}
certbot() { :; }
make() { m4 /etc/mail/sendmail.mc >/etc/mail/sendmail.cf; } # as Debian's own file has it, without its questions
install -d /etc/letsencrypt/live/mx.example.test
ln -sf /lab/tls/chain.pem /etc/letsencrypt/live/mx.example.test/fullchain.pem
ln -sf /lab/tls/key.pem /etc/letsencrypt/live/mx.example.test/privkey.pem
if [ -d /etc/exim4 ]; then
  install -d /etc/exim4/tls
  ln -sf /lab/tls/chain.pem /etc/exim4/tls/fullchain.pem
  ln -sf /lab/tls/key.pem /etc/exim4/tls/privkey.pem
fi
if [ -d /etc/mail/tls ]; then
  install -m 644 /lab/tls/chain.pem /etc/mail/tls/fullchain.pem
  [ -e /etc/ssl/certs/ca-certificates.crt ] || install -m 644 /lab/tls/ca.pem /etc/ssl/certs/ca-certificates.crt
  install -m 600 /lab/tls/key.pem /etc/mail/tls/privkey.pem
fi
if [ -f /etc/smtpd.conf ]; then
  cp /lab/tls/chain.pem /etc/ssl/mx.example.test.fullchain.pem
  install -m 600 /lab/tls/key.pem /etc/ssl/private/mx.example.test.key
fi`;
