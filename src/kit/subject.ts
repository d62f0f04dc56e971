import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { unmapped } from '../model/address.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Safety } from '../model/judgement.ts';
import type { Reply } from '../model/reply.ts';
import { type Vantage, vantageOf } from '../model/vantage.ts';

/** Whom a probe asks, and under which names. */
export interface Subject {
  readonly endpoint: Endpoint;
  /** Our name in EHLO. */
  readonly helo: string;
  /** Envelope sender for probes; an address outside. */
  readonly sender: string;
  /** Recipients outside, best first; the first is the user's where one was given. */
  readonly externals: readonly [string, ...string[]];
  readonly externalGiven: boolean;
  /** The domain that the server accepts mail for, where the user or the target's name tells it. */
  readonly domain: string | null;
  /** It is one of `domains`, and no guess. */
  readonly domainGiven: boolean;
  /** The domains whose MX records lead here, and those that the user named: never a guess. */
  readonly domains: readonly string[];
  /** A mailbox known to exist, where the user named one. */
  readonly recipient: string | null;
  readonly vantageGiven: 'outside' | 'trusted' | null;
  readonly allow: Safety;
}

/** A recipient of the server's own: the user's, else postmaster, whom every server has (RFC 5321 §4.5.1). */
export const ownRecipient = ({ recipient, domain }: Pick<Subject, 'recipient' | 'domain'>): string =>
  recipient ?? (domain === null ? 'postmaster' : `postmaster@${domain}`);

/** Where we stand, by the user's word or by the two ends of a connection. */
export function vantage(subject: Subject, ends: { localAddress: string; remoteAddress: string }): Vantage {
  return subject.vantageGiven ?? vantageOf(ends.localAddress, ends.remoteAddress);
}

/** Where the server may treat us better than strangers, half a sentence on it. */
export function seenFrom(from: Vantage): string {
  return from === 'outside'
    ? ''
    : ` (seen from a ${from} address, which the server may trust: scan again from outside)`;
}

/**
 * The registrable domain of a host name (Public Suffix List); the name itself where the list knows none; null for an
 * address.
 */
export function registrableDomain(name: string): string | null {
  if (/^[[\d.:\]]+$/.test(name) || name.includes(':')) return null;
  return publicSuffixes().getDomain(name) ?? (name.includes('.') ? name : null);
}

// The list is large: loaded when first asked, and by `require`, which is three times as fast as `import` here.
let loaded: typeof import('tldts-icann') | null = null;
function publicSuffixes(): typeof import('tldts-icann') {
  loaded ??= createRequire(import.meta.url)('tldts-icann') as typeof import('tldts-icann');
  return loaded;
}

/**
 * The name a server gives itself: the first word of its EHLO reply (RFC 5321 §4.1.1.1), else of its greeting. Null when
 * that is no host name.
 */
export function serverName(greeting: Reply | null, ehlo: Reply | null): string | null {
  const words = [ehlo, greeting].map((reply) => reply?.lines[0].text.slice(4).trim().split(/\s+/)[0] ?? '');
  return words.find(isHostName)?.toLowerCase() ?? null;
}

/**
 * Outside domains to fall back on (RFC 2606 §3): no server's own. Mail is never sent there: probes that name them stop
 * at RCPT.
 */
export const reservedDomains = ['example.net', 'example.org', 'example.com'] as const;

/** The domain of a mail address in lower case, or null where it has none. */
export function domainOf(address: string): string | null {
  const at = address.lastIndexOf('@');
  return at < 0 ? null : address.slice(at + 1).toLowerCase();
}

/** A local part that nobody has. */
export function randomLocalPart(): string {
  return `mxprobe-${randomBytes(6).toString('hex')}`;
}

/** An address literal (RFC 5321 §4.1.3). */
export function addressLiteral(address: string): string {
  const plain = unmapped(address).replace(/%.*$/, '');
  return plain.includes(':') ? `[IPv6:${plain}]` : `[${plain}]`;
}

function isHostName(word: string): boolean {
  return (
    /^(?=.{4,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/i.test(word) &&
    !/^[\d.]+$/.test(word)
  );
}
