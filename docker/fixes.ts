import type { RunningServer } from './lab.ts';

/**
 * Applies fix lines of the catalogue to a running server, as an administrator would paste them: comments are left out,
 * commands are run, and everything else goes to the end of `file`. Resolves to what the commands said; what they change is
 * in force for the next connection. OpenSMTPD cannot read its configuration again, so its lines cannot be applied.
 */
export async function applyFix(server: RunningServer, lines: readonly string[], file?: string): Promise<string> {
  const script = [containerWays];
  for (const line of lines.filter((one) => one.trim() !== '' && !one.startsWith('#'))) {
    if (isCommand.test(line)) script.push(line);
    else if (file) script.push(`printf '%s\\n' '${line.replaceAll("'", `'\\''`)}' >>'${file}'`);
    else throw new Error(`neither a command nor a file to put it into: ${line}`);
  }
  return await server.exec(['bash', '-euc', script.join('\n')]);
}

const isCommand = /^(postconf|postfix|newaliases|doveadm|update-exim4\.conf|systemctl|sed|grep|echo|ls|openssl|make)\b/;

/** No systemd in a container: the daemon is process 1. And Postfix reads no file that is younger than two seconds. */
const containerWays = `
systemctl() {
  case "$*" in
  'restart exim4') kill -HUP 1 ;;
  *) echo "no systemctl $* in a container" >&2 && return 1 ;;
  esac
}
postfix() {
  find /etc/postfix /etc/aliases -maxdepth 1 -type f -exec touch -d '1 minute ago' {} +
  command postfix "$@"
}`;
