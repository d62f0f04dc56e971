import { cite, type Exchange, isPositive, type Reply } from '../model/reply.ts';
import { type Doubt, type Trouble, trouble } from '../model/trouble.ts';
import { meaningOf, type Said } from '../mta/reply-meaning.ts';
import { stageOf } from '../mta/stages.ts';
import { doubtOf, reasonOf } from '../mta/unanswered.ts';
import type { SmtpSession } from '../wire/session.ts';
import { TroubleError } from '../wire/trouble-error.ts';
import { askControl, rejectedSession } from './control.ts';
import { checkStep } from './step.ts';
import type { Subject } from './subject.ts';

/** What a refused command means for whoever needed it: by its words, `doubt` where they say nothing else. */
export function refusedBy(reply: Reply, verb: string, doubt: Doubt, said: Omit<Said, 'stage'> = {}): Trouble {
  const meaning = meaningOf(reply, { stage: stageOf(verb), ...said });
  const byWords = doubtOf(meaning);
  const reason = reasonOf(meaning);
  const because = `${verb} is refused: "${reply.lines[0].text}"${reason === null ? '' : `: ${reason}`}`;
  return trouble(byWords === 'ambiguous' ? doubt : byWords, 'reply', because, [cite(reply)], { reply, verb });
}

/**
 * The same with a control in the same session, which tells a refusal of the command from one of the session as such.
 */
export async function refusalOf(
  session: SmtpSession,
  { reply }: Exchange,
  verb: string,
  doubt: Doubt,
  subject: Pick<Subject, 'sender' | 'allow'>,
): Promise<TroubleError> {
  const control = await askControl(session, subject);
  return new TroubleError(rejectedSession(reply, control) ?? refusedBy(reply, verb, doubt));
}

/** EHLO, or the `TroubleError` that its refusal is; a refusal counts only in step, as a stray reply looks like one. */
export async function sayHello(session: SmtpSession, name: string): Promise<void> {
  const { reply } = await session.hello(name);
  if (isPositive(reply)) return;
  const slip = await checkStep(session);
  throw new TroubleError(slip ?? refusedBy(reply, 'EHLO', 'ambiguous', { helo: name }));
}
