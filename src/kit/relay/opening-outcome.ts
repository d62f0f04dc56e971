import { cite, isPositive, isTransient, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import { relayDoubt, relayWords } from './doubts.ts';
import { byReply, phaseId, type Untested, unasked, untested } from './form-outcome.ts';
import { isRejected, openingMeaning } from './opening-reading.ts';
import type { RelayPhase } from './phase.ts';

/** Nobody may talk in clear. */
export interface TlsFirst {
  readonly kind: 'tls-required';
  readonly evidence: readonly [Cite];
}

/** Why a phase went no further than its openings; null where it did. */
export function openingOutcome(phase: RelayPhase): Untested | TlsFirst | null {
  const last = phase.openings.at(-1);
  if (phase.shapes.length > 0) return null;
  const id = phaseId(phase, 'outside>plain');
  if (last === undefined) return untested(id, unasked);
  if (last.cut !== null) return untested(id, last.cut);
  const meaning = openingMeaning(last);
  const reply = (last.mail !== null && !isPositive(last.mail.reply) ? last.mail : last.rcpt)?.reply;
  if (meaning === null || reply === undefined) return untested(id, noReply);
  if (isRejected(phase.openings))
    return untested(id, isTransient(reply) ? putOff(reply) : rejected(reply, last.rcpt === null));
  if (meaning === 'tls-required') return { kind: 'tls-required', evidence: [cite(reply)] };
  return untested(id, byReply(relayDoubt(meaning), relayWords(meaning), reply));
}

const putOff = (reply: Reply): Trouble =>
  trouble('ambiguous', 'put-off', 'it puts everything off in the same words', [cite(reply)], { reply });

function rejected(reply: Reply, atMail: boolean): Trouble {
  const what = atMail ? 'every sender' : 'everything, its own recipients too,';
  const because = `it refuses ${what} in the same words: they speak of us or of this session, not of relaying`;
  return trouble(atMail ? 'sender-rejected' : 'client-blocked', 'rejected-session', because, [cite(reply)], { reply });
}

const noReply = trouble('ambiguous', 'unknown', 'no reply');

/**
 * Whether the server gave its own recipient the very answer it gave the outside one: then the words say nothing of
 * relaying.
 */
export function sameAnswerToControl({ openings }: RelayPhase): boolean {
  const last = openings.at(-1);
  if (last === undefined || last.rcpt === null || last.controls.length === 0) return false;
  const outside = openingMeaning(last);
  return (
    outside === 'relay-denied' &&
    last.controls.every(
      ({ recipient, exchange }) =>
        meaningOf(exchange.reply, { stage: 'rcpt', sender: last.sender, recipient }) === outside,
    )
  );
}
