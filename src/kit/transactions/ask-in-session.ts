import { isPositive } from '../../model/reply.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { Flights, Slot } from './flights.ts';
import type { Transaction, TransactionAnswer } from './transaction.ts';

export interface InSession {
  /** A recipient of the server's own, asked in every session. */
  readonly control: string;
  /** The server has refused a sender at MAIL: wait for each answer to MAIL before RCPT. */
  readonly wary: boolean;
  /** This server refuses in words that can be read only beside a control: ask one for every sender. */
  readonly doubtful?: boolean;
  /** Commands outside a transaction that the session may hold. */
  readonly nonMail: number;
  /** Nothing else is asked in it. */
  readonly isLast?: boolean;
}

/**
 * Asks transactions in one session. The control is asked once, beside the first; for another sender only where an answer cannot be read
 * without it: each accepted recipient makes Postfix open a queue file and spend one of the tokens of `in_flow_delay`.
 */
export async function askInSession(
  session: SmtpSession,
  batch: readonly Transaction[],
  { control, wary, doubtful, nonMail, isLast = true }: InSession,
) {
  const flights = new Flights(session);
  const controls = new Map<string, Slot>();
  const pending: Pending[] = [];
  for (const transaction of batch) {
    const { sender, recipient } = transaction;
    const mail = flights.add(`MAIL FROM:<${sender}>`);
    const rcpt = new Slot();
    pending.push({ transaction, mail, rcpt });
    // A refused MAIL makes every RCPT behind it a mistake of ours: where that is to be feared, ask first.
    if (!session.pipelines || wary || isOddSender(sender)) {
      await flights.fly();
      if (flights.cut !== null) break;
      if (mail.exchange === null || !isPositive(mail.exchange.reply)) continue;
    }
    flights.add(`RCPT TO:<${recipient}>`, rcpt);
    if (controls.size === 0 || (doubtful && !controls.has(sender)))
      controls.set(sender, flights.add(`RCPT TO:<${control}>`));
    flights.add('RSET');
  }
  await flights.fly();
  const room = Math.max(0, nonMail - session.spent.nonMail);
  for (const sender of [...sendersInDoubt(pending, controls)].slice(0, room)) {
    flights.add(`MAIL FROM:<${sender}>`);
    controls.set(sender, flights.add(`RCPT TO:<${control}>`));
    flights.add('RSET');
  }
  await flights.fly();
  const cut = flights.cut ?? (isLast && pending.some(isTurnedAway) ? await session.leave() : null);
  const trusted = cut === null || (cut.doubt !== 'ambiguous' && cut.doubt !== 'timeout');
  return pending.map((one): TransactionAnswer => {
    const { transaction, mail, rcpt } = one;
    const answered = rcpt.exchange !== null || (isTurnedAway(one) && trusted);
    const { id, sender, recipient } = transaction;
    return {
      id,
      sender,
      recipient,
      session: session.id,
      mail: mail.exchange,
      rcpt: rcpt.exchange,
      control: controls.get(sender)?.exchange ?? null,
      cut: answered ? null : cut,
    };
  });
}

/** A transaction that was begun, and the places for its answers. */
interface Pending {
  readonly transaction: Transaction;
  readonly mail: Slot;
  readonly rcpt: Slot;
}

const isTurnedAway = ({ mail }: Pending): boolean => mail.exchange !== null && !isPositive(mail.exchange.reply);

/** Refusals that mean something only beside a control. */
export const meaningsInDoubt: readonly Meaning[] = [
  'relay-or-unknown',
  'unknown-user',
  'address-syntax',
  'refused-permanent',
];

/** Senders whose recipient was refused in words that mean something only beside a control. */
function sendersInDoubt(pending: readonly Pending[], controls: ReadonlyMap<string, Slot>): Set<string> {
  const inDoubt = pending.filter(({ transaction: { sender, recipient }, rcpt }) => {
    if (rcpt.exchange === null || isPositive(rcpt.exchange.reply) || controls.has(sender)) return false;
    const meaning = meaningOf(rcpt.exchange.reply, { stage: 'rcpt', sender, recipient });
    return meaningsInDoubt.includes(meaning);
  });
  return new Set(inDoubt.map(({ transaction }) => transaction.sender));
}

/** No domain, or a literal: a form that many servers call a syntax error at MAIL already. */
const isOddSender = (sender: string): boolean => sender !== '' && !/@[^[]/.test(sender);
