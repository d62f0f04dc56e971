import { cite, type Exchange, isNegative, isPositive } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { trouble } from '../../model/trouble.ts';
import { type FormOutcome, untested } from './form-outcome.ts';
import type { RelayForm } from './forms.ts';
import type { Confirmation, RelayPhase } from './phase.ts';

/** What a 2xx to a form means: little where any local part is taken, and nothing unless it is given twice. */
export function ofAcceptance(
  id: string,
  rcpt: Exchange,
  { ownHost, ...form }: RelayForm,
  phase: RelayPhase,
): FormOutcome {
  const first = cite(rcpt.reply);
  const doubt = (because: string, ...more: readonly Cite[]) =>
    trouble('ambiguous', 'reply', because, [first, ...more], { reply: rcpt.reply });
  if (ownHost !== null) {
    const stranger = phase.strangers.find(({ host }) => host === ownHost)?.exchange;
    if (stranger === undefined)
      return untested(id, doubt('accepted, but whether any local part is taken there could not be asked'));
    if (!isNegative(stranger.reply)) return untested(id, doubt(takenAnyway, cite(stranger.reply)));
  }
  const again = phase.confirmations.find((confirmation) => confirmation.id === form.id);
  // Only some of many acceptances are asked again; the others stand or fall with those.
  if (again === undefined)
    return phase.confirmations.some(isConfirmed)
      ? { kind: 'accepted', id, evidence: [first] }
      : untested(id, doubt('accepted once, not asked again'));
  if (again.rcpt !== null && isConfirmed(again))
    return { kind: 'accepted', id, evidence: [cite(again.rcpt.reply), first] };
  const second = again.rcpt === null ? [] : [cite(again.rcpt.reply)];
  if (again.cut === null)
    return untested(id, doubt('accepted once, and answered otherwise when asked again', ...second));
  const because = `accepted once; asking again failed: ${again.cut.because}`;
  return untested(id, { ...again.cut, because, evidence: [first, ...second, ...again.cut.evidence] });
}

/** Nothing tells a catch-all from a server that takes the address apart and sends it on. */
const takenAnyway =
  'accepted where any local part is taken: it may be kept there or sent on, and only its own log tells';

function isConfirmed({ rcpt, quit, inStep }: Confirmation): boolean {
  return rcpt !== null && isPositive(rcpt.reply) && (inStep ?? quit?.reply.code === 221);
}
