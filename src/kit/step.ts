import { type Exchange, isPositive } from '../model/reply.ts';
import type { Trouble } from '../model/trouble.ts';
import type { SmtpSession } from '../wire/session.ts';
import { troubleOf } from '../wire/trouble-error.ts';

/**
 * Whether replies and commands still pair up: null where they do. A stray reply looks like an answer to whatever was
 * asked before it. EHLO, said again, has an answer of several lines, which no other command has; where it has not, QUIT
 * has 221, and ends the session. An open transaction is over after either.
 */
export async function checkStep(session: SmtpSession): Promise<Trouble | null> {
  const { helo, ehlo } = session;
  try {
    if (helo !== null && ehlo !== null && isInStep(ehlo) && isInStep(await session.say(`EHLO ${helo}`))) return null;
    return await session.leave();
  } catch (error) {
    return troubleOf(error);
  }
}

/** An answer that can only be the one to EHLO. Where HELO had to be said, it may be the late answer to EHLO. */
const isInStep = ({ command, reply }: Exchange): boolean =>
  command.startsWith('EHLO') && isPositive(reply) && reply.lines.length > 1;
