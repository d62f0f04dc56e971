import type { Wire } from '../probe.ts';
import { isOfSender, strangersOf } from '../senders.ts';
import { registrableDomain, type Subject } from '../subject.ts';
import { openOnce } from './opening.ts';
import { isAboutRelaying, openingReading } from './opening-reading.ts';
import type { RelayOpening } from './phase.ts';

export interface RelayPlan {
  readonly tls: boolean;
  /** Only the forms that matter inside TLS when they were asked in clear before. */
  readonly brief: boolean;
  readonly serverName: string | null;
  /** Our address as a literal: a HELO name that needs no DNS (RFC 5321 §4.1.4). */
  readonly ourLiteral: string;
}

/** Openings are made until one tells; this many at most. */
const openingLimit = 7;

/**
 * Tries senders, HELO names and outside domains until the answer is about relaying. The last opening is the one to go
 * by.
 */
export async function openRelayDialogue(wire: Wire, { tls, serverName, ourLiteral }: RelayPlan) {
  const { subject } = wire;
  const controls = controlCandidates(subject, serverName);
  const openings: RelayOpening[] = [];
  let left: Left = {
    senders: sendersOf(subject, controls),
    externals: subject.externals,
    helos: [...new Set([subject.helo, ourLiteral])],
  };
  while (openings.length < openingLimit) {
    const [sender, external, helo] = [left.senders[0], left.externals[0], left.helos[0]];
    if (sender === undefined || external === undefined || helo === undefined) break;
    const opening = await openOnce(wire, tls, { sender, external, helo }, controls);
    openings.push(opening);
    const next = leftAfter(opening, left, subject);
    if (next === null) break;
    left = next;
  }
  return withTellingLast(openings);
}

/** What there is to try, best first. */
interface Left {
  readonly senders: readonly string[];
  readonly externals: readonly string[];
  readonly helos: readonly string[];
}

/**
 * What is left to try after an opening; null where it tells of relaying, or where nothing else that we could say would
 * make it.
 */
function leftAfter(opening: RelayOpening, left: Left, { externals, externalGiven }: Subject): Left | null {
  const reading = openingReading(opening);
  if (reading === null) return null;
  if (isOfSender(opening.mail, reading)) return { ...left, senders: left.senders.slice(1) };
  if (reading.meaning === 'helo-rejected') return { ...left, helos: left.helos.slice(1) };
  // Our own domain may be hosted here by chance: two that have nothing to do with each other hardly are.
  const byChance = reading.meaning === 'accepted' && !externalGiven && opening.external === externals[0];
  return byChance || reading.meaning === 'our-domain' ? { ...left, externals: left.externals.slice(1) } : null;
}

/** Those of strangers, and one of the server's own, which resolves where it stands. */
function sendersOf(subject: Subject, controls: readonly string[]): string[] {
  return [...strangersOf(subject), ...controls.filter((control) => control.includes('@')).slice(0, 1)];
}

/**
 * Recipients that should be the server's own: the user's, else postmaster at every domain it may have (RFC 5321
 * §4.5.1).
 */
function controlCandidates(subject: Subject, serverName: string | null): string[] {
  if (subject.recipient !== null) return [subject.recipient, 'postmaster'];
  const named = subject.domainGiven || serverName === null ? [] : [registrableDomain(serverName), serverName];
  const domains = [...new Set([subject.domain, ...named])].filter((domain) => domain !== null);
  return [...domains.map((domain) => `postmaster@${domain}`), 'postmaster'];
}

/** Where the last one tells nothing of relaying, one that was taken before tells more. */
function withTellingLast(openings: readonly RelayOpening[]): readonly RelayOpening[] {
  const last = openings.at(-1);
  const taken = openings.findLast((opening) => openingReading(opening)?.meaning === 'accepted');
  if (last === undefined || taken === undefined || isAboutRelaying(last)) return openings;
  return [...openings.filter((opening) => opening !== taken), taken];
}
