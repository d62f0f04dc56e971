import { isPositive, offers } from '../../model/reply.ts';
import { meaningOf, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { isOfSender, strangersOf } from '../senders.ts';
import { domainOf, registrableDomain, type Subject } from '../subject.ts';
import { type Played, play } from '../transactions/play.ts';
import type { RecipientsRound } from './round.ts';
import { askedFor, type RecipientToAsk, stepsFor } from './to-ask.ts';

/** Another round for TLS, for the null sender, and for each further guess at the domain. */
const roundLimit = 5;

/**
 * Asks for recipients, never beyond RCPT; again inside TLS, from `<>` or at another domain where the answer asks for
 * that.
 */
export async function askRecipients(wire: Wire, serverName: string | null) {
  const { subject } = wire;
  let next: Next | null = {
    tls: subject.endpoint.tls === 'implicit',
    senders: strangersOf(subject),
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
  const { meaning } = reading;
  if (meaning === 'tls-required' && !tls) return { tls: true, senders, domains };
  if (isOfSender(round.mail, reading) && senders.length > 1) return { tls, senders: senders.slice(1), domains };
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
  const { subject } = wire;
  let round: RecipientsRound = {
    ...plan,
    helo: subject.helo,
    auth: false,
    mail: null,
    answers: [],
    ownSenders: [],
    cut: null,
  };
  let left = askedFor(subject, plan);
  // A bounce has one recipient (Postfix `reject_multi_recipient_bounce`).
  let apart = plan.sender === '';
  let fruitless = 0;
  while (left.length > 0) {
    const { auth, heard, cut } = await askInOneSession(wire, plan.tls, left, apart);
    const answered = heard.filter((one) => isAnswered(one) && (apart || !isCrowded(one)));
    round = withHeard({ ...round, auth: round.auth || auth, cut }, answered);
    left = left.filter((one) => !answered.some(({ asked }) => asked === one));
    const isRefused = round.mail !== null && !isPositive(round.mail.reply);
    const isCrowdedTogether = !apart && heard.some(isCrowded);
    // A session that others have used may be over before it has brought anything; a new one is not.
    if (answered.length === 0 && !isCrowdedTogether) fruitless += cut?.reply === undefined ? 2 : 1;
    if (isRefused || fruitless > 1) return round;
    apart ||= isCrowdedTogether;
  }
  return { ...round, cut: null };
}

type HeardOne = Pick<Played, 'mail' | 'rcpt'> & { readonly asked: RecipientToAsk };

/** What a server ends in the middle is asked again in another session, as long as each brings something. */
async function askInOneSession(wire: Wire, tls: boolean, asked: readonly RecipientToAsk[], apart: boolean) {
  const steps = stepsFor(asked, apart);
  // What a usual server refuses: the random names, perhaps abuse, perhaps its own senders.
  const refusals = Math.min(5, wire.allowance.refusals);
  const nonMail = Math.min(wire.allowance.nonMail - 1, steps.length);
  try {
    await using session = await wire.session({ tls, refusals, mistakes: 1, nonMail });
    const auth = offers(session.ehlo.reply, 'AUTH');
    // By itself: behind a refused MAIL every RCPT would be a mistake of ours, and Exim hangs up after three.
    const { played, cut } = await play(session, steps, { wary: 'at first' });
    const heard = asked.map((one, index): HeardOne => ({ mail: null, rcpt: null, ...played[index], asked: one }));
    return { auth, heard, cut };
  } catch (error) {
    return { auth: false, heard: [], cut: troubleOf(error) };
  }
}

const isAnswered = ({ mail, rcpt }: HeardOne): boolean => rcpt !== null || (mail !== null && !isPositive(mail.reply));

const isCrowded = ({ rcpt }: HeardOne): boolean =>
  rcpt !== null && meaningOf(rcpt.reply, { stage: 'rcpt' }) === 'limit-recipients-per-message';

/** A round with what was answered in one more session. */
function withHeard(round: RecipientsRound, heard: readonly HeardOne[]): RecipientsRound {
  const answers = heard.flatMap(({ asked: { name, recipient }, rcpt }) =>
    name === null || rcpt === null ? [] : [{ name, recipient, exchange: rcpt }],
  );
  const ownSenders = heard.flatMap(({ asked: { name, sender, recipient }, mail, rcpt }) =>
    name === null ? [{ sender, recipient, mail, rcpt }] : [],
  );
  const mail = heard.find(({ asked }) => asked.name !== null)?.mail ?? null;
  return {
    ...round,
    mail: round.mail ?? mail,
    answers: [...round.answers, ...answers],
    ownSenders: [...round.ownSenders, ...ownSenders],
  };
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
