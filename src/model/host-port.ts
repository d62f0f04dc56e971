import { normalAddress } from './address.ts';
import { hostNameOf } from './host-name.ts';
import { beginningOf, visible } from './visible.ts';

/**
 * A host as typed and understood, `port` null where none was typed; or the rest of a sentence that begins with what was
 * typed.
 */
export type HostPort = (Host & { readonly port: number | null }) | Problem;

type Host = { readonly kind: 'name' | 'address'; readonly host: string };
type Problem = { readonly kind: 'problem'; readonly problem: string };

/**
 * Reads `name`, `name:port`, `v4`, `v4:port`, `v6`, `[v6]` and `[v6]:port`; the address literals of SMTP, `[192.0.2.1]`
 * and `[IPv6:2001:db8::1]` (RFC 5321 §4.1.3), as well. An IPv6 address without brackets never has a port.
 */
export function hostPortOf(text: string): HostPort {
  if (/[/?#\\]/.test(text)) return problem('has a path or a query in it: give host and port only');
  if (text.includes('@')) return problem('has a user in it: give host and port only');
  if (text.includes('%'))
    return problem('has a % in it: zones (fe80::1%eth0) are not supported, give another address or a name');
  if (text.startsWith('[')) return inBrackets(text);

  const [host = '', port = null, ...more] = text.split(':');
  return more.length > 0 ? bareIpv6(text) : withPort(hostOf(host), port);
}

/** `mx.example.com:25`, `192.0.2.1:25`, `[2001:db8::1]:25`: as it is read above, and in a URL (RFC 3986 §3.2.2). */
export const hostWithPort = (host: string, port: number): string =>
  `${host.includes(':') ? `[${host}]` : host}:${port}`;

function inBrackets(text: string): HostPort {
  const [, inside, port] = /^\[([^\]]*)\](?::(.*))?$/.exec(text) ?? [];
  if (inside === undefined) return problem('has brackets that do not match: write [2001:db8::1] or [2001:db8::1]:25');
  const address = normalAddress(inside.replace(/^ipv6:/i, ''));
  if (address === null)
    return problem('has no IP address between its brackets: write [2001:db8::1]:25, and a name without brackets');
  return withPort({ kind: 'address', host: address }, port ?? null);
}

/**
 * Every group belongs to the address, save where only a port can be meant: as an address `::1:25` would be of the
 * deprecated IPv4-compatible kind (RFC 4291 §2.5.5.1), which no host has.
 */
function bareIpv6(text: string): HostPort {
  const [, front = '', port = ''] = /^(.*):(\d*)$/.exec(text) ?? [];
  const before = normalAddress(front);
  const whole = normalAddress(text);
  if (whole !== null && before !== '::1') return { kind: 'address', host: whole, port: null };
  if (before === null) return problem('is neither host:port nor an IPv6 address: check the colons');
  return problem(
    `has an IPv6 address with a port: put the address in brackets, [${before}]:${port === '' ? '25' : brief(port)}`,
  );
}

function hostOf(text: string): Host | Problem {
  const address = normalAddress(text);
  if (address !== null) return { kind: 'address', host: address };
  const name = hostNameOf(text);
  return name.kind === 'problem' ? name : { kind: 'name', host: name.name };
}

function withPort(host: Host | Problem, text: string | null): HostPort {
  if (host.kind === 'problem') return host;
  if (text === null) return { ...host, port: null };
  if (text === '') return problem('has a colon and no port after it: write host:25, or leave the colon out');
  if (!/^\d+$/.test(text)) return problem(`has a port that is not a number, ${brief(text)}: write host:25`);
  const port = Number(text);
  if (port < 1 || port > 65_535) return problem(`has port ${brief(text)}: ports are between 1 and 65535`);
  return { ...host, port };
}

const problem = (text: string): Problem => ({ kind: 'problem', problem: text });

/** Enough to know one's own words again. */
const maxShown = 80;

/** What the user typed, printable and no longer than a line, to be quoted in a message. */
export function brief(text: string): string {
  const safe = visible(text);
  return safe.length > maxShown ? `${beginningOf(safe, maxShown)}…` : safe;
}
