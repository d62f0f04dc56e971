import { type Exchange, isPositive, offers } from '../../model/reply.ts';
import { type Reading, readingOf } from '../../mta/reply-meaning.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { domainOf, registrableDomain, type Subject } from '../subject.ts';
import { type Line, linesOf } from './lines.ts';
import type { OwnSenderAnswer, RecipientsRound } from './round.ts';

/** Another round for TLS, for the null sender, and for each further guess at the domain. */
const roundLimit = 5;

/** Asks for recipients, never beyond RCPT; again inside TLS, from `<>` or at another domain where the answer asks for that. */
export async function askRecipients(wire: Wire, serverName: string | null) {
  const { subject } = wire;
  let next: Next | null = {
    tls: subject.endpoint.tls === 'implicit',
    senders: [subject.sender, ''],
    domains: domainsOf(subject, serverName),
  };
  const rounds: RecipientsRound[] = [];
  while (next !== null && rounds.length < roundLimit) {
    const { tls, senders, domains }: Next = next;
    const round = await askRound(wire, { tls, sender: senders[0] ?? '', domain: domains[0] ?? null });
    rounds.push(round);
    next = nextAfter(round, next, subject);
  }
  return rounds;
}

/** What to ask with; senders and domains best first. */
interface Next {
  readonly tls: boolean;
  readonly senders: readonly string[];
  readonly domains: readonly string[];
}

/** What to ask with after a round; null where another would bring nothing new. */
function nextAfter(round: RecipientsRound, { tls, senders, domains }: Next, { endpoint }: Subject): Next | null {
  const reading = readingOfRound(round);
  if (reading === null) return null;
  const { meaning, about } = reading;
  if (meaning === 'tls-required' && !tls) return { tls: true, senders, domains };
  const ofSender = meaning === 'sender-rejected' || (meaning === 'our-domain' && about === 'sender');
  if (ofSender && senders.length > 1) return { tls, senders: senders.slice(1), domains };
  // A submission port that offers AUTH refuses in such words whatever the domain is.
  const forAuth = round.auth && endpoint.role !== 'mx';
  const ofDomain = meaning === 'relay-denied' || (meaning === 'relay-or-unknown' && !forAuth);
  return ofDomain && domains.length > 1 ? { tls, senders, domains: domains.slice(1) } : null;
}

/** The user's word, else what the names of target and server suggest, best first. */
function domainsOf({ recipient, domain, domainGiven }: Subject, serverName: string | null): string[] {
  const ofRecipient = recipient === null ? null : domainOf(recipient);
  if (ofRecipient !== null) return [ofRecipient];
  const guesses = domainGiven || serverName === null ? [domain] : [domain, registrableDomain(serverName), serverName];
  return [...new Set(guesses)].filter((guess) => guess !== null);
}

async function askRound(
  wire: Wire,
  plan: Pick<RecipientsRound, 'tls' | 'sender' | 'domain'>,
): Promise<RecipientsRound> {
  const { tls, sender } = plan;
  const helo = wire.subject.helo;
  const base = { ...plan, helo, auth: false, mail: null, answers: [], ownSenders: [], cut: null };
  const lines = linesOf(wire.subject, plan);
  // What a usual server refuses: the random names, perhaps abuse, perhaps its own senders.
  const refusals = Math.min(5, wire.allowance.refusals);
  const nonMail = Math.min(wire.allowance.nonMail - 1, lines.filter(({ command }) => command === 'RSET').length);
  try {
    await using session = await wire.session({ tls, refusals, mistakes: 1, nonMail });
    const auth = offers(session.ehlo.reply, 'AUTH');
    // By itself: behind a refused MAIL every RCPT would be a mistake of ours, and Exim hangs up after three.
    const mail = await session.say(`MAIL FROM:<${sender}>`);
    if (!isPositive(mail.reply)) return { ...base, auth, mail };
    const { exchanges, cut } = await session.flight(lines.map(({ command }) => command));
    return { ...base, auth, mail, ...sorted(lines, exchanges), cut };
  } catch (error) {
    return { ...base, cut: troubleOf(error) };
  }
}

/** The answers, each with what it was asked for. */
function sorted(
  lines: readonly Line[],
  exchanges: readonly Exchange[],
): Pick<RecipientsRound, 'answers' | 'ownSenders'> {
  const heard = exchanges.flatMap((exchange, index) => {
    const line = lines[index];
    return line === undefined ? [] : [{ ...line, exchange }];
  });
  const answers = heard.flatMap((one) =>
    one.kind === 'name' ? [{ name: one.name, recipient: one.recipient, exchange: one.exchange }] : [],
  );
  const senders = new Map<string, OwnSenderAnswer>();
  for (const one of heard) {
    if (one.kind !== 'own sender') continue;
    const { sender, recipient, part, exchange } = one;
    const before = senders.get(sender) ?? { sender, recipient, mail: null, rcpt: null };
    senders.set(sender, { ...before, [part]: exchange });
  }
  return { answers, ownSenders: [...senders.values()] };
}

/** What the sender was told, or else the best-known recipient; null where neither was answered. */
function readingOfRound({ mail, answers, sender, helo }: RecipientsRound): Reading | null {
  if (mail === null) return null;
  if (!isPositive(mail.reply)) return readingOf(mail.reply, { stage: 'mail', sender, helo });
  const best = (['known', 'postmaster', 'random', 'bare-postmaster'] as const)
    .map((name) => answers.find((answer) => answer.name === name))
    .find((answer) => answer !== undefined);
  if (best === undefined) return null;
  return readingOf(best.exchange.reply, { stage: 'rcpt', sender, helo, recipient: best.recipient });
}
