import { cite, isPositive, type Reply } from '../model/reply.ts';
import type { Doubt } from '../model/trouble.ts';
import { meaningOf } from '../mta/reply-meaning.ts';
import type { SmtpSession } from '../wire/session.ts';
import { inTrouble, TroubleError } from '../wire/trouble-error.ts';
import { checkStep } from './step.ts';

/** What a refused command means for whoever needed it: a limiter's refusal is no answer to the command. */
export function refusedBy(reply: Reply, verb: string, doubt: Doubt, command: string = verb): TroubleError {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${command} was refused: "${reply.lines[0].text}"`;
  return inTrouble(limited ? 'throttled' : doubt, 'reply', because, [cite(reply)], { reply, verb });
}

/** EHLO, or the `TroubleError` that its refusal is; a refusal counts only in step, as a stray reply looks like one. */
export async function sayHello(session: SmtpSession, name: string): Promise<void> {
  const { reply } = await session.hello(name);
  if (isPositive(reply)) return;
  const slip = await checkStep(session);
  throw slip?.doubt === 'ambiguous'
    ? new TroubleError(slip)
    : refusedBy(reply, 'EHLO', 'client-blocked', `EHLO ${name}`);
}
