import type { Reply } from '../../model/reply.ts';
import { hostKindOf } from './host-kind.ts';

/**
 * How a server names itself in its greeting or in its answer to EHLO.
 * - `name`: with a host name that others may look up. `inner`: with one that only its own network knows.
 * - `echo`: with the name that we gave. `nameless`: with no host name, `localhost`, an address or a name without a
 *   domain, where RFC 5321 §4.1.1.1 and §4.2 want its own.
 */
type OwnNameKind = 'name' | 'inner' | 'echo' | 'nameless';

export interface OwnName {
  /** As it said it, in lower case; empty where it said nothing. */
  readonly word: string;
  readonly kind: OwnNameKind;
}

export interface OwnNames {
  readonly banner: OwnName;
  readonly ehlo: OwnName;
  readonly agree: boolean;
}

/** `ours`: our name in EHLO; `domain`: the one that was scanned, whose top-level domain is no inner one then. */
export function ownNames(greeting: Reply, ehlo: Reply, ours: string, domain: string): OwnNames {
  const read = (word: string): OwnName => ({ word, kind: kindOf(word, ours, domain) });
  const inEhlo = read(firstWord(ehlo.lines[0].text));
  // A teaser of postscreen's, or a word to senders, may stand on a line of its own.
  const words = greeting.lines.map(({ text }) => firstWord(text));
  const banner = words.find((word) => word === inEhlo.word) ?? words.find(isName) ?? words[0] ?? '';
  return { banner: read(banner), ehlo: inEhlo, agree: banner === inEhlo.word };
}

/** Behind the code. */
const firstWord = (line: string): string =>
  (line.slice(4).trim().split(/\s+/)[0] ?? '').toLowerCase().replace(/\.$/, '');

const isName = (word: string): boolean => ['name', 'underscore'].includes(hostKindOf(word));

function kindOf(word: string, ours: string, domain: string): OwnNameKind {
  if (!isName(word)) return 'nameless';
  if (word === ours.toLowerCase()) return 'echo';
  const top = word.split('.').at(-1) ?? '';
  return innerDomains.includes(top) && top !== domain.split('.').at(-1) ? 'inner' : 'name';
}

/** Top-level domains that DNS will never have (RFC 6761, RFC 6762 §3 and appendix G, `internal` by ICANN). */
const innerDomains: readonly string[] = [
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'invalid',
  'test',
];
