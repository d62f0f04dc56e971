import type { Doubt } from '../model/judgement.ts';
import { cite, isPositive, type Reply } from '../model/reply.ts';
import { meaningOf } from '../mta/reply-meaning.ts';
import type { SmtpSession } from '../wire/session.ts';
import { WireError } from '../wire/wire-error.ts';

/** What a refused command means for whoever needed it: a limiter's refusal is no answer to the command. */
export function refusedBy(reply: Reply, command: string, doubt: Doubt): WireError {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${command} was refused: "${reply.lines[0].text}"`;
  return new WireError(limited ? 'throttled' : doubt, because, [cite(reply)], reply);
}

/** EHLO, or the `WireError` that its refusal is; a refusal counts only in step, as a stray reply looks like one. */
export async function sayHello(session: SmtpSession, name: string): Promise<void> {
  const { reply } = await session.hello(name);
  if (isPositive(reply)) return;
  const slip = await session.leave();
  throw slip?.doubt === 'ambiguous' ? slip : refusedBy(reply, `EHLO ${name}`, 'client-blocked');
}
