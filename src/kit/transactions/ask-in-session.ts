import { isPositive } from '../../model/reply.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { type Played, play, type Step } from './play.ts';
import type { Transaction, TransactionAnswer } from './transaction.ts';

export interface InSession {
  /** A recipient of the server's own, asked in every session. */
  readonly control: string;
  /** The server has refused a sender at MAIL: wait for each answer to MAIL before RCPT. */
  readonly wary: boolean;
  /**
   * Where the control stands: in one transaction with another recipient; in its own, where one recipient is all that is
   * taken; nowhere.
   */
  readonly controls: 'together' | 'apart' | 'none';
  /** This server refuses in words that can be read only beside a control: ask one for every sender. */
  readonly doubtful: boolean;
  /** Commands outside a transaction that the session may hold. */
  readonly nonMail: number;
}

/**
 * Asks transactions in one session. The control comes first, so that it is heard where the server hangs up at the first
 * refusal; and once, for another sender only where an answer cannot be read without it: each accepted recipient makes
 * Postfix open a queue file and spend one of the tokens of `in_flow_delay`.
 */
export async function askInSession(session: SmtpSession, batch: readonly Transaction[], options: InSession) {
  const { control, controls, wary, nonMail } = options;
  const first = await play(session, stepsFor(batch, options), { wary });
  const room = controls === 'none' ? 0 : Math.max(0, nonMail - session.spent.nonMail);
  const inDoubt = first.cut === null ? sendersInDoubt(first.played, control).slice(0, room) : [];
  const steps = inDoubt.map((sender) => ({ sender, recipients: [control] }));
  const second = steps.length === 0 ? null : await play(session, steps, { wary });
  const played = [...first.played, ...(second?.played ?? [])];
  const heard = (sender: string, recipient: string) =>
    played.find((one) => one.sender === sender && one.recipient === recipient);
  return batch.map(({ id, sender, recipient }): TransactionAnswer => {
    const { mail = null, rcpt = null } = heard(sender, recipient) ?? {};
    const answered = rcpt !== null || (mail !== null && !isPositive(mail.reply));
    const cut = answered ? null : first.cut;
    return {
      id,
      sender,
      recipient,
      session: session.id,
      mail,
      rcpt,
      control: heard(sender, control)?.rcpt ?? null,
      cut,
    };
  });
}

/** The first transaction, or the first of each sender, holds the control too. */
function stepsFor(batch: readonly Transaction[], { control, controls, doubtful }: InSession): Step[] {
  const senders = new Set<string>();
  return batch.flatMap(({ sender, recipient }): Step[] => {
    const needsControl = senders.size === 0 || (doubtful && !senders.has(sender));
    senders.add(sender);
    if (!needsControl || controls === 'none') return [{ sender, recipients: [recipient] }];
    return controls === 'apart'
      ? [control, recipient].map((to) => ({ sender, recipients: [to] }))
      : [{ sender, recipients: [control, recipient] }];
  });
}

/** Refusals that mean something only beside a control. */
export const meaningsInDoubt: readonly Meaning[] = [
  'relay-or-unknown',
  'unknown-user',
  'address-syntax',
  'refused-permanent',
];

/** Senders without a control whose recipient was refused in words that mean something only beside one. */
function sendersInDoubt(played: readonly Played[], control: string): string[] {
  const controlled = new Set(played.filter(({ recipient }) => recipient === control).map(({ sender }) => sender));
  const inDoubt = played.filter(({ sender, recipient, rcpt }) => {
    if (rcpt === null || isPositive(rcpt.reply) || controlled.has(sender)) return false;
    return meaningsInDoubt.includes(meaningOf(rcpt.reply, { stage: 'rcpt', sender, recipient }));
  });
  return [...new Set(inDoubt.map(({ sender }) => sender))];
}
