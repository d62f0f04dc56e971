import type { Role } from '../model/endpoint.ts';
import { type Inconclusive, inconclusive, type Measured } from '../model/judgement.ts';
import { cite, type Exchange, isPositive, offers, type Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import type { Doubt, Trouble } from '../model/trouble.ts';
import type { Vantage } from '../model/vantage.ts';
import { type Meaning, meaningOf, type Reading, readingOf } from '../mta/reply-meaning.ts';
import { troubleOf } from '../wire/trouble-error.ts';
import type { Wire } from './probe.ts';
import { doubtOf as doubtOfRefusal, explain as explainRefusal } from './relay/outcome.ts';
import { domainOf, randomLocalPart, registrableDomain, type Subject } from './subject.ts';

/** Why a recipient is asked for. `known`: the mailbox that the user named. */
export type Name = 'known' | 'random' | 'bare-postmaster' | 'postmaster' | 'abuse';

export interface RecipientAnswer {
  readonly name: Name;
  readonly recipient: string;
  readonly exchange: Exchange;
}

/** MAIL from an address of the server's own, and RCPT to one of its own. */
export interface OwnSenderAnswer {
  readonly sender: string;
  readonly recipient: string;
  readonly mail: Exchange | null;
  readonly rcpt: Exchange | null;
}

/** One sender's round of recipients, in clear or inside TLS. JSON-safe. */
export interface RecipientsRound {
  readonly tls: boolean;
  readonly helo: string;
  readonly sender: string;
  /** Where the names stand; null: no domain of the server's is known, and only `<postmaster>` was asked for. */
  readonly domain: string | null;
  /** Whether EHLO offered AUTH here. */
  readonly auth: boolean;
  readonly mail: Exchange | null;
  readonly answers: readonly RecipientAnswer[];
  readonly ownSenders: readonly OwnSenderAnswer[];
  readonly cut: Trouble | null;
}

/** All rounds; the last one is the one to judge. */
export interface RecipientsData {
  readonly rounds: readonly RecipientsRound[];
  readonly role: Role;
  readonly vantage: Vantage;
  /** Whether the user named the domain. */
  readonly domainGiven: boolean;
}

/** Another round for TLS, for the null sender, and for each further guess at the domain. */
const roundLimit = 5;

/** Asks for recipients, never beyond RCPT; again inside TLS, from `<>` or at another domain where the answer asks for that. */
export async function askRecipients(wire: Wire, serverName: string | null): Promise<RecipientsRound[]> {
  const { subject } = wire;
  const domains = domainsOf(subject, serverName);
  const senders = [subject.sender, ''];
  let tls = subject.endpoint.tls === 'implicit';
  const rounds: RecipientsRound[] = [];
  while (rounds.length < roundLimit) {
    const round = await askRound(wire, { tls, sender: senders[0] ?? '', domain: domains[0] ?? null });
    rounds.push(round);
    const reading = readingOfRound(round);
    if (reading === null) break;
    const { meaning, about } = reading;
    // A submission port that offers AUTH refuses in such words whatever the domain is.
    const forAuth = round.auth && subject.endpoint.role !== 'mx';
    const ofSender = meaning === 'sender-rejected' || (meaning === 'our-domain' && about === 'sender');
    if (meaning === 'tls-required' && !tls) tls = true;
    else if (ofSender && senders.length > 1) senders.shift();
    else if ((meaning === 'relay-denied' || (meaning === 'relay-or-unknown' && !forAuth)) && domains.length > 1)
      domains.shift();
    else break;
  }
  return rounds;
}

/** The user's word, else what the names of target and server suggest, best first. */
function domainsOf({ recipient, domain, domainGiven }: Subject, serverName: string | null): string[] {
  const ofRecipient = recipient === null ? null : domainOf(recipient);
  if (ofRecipient !== null) return [ofRecipient];
  const guesses = domainGiven || serverName === null ? [domain] : [domain, registrableDomain(serverName), serverName];
  return [...new Set(guesses)].filter((guess) => guess !== null);
}

/** A command of the flight, and what its reply is for. */
type Line = { command: string; name?: Name; recipient?: string; ownSender?: string };

async function askRound(
  wire: Wire,
  plan: { tls: boolean; sender: string; domain: string | null },
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
    const heard = lines
      .slice(0, exchanges.length)
      .map((line, index) => ({ line, exchange: exchanges[index] as Exchange }));
    return { ...base, auth, mail, ...sorted(heard), cut: cut };
  } catch (error) {
    return { ...base, cut: troubleOf(error) };
  }
}

function linesOf(
  { recipient, endpoint }: Subject,
  { sender, domain }: { sender: string; domain: string | null },
): Line[] {
  const at = (local: string) => `${local}@${domain}`;
  const named: { name: Name; recipient: string }[] = [
    // First, so that the answers to the known and the random names, whose times are compared, each follow another.
    { name: 'bare-postmaster', recipient: 'postmaster' },
    ...(recipient === null ? [] : [{ name: 'known' as const, recipient }]),
    ...(domain === null
      ? []
      : [
          { name: 'random' as const, recipient: at(randomLocalPart()) },
          { name: 'random' as const, recipient: at(randomLocalPart()) },
          { name: 'postmaster' as const, recipient: at('postmaster') },
          { name: 'abuse' as const, recipient: at('abuse') },
        ]),
  ];
  // A bounce has one recipient (Postfix `reject_multi_recipient_bounce`).
  const between = sender === '' ? [{ command: 'RSET' }, { command: 'MAIL FROM:<>' }] : [];
  const lines = named.flatMap((each, index): Line[] => [
    ...(index === 0 ? [] : between),
    { command: `RCPT TO:<${each.recipient}>`, ...each },
  ]);
  if (domain === null || endpoint.role !== 'mx') return [...lines, { command: 'RSET' }];
  const to = recipient ?? at('postmaster');
  const own = [...new Set([to, at('postmaster')])].flatMap((ownSender): Line[] => [
    { command: 'RSET' },
    { command: `MAIL FROM:<${ownSender}>`, ownSender, recipient: to },
    { command: `RCPT TO:<${to}>`, ownSender, recipient: to },
  ]);
  return [...lines, ...own, { command: 'RSET' }];
}

function sorted(heard: readonly { line: Line; exchange: Exchange }[]): Pick<RecipientsRound, 'answers' | 'ownSenders'> {
  const answers = heard.flatMap(({ line: { name, recipient }, exchange }) =>
    name === undefined || recipient === undefined ? [] : [{ name, recipient, exchange }],
  );
  const senders = new Map<string, OwnSenderAnswer>();
  for (const { line, exchange } of heard) {
    const { ownSender: sender, recipient } = line;
    if (sender === undefined || recipient === undefined) continue;
    const before = senders.get(sender) ?? { sender, recipient, mail: null, rcpt: null };
    senders.set(sender, before.mail === null ? { ...before, mail: exchange } : { ...before, rcpt: exchange });
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

// What judges read.

/** An answer with its meaning. */
export interface Heard extends RecipientAnswer {
  readonly meaning: Meaning;
}

/** What was heard of each name in the last round. */
export interface HeardNames {
  readonly known: Heard | null;
  readonly randoms: readonly Heard[];
  readonly bare: Heard | null;
  readonly postmaster: Heard | null;
  readonly abuse: Heard | null;
}

export function lastRound({ rounds }: RecipientsData): RecipientsRound {
  const round = rounds.at(-1);
  if (round === undefined) throw new Error('there is no round of recipients');
  return round;
}

export function hear({ answers, sender, helo }: RecipientsRound): HeardNames {
  const heard = answers.map((answer): Heard => {
    const { recipient, exchange } = answer;
    return { ...answer, meaning: meaningOf(exchange.reply, { stage: 'rcpt', sender, helo, recipient }) };
  });
  const one = (name: Name) => heard.find((answer) => answer.name === name) ?? null;
  return {
    known: one('known'),
    randoms: heard.filter(({ name }) => name === 'random'),
    bare: one('bare-postmaster'),
    postmaster: one('postmaster'),
    abuse: one('abuse'),
  };
}

/** The one meaning that all of them have; null where they differ, or there are none. */
export function commonMeaning(heard: readonly Heard[]): Meaning | null {
  const meanings = new Set(heard.map(({ meaning }) => meaning));
  return meanings.size === 1 ? ([...meanings][0] ?? null) : null;
}

/** The sender was refused, or the dialogue ended before any recipient: why nothing can be said. Null where something can. */
export function untoldRound(data: RecipientsData, measured: Measured): Inconclusive | null {
  const round = lastRound(data);
  const { mail, cut, answers, sender, helo } = round;
  if (answers.length > 0) return null;
  const inClear = data.rounds.find(({ tls }) => !tls)?.mail ?? null;
  const tlsFirst = round.tls && inClear !== null && !isPositive(inClear.reply) ? inClear : null;
  const before = tlsFirst === null ? [] : [cite(tlsFirst.reply)];
  const says = before.length === 0 ? '' : 'in clear it wants TLS first, and inside TLS: ';
  if (mail !== null && !isPositive(mail.reply)) {
    const meaning = meaningOf(mail.reply, { stage: 'mail', sender, helo });
    return inconclusive(
      doubtOf(meaning),
      `${says}MAIL is refused: ${explain(meaning)}`,
      [...before, cite(mail.reply)],
      { measured },
    );
  }
  const { doubt, because, evidence } = cut ?? { doubt: 'ambiguous', because: 'no reply to RCPT', evidence: [] };
  return inconclusive(doubt, `${says}${because}`, [...before, ...evidence], { measured });
}

/** No answer about the names, although the server talks: no domain to ask at, or the dialogue ended too soon. */
export function untoldNames({ domain, cut, answers }: RecipientsRound, measured: Measured): Inconclusive {
  if (domain === null)
    return inconclusive('prerequisite', `no domain of its own is known: ${nameThem}`, evidenceOf(answers), {
      measured,
    });
  const { doubt, because, evidence } = cut ?? {
    doubt: 'ambiguous' as const,
    because: 'no reply to RCPT',
    evidence: [],
  };
  return inconclusive(doubt, because, [...evidenceOf(answers), ...evidence], { measured });
}

export const nameThem = 'name one with --domain, or a mailbox with --recipient';

/** What to say of an answer that does not serve: it speaks of us or of the moment, or the name was not a good one to ask for. */
export function untoldName({ exchange, meaning, recipient }: Heard, measured: Measured): Inconclusive {
  const at = [cite(exchange.reply)];
  if (meaning === 'relay-denied')
    return inconclusive('prerequisite', `${domainOf(recipient)} is no domain of its own: ${nameThem}`, at, {
      measured,
    });
  if (meaning === 'relay-or-unknown') {
    return inconclusive(
      'prerequisite',
      `its refusal fits both an unknown name and a domain that is not its own: ${nameThem}`,
      at,
      { measured },
    );
  }
  if (meaning === 'unknown-user')
    return inconclusive(
      'prerequisite',
      `it calls ${recipient} unknown: name a mailbox that exists with --recipient`,
      at,
      { measured },
    );
  return inconclusive(doubtOf(meaning), explain(meaning), at, { measured });
}

/**
 * Whether a refusal means that everybody without AUTH is refused: it says so, or it is Postfix's bare "Access denied" where AUTH is offered
 * (`permit_sasl_authenticated, reject` among client or recipient restrictions). A block list gives a reason, and is none.
 */
export function demandsAuth(reply: Reply, meaning: Meaning, authOffered: boolean): boolean {
  if (meaning === 'auth-required') return true;
  return (
    authOffered && /^<[^>]*>: (client host|recipient address) rejected: access denied\.?$/i.test(withoutCode(reply))
  );
}

const withoutCode = ({ text }: Reply): string => text.replace(/^[245]\.\d{1,3}\.\d{1,3} /, '').trim();

/** The doubt that a reply leaves which says nothing of the name. */
export function doubtOf(meaning: Meaning): Doubt {
  return meaning === 'our-domain' ? 'sender-rejected' : doubtOfRefusal(meaning);
}

/** Half a sentence on such a reply. */
export function explain(meaning: Meaning): string {
  const said: Partial<Record<Meaning, string>> = {
    'our-domain': 'it refuses the domain of our sender: give one that resolves and takes mail with --sender',
    'server-error': 'something failed on the server',
    'idle-timeout': 'it did not wait for us',
  };
  return (
    said[meaning] ?? (doubtOf(meaning) === 'ambiguous' ? 'the reply is neither yes nor no' : explainRefusal(meaning))
  );
}

/** Where the server may treat us better than strangers, half a sentence on it. */
export function seenFrom(vantage: Vantage): string {
  return vantage === 'outside'
    ? ''
    : ` (seen from a ${vantage} address, which the server may trust: scan again from outside)`;
}

const evidenceOf = (answers: readonly RecipientAnswer[]): Cite[] =>
  answers.slice(0, 2).map(({ exchange }) => cite(exchange.reply));
