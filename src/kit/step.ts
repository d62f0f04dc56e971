import { type Exchange, isPositive } from '../model/reply.ts';
import type { Trouble } from '../model/trouble.ts';
import type { SmtpSession } from '../wire/session.ts';
import { troubleOf } from '../wire/trouble-error.ts';

/** What the step is told by. */
type Paired = Pick<SmtpSession, 'helo' | 'ehlo' | 'helloSeconds' | 'say' | 'leave'>;

/**
 * Whether replies and commands still pair up: null where they do. A stray reply looks like an answer to whatever was
 * asked before it. EHLO, said again, has an answer of several lines, which no other command has; where it has not, QUIT
 * has 221, and ends the session; so it has where EHLO has become slow. An open transaction is over after either.
 */
export async function checkStep(session: Paired): Promise<Trouble | null> {
  const { helo, ehlo, helloSeconds } = session;
  try {
    const isSlower = helloSeconds >= Math.max(slowHello, 2 * (ehlo?.seconds ?? 0));
    if (helo === null || ehlo === null || !isInStep(ehlo) || isSlower) return await session.leave();
    const again = await session.say(`EHLO ${helo}`);
    session.helloSeconds = again.seconds;
    return isInStep(again) ? null : await session.leave();
  } catch (error) {
    return troubleOf(error);
  }
}

/**
 * Seconds, where the first EHLO took half of them at most. Sendmail's third EHLO of a session takes one, and each that
 * follows twice as long (`MAXHELOCOMMANDS`).
 */
const slowHello = 0.9;

/** An answer that can only be the one to EHLO. Where HELO had to be said, it may be the late answer to EHLO. */
const isInStep = ({ command, reply }: Exchange): boolean =>
  command.startsWith('EHLO') && isPositive(reply) && reply.lines.length > 1;
