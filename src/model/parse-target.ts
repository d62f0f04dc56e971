import { type Role, roleOfPort, type TlsMode } from './endpoint.ts';
import { brief, hostPortOf } from './host-port.ts';
import type { Target } from './target.ts';
import { UsageError } from './usage-error.ts';

/** A target that cannot be read. `problem` is one printable sentence: what is wrong and how to put it right. */
export interface BadTarget {
  readonly kind: 'bad';
  readonly input: string;
  readonly problem: string;
}

/** A target without the words it was read from. */
type Sense = Target extends infer T ? (T extends Target ? Omit<T, 'input'> : never) : never;
type Problem = { readonly kind: 'problem'; readonly problem: string };

/**
 * Reads what the user typed: a domain, host or address, `host:port`, `[v6]`, `[v6]:port`, or a host after a scheme.
 * Names come out in lower case, without the root's dot, international ones as A-labels; addresses in their normal form.
 * Never throws.
 */
export function parseTarget(input: string): Target | BadTarget {
  if (typeof input !== 'string') throw new UsageError(`a target is a text, not ${typeof input}`);
  const text = input.trim();
  const sense = misreading(text) ?? read(text);
  if (sense.kind === 'problem') return { kind: 'bad', input, problem: `"${brief(text)}" ${sense.problem}` };
  return { ...sense, input };
}

/**
 * The targets of a file or of standard input: one a line; `#` begins a comment; a byte order mark and CRLF do no harm.
 */
export function parseTargetList(text: string): string[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
}

/** What is wrong with the text as a whole, if anything. */
function misreading(text: string): Problem | null {
  if (text === '') return problem('is no target: give a domain, a host, host:port or an address');
  if (/[\s,;]/.test(text))
    return problem('looks like several targets: give each as an argument, or on a line, of its own');
  if (/\p{C}/u.test(text)) return problem('has a control or invisible character in it: type it anew');
  return null;
}

function read(text: string): Sense | Problem {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(text) ?? [];
  if (scheme !== undefined && rest !== undefined) return readUrl(scheme.toLowerCase(), rest.replace(/\/$/, ''));

  const domain = /^[^/]*@([^/]+)$/.exec(text)?.[1];
  if (domain !== undefined) return problem(`is a mail address: give the domain, ${brief(domain)}`);
  const typed = hostPortOf(text);
  if (typed.kind === 'problem') return typed;
  const { kind, host, port } = typed;
  if (port === null) return kind === 'address' ? { kind, address: host } : { kind, name: host };
  const role = roleOfPort(port);
  return { kind: 'endpoint', host, port, role, tls: role === 'submissions' ? 'implicit' : 'starttls' };
}

/** What each scheme means where the target names no port (RFC 6409 §3.1, RFC 8314 §3.3 and §7.3). */
const services: Readonly<Record<string, { readonly port: number; readonly role: Role; readonly tls: TlsMode }>> = {
  smtp: { port: 25, role: 'mx', tls: 'starttls' },
  smtps: { port: 465, role: 'submissions', tls: 'implicit' },
  submission: { port: 587, role: 'submission', tls: 'starttls' },
  submissions: { port: 465, role: 'submissions', tls: 'implicit' },
};

function readUrl(scheme: string, rest: string): Sense | Problem {
  const service = Object.hasOwn(services, scheme) ? services[scheme] : undefined;
  if (service === undefined) {
    return problem(
      `begins with a scheme that is not known, ${brief(scheme)}://: use smtp://, smtps://, submission:// or submissions://`,
    );
  }
  if (/^[^[]*:.*:/.test(rest))
    return problem('needs brackets around an IPv6 address, the port after them: [2001:db8::1]:25');
  const typed = hostPortOf(rest);
  if (typed.kind === 'problem') return typed;
  const port = typed.port ?? service.port;
  const role = scheme === 'smtp' ? roleInClear(port) : service.role;
  return { kind: 'endpoint', host: typed.host, port, role, tls: service.tls };
}

/**
 * `smtp://` leaves the role to the port. Port 465 spoken to in clear is plain submission: `submissions` has TLS from
 * the first byte.
 */
function roleInClear(port: number): Role {
  const role = roleOfPort(port);
  return role === 'submissions' ? 'submission' : role;
}

const problem = (text: string): Problem => ({ kind: 'problem', problem: text });
