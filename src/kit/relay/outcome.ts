import { cite, type Exchange, isNegative, isPositive } from '../../model/reply.ts';
import { trouble } from '../../model/trouble.ts';
import { type Meaning, meaningOf, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import type { TransactionAnswer } from '../transactions/transaction.ts';
import { ofAcceptance } from './acceptance.ts';
import { relayDoubt, relayWords } from './doubts.ts';
import { byReply, type FormOutcome, phaseId, unasked, untested } from './form-outcome.ts';
import { isPlain, type RelayForm } from './forms.ts';
import { readingOutside } from './outside.ts';
import type { RelayPhase } from './phase.ts';

/**
 * The outcome of every form of a phase. `closedToStrangers`: a submission port that refuses everyone without AUTH, its
 * own recipients too.
 */
export function outcomesOf(phase: RelayPhase, closedToStrangers: boolean): FormOutcome[] {
  return phase.shapes.map((form) => {
    const answer = phase.answers.find(({ id }) => id === form.id);
    const id = phaseId(phase, form.id);
    return answer === undefined ? untested(id, unasked) : outcomeOf({ ...answer, id }, form, phase, closedToStrangers);
  });
}

function outcomeOf(
  answer: TransactionAnswer,
  form: RelayForm,
  phase: RelayPhase,
  closedToStrangers: boolean,
): FormOutcome {
  const { id, mail, rcpt, control, cut, sender } = answer;
  // The one EHLO that can be refused in the middle is the one under their name.
  if (cut !== null) return untested(id, cut, form.heloOf === 'theirs' && cut.verb === 'EHLO');
  if (mail !== null && !isPositive(mail.reply))
    return ofMail(id, mail, meaningOf(mail.reply, { stage: 'mail', sender }));
  if (rcpt === null) return untested(id, noReply);
  const meaning = meaningFor(answer, rcpt, form);
  if (meaning === 'accepted') return ofAcceptance(id, rcpt, form, phase);
  const taken = isTaken(control) || isTaken(controlOfOpening(phase, sender));
  return ofRefusal(id, rcpt, { meaning, isControlled: taken || closedToStrangers, mayNotExist: mayNotExist(form) });
}

const noReply = trouble('ambiguous', 'unknown', 'no reply to RCPT');

/**
 * What the recipient was told; one that is plainly somebody else's is read otherwise than one at a place of the
 * server's own.
 */
function meaningFor({ sender, recipient }: TransactionAnswer, { reply }: Exchange, { ownHost }: RelayForm): Meaning {
  const isOutside = ownHost === null && !recipient.startsWith('@');
  const read = (): Reading =>
    isOutside ? readingOutside(reply, { sender, recipient }) : readingOf(reply, { stage: 'rcpt', sender, recipient });
  const { meaning, about } = read();
  return meaning === 'our-domain' && about === 'sender' ? 'sender-rejected' : meaning;
}

/**
 * `user@own.domain.outside`, and further outside domains: whether such a domain takes mail is not for us to say, and
 * another form tells.
 */
const mayNotExist = ({ id }: RelayForm): boolean => />(name-in-domain$|plain@)/.test(id);

const isTaken = (exchange: Exchange | null): boolean => exchange !== null && isPositive(exchange.reply);

/** What the server said to its own recipient when the phase began, where the sender is the same. */
function controlOfOpening({ openings }: RelayPhase, sender: string): Exchange | null {
  const last = openings.at(-1);
  return last?.sender === sender
    ? (last.controls.find(({ exchange }) => isPositive(exchange.reply))?.exchange ?? null)
    : null;
}

function ofMail(id: string, mail: Exchange, meaning: Meaning): FormOutcome {
  if (meaning === 'auth-required' || meaning === 'tls-required')
    return { kind: 'refused', id, evidence: [cite(mail.reply)] };
  const doubt = relayDoubt(meaning);
  // Turned away because of the sender: this form opens nothing, whatever the server thinks of relaying.
  const excused = meaning === 'sender-rejected' || (doubt === 'ambiguous' && isNegative(mail.reply));
  return untested(id, byReply(excused ? 'sender-rejected' : doubt, 'the sender was refused', mail.reply), excused);
}

const ofRelaying: readonly Meaning[] = ['relay-denied', 'auth-required', 'tls-required'];
const ofRecipient: readonly Meaning[] = ['relay-or-unknown', 'unknown-user', 'address-syntax', 'refused-permanent'];
const ofUs: readonly Meaning[] = ['sender-rejected', 'helo-rejected'];

interface Refusal {
  readonly meaning: Meaning;
  /** A recipient of the server's own was taken from the same sender. */
  readonly isControlled: boolean;
  readonly mayNotExist: boolean;
}

/** A form that it cannot parse opens nothing, whoever asks. */
const isSyntaxOf = (id: string, meaning: Meaning): boolean => meaning === 'address-syntax' && !isPlain({ id });

/**
 * Only words of relaying refuse relaying, with whatever code; beside a control, words that can only be meant for the
 * recipient do too.
 */
function ofRefusal(id: string, rcpt: Exchange, { meaning, isControlled, mayNotExist }: Refusal): FormOutcome {
  const aboutRecipient = ofRecipient.includes(meaning);
  if (ofRelaying.includes(meaning) || (aboutRecipient && (isControlled || isSyntaxOf(id, meaning))))
    return { kind: 'refused', id, evidence: [cite(rcpt.reply)] };
  const because = aboutRecipient ? 'refused, in words that need not mean relaying' : relayWords(meaning);
  const excused = ofUs.includes(meaning) || (mayNotExist && (meaning === 'our-domain' || meaning === 'unroutable'));
  return untested(id, byReply(relayDoubt(meaning), because, rcpt.reply), excused);
}
