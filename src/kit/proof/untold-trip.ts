import { hindered, inconclusive, type Judgement, type Measured } from '../../model/judgement.ts';
import { cite } from '../../model/reply.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import { doubtOf, explain } from '../../mta/unanswered.ts';
import { isTaken, lastAnswer, queueIdOf } from './hand-in.ts';
import type { RoundTrip } from './round-trip.ts';

/** Why a round trip tells nothing; null where the message came out, or was refused at its end for good. */
export function untoldTrip(trip: RoundTrip, measured: Measured): Judgement | null {
  const { inbox, recipient, handed, arrived, unreadable, waitedSeconds } = trip;
  if (inbox === null)
    return inconclusive('prerequisite', 'name a mailbox of your own with --inbox: no message was sent', []);
  if (recipient === null || handed === null)
    return inconclusive('prerequisite', 'say whose mailbox it is with --recipient: no message was sent', []);
  if (arrived !== null) return null;
  if (handed.cut !== null) return hindered(handed.cut, { because: handed.cut.because, measured });
  const last = lastAnswer(handed);
  if (last === null) return inconclusive('ambiguous', 'no answer came', [], { measured });
  const { reply } = last.exchange;
  if (isTaken(handed)) {
    const queueId = queueIdOf(handed);
    const why = unreadable ?? `nothing came in ${waitedSeconds} s`;
    const where = queueId === null ? 'its own log tells' : `look for ${queueId} in its own log`;
    return inconclusive(
      'timeout',
      `it took the message, and in ${inbox} it is not seen: ${why}; ${where}`,
      [cite(reply)],
      {
        measured: { ...measured, queueId },
      },
    );
  }
  const meaning = meaningOf(reply, { stage: last.stage });
  const doubt = doubtOf(meaning);
  const isFirm = reply.code !== null && reply.code >= 500 && doubt === 'ambiguous';
  if (isFirm) return null;
  return inconclusive(doubt, `the message is refused: ${explain(meaning)}`, [cite(reply)], { measured });
}
