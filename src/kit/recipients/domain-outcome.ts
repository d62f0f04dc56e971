import { cite, type Exchange, isNegative, isPositive } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { type Meaning, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import { doubtOf, explain } from '../../mta/unanswered.ts';
import type { RelayData } from '../relay/observed.ts';
import { openingMeaning } from '../relay/opening-reading.ts';
import { areRefusedAlike } from '../same-words.ts';
import { doubtOfMail } from '../senders.ts';
import { domainOf } from '../subject.ts';
import type { TransactionAnswer } from '../transactions/transaction.ts';
import { hear } from './hear.ts';
import { lastRound, type RecipientsData } from './round.ts';

/** Whether a server takes the mail of a domain. `taken` and `refused` quote the reply that says so. */
export type DomainOutcome =
  | { readonly kind: 'taken'; readonly domain: string; readonly at: Cite }
  | { readonly kind: 'refused'; readonly domain: string; readonly at: Cite; readonly isRelaying: boolean }
  | { readonly kind: 'untold'; readonly domain: string; readonly trouble: Trouble };

/** What other probes saw of the same server, and what a reply means beside it. */
export interface Beside {
  readonly relay: RelayData | undefined;
  readonly recipients: RecipientsData | undefined;
}

/** Recipients of a domain to ask for: the mailbox that the user named, if it lies there, and postmaster. */
export const recipientsAt = (domain: string, known: string | null): string[] => [
  ...(isAt(known, domain) ? [known] : []),
  `postmaster@${domain}`,
];

const isAt = (known: string | null, domain: string): known is string => known !== null && domainOf(known) === domain;

interface Asked {
  readonly domain: string;
  readonly known: string | null;
  readonly helo: string;
  readonly answers: readonly TransactionAnswer[];
}

/** What the answers to the recipients of a domain come to. */
export function domainOutcome({ domain, known, helo, answers }: Asked, beside: Beside): DomainOutcome {
  const own = recipientsAt(domain, known).flatMap((to) => answers.filter(({ recipient }) => recipient === to));
  const heard = own.flatMap((answer) => heardOf(answer, helo));
  const untold = (met: Trouble): DomainOutcome => ({ kind: 'untold', domain, trouble: met });
  const taken = heard.find(({ meaning }) => meaning === 'accepted');
  if (taken !== undefined) {
    return outsideMeaning(beside) === 'accepted' && !refusesStrangersAt(domain, beside)
      ? untold(trouble('ambiguous', 'reply', 'it takes mail for outside too, so that this says nothing', [taken.at]))
      : { kind: 'taken', domain, at: taken.at };
  }
  const relayed = heard.find(isOfDomain);
  if (relayed !== undefined)
    return { kind: 'refused', domain, at: relayed.at, isRelaying: relayed.meaning === 'relay-denied' };
  // It knows who is a user there, and calls what lies outside a relay.
  const unknown = heard.find(({ meaning }) => meaning === 'unknown-user');
  if (unknown !== undefined && outsideMeaning(beside) === 'relay-denied')
    return { kind: 'taken', domain, at: unknown.at };
  const [first] = heard;
  if (first === undefined) return untold(unheard(own, helo));
  if (isSessionRefused(own, helo))
    return untold(trouble('ambiguous', 'rejected-session', 'it refuses every recipient in the same words', [first.at]));
  // A mailbox that exists, by the user's word, is refused as one outside is.
  const existing = heard.find(({ recipient }) => recipient === known);
  if (existing?.meaning === 'relay-or-unknown' && outsideMeaning(beside) === 'relay-or-unknown')
    return { kind: 'refused', domain, at: existing.at, isRelaying: false };
  return untold(ofRefusal(first));
}

type Heard = Reading & { readonly recipient: string; readonly at: Cite };

/** A recipient is heard of where its sender was taken. */
function heardOf({ mail, rcpt, sender, recipient }: TransactionAnswer, helo: string): Heard[] {
  if (rcpt === null || (mail !== null && isNegative(mail.reply))) return [];
  return [{ ...readingOf(rcpt.reply, { stage: 'rcpt', sender, helo, recipient }), recipient, at: cite(rcpt.reply) }];
}

/** The domain is what is refused: as one of others, or as one that does not exist or takes no mail. */
const isOfDomain = ({ meaning, about }: Reading): boolean =>
  meaning === 'relay-denied' || (meaning === 'our-domain' && about === 'recipient');

/** Either the user or the domain. */
const ofEither: readonly Meaning[] = ['relay-or-unknown', 'unknown-user', 'refused-permanent', 'address-syntax'];

function ofRefusal({ meaning, at }: Heard): Trouble {
  if (!ofEither.includes(meaning)) return trouble(doubtOf(meaning), 'reply', explain(meaning), [at]);
  const because =
    'its refusal fits both an unknown user and a domain of others: name a mailbox that exists with --recipient';
  return trouble('prerequisite', 'reply', because, [at]);
}

/** Nothing was told of a recipient: the sender was refused, or the dialogue ended. */
function unheard(own: readonly TransactionAnswer[], helo: string): Trouble {
  const cut = own.find((answer) => answer.cut !== null)?.cut ?? null;
  const refused = own.find(({ mail }) => mail !== null && isNegative(mail.reply));
  if (cut !== null || refused?.mail === undefined || refused.mail === null)
    return cut ?? trouble('ambiguous', 'unknown', 'no reply to RCPT');
  const { meaning } = readingOf(refused.mail.reply, { stage: 'mail', sender: refused.sender, helo });
  return trouble(doubtOfMail(meaning), 'reply', `MAIL is refused: ${explain(meaning)}`, [cite(refused.mail.reply)]);
}

/** The recipients, and `<postmaster>` beside them, are refused in words that speak of none. */
function isSessionRefused(own: readonly TransactionAnswer[], helo: string): boolean {
  const said = (exchange: Exchange | null, sender: string, recipient: string) =>
    exchange === null ? [] : [{ reply: exchange.reply, said: { stage: 'rcpt', sender, helo, recipient } as const }];
  return areRefusedAlike(
    own.flatMap(({ rcpt, control, sender, recipient }) => [
      ...said(rcpt, sender, recipient),
      ...said(control, sender, 'postmaster'),
    ]),
  );
}

/** What a plain recipient outside was told. */
function outsideMeaning({ relay }: Beside): Meaning | null {
  const meanings = (relay?.phases ?? []).flatMap(({ openings }) => openings.map(openingMeaning));
  return meanings.includes('accepted') ? 'accepted' : (meanings.find((one) => one !== null) ?? null);
}

/** Names that nobody has are refused there, so that the domain is known. */
function refusesStrangersAt(domain: string, { recipients }: Beside): boolean {
  if (recipients === undefined) return false;
  const round = lastRound(recipients);
  const { randoms } = hear(round);
  return round.domain === domain && randoms.length > 0 && randoms.every(({ exchange }) => !isPositive(exchange.reply));
}
