import { cite, type Exchange, isPermanent, isTransient, type Reply } from '../model/reply.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { type Meaning, meaningOf } from '../mta/reply-meaning.ts';
import type { SmtpSession } from '../wire/session.ts';
import type { Subject } from './subject.ts';

/**
 * What is asked beside a refusal, in the same session: RSET, which is always right, and MAIL, as a milter's reject
 * leaves RSET alone (Postfix; a passive scan says no MAIL). A server that has rejected a client says the same to all of
 * it, and nothing of what was asked.
 */
export async function askControl(
  session: SmtpSession,
  { sender, allow }: Pick<Subject, 'sender' | 'allow'>,
): Promise<readonly Exchange[]> {
  if (!session.isHealthy) return [];
  const { exchanges } = await session.flight(['RSET', ...(allow === 'passive' ? [] : [`MAIL FROM:<${sender}>`])]);
  return exchanges;
}

/**
 * The trouble that a refusal is, where the control shows that it was no answer to the command; null where it may be
 * one.
 */
export function rejectedSession(refusal: Reply, control: readonly Exchange[]): Trouble | null {
  if (conditions.includes(meaningOf(refusal, { stage: 'other' }))) return null;
  const alike = control.find(({ reply }) => isPermanent(refusal) && isPermanent(reply) && sameWords(refusal, reply));
  if (alike !== undefined) return met('client-blocked', 'this server has rejected us', refusal, alike);
  // Postfix says 454 to STARTTLS and AUTH, and 451 to all else, where a milter can't be reached.
  const putOff = control.find(({ reply }) => isTransient(refusal) && isTransient(reply));
  return putOff === undefined ? null : met('ambiguous', 'this server puts everything off for now', refusal, putOff);
}

/** Refusals that may well be the same for several commands, and mean what they say. */
const conditions: readonly Meaning[] = ['tls-required', 'auth-required', 'bad-sequence'];

const sameWords = (a: Reply, b: Reply): boolean => a.text.toLowerCase() === b.text.toLowerCase();

function met(
  doubt: 'client-blocked' | 'ambiguous',
  what: string,
  refusal: Reply,
  { command, reply }: Exchange,
): Trouble {
  const cause = doubt === 'ambiguous' ? 'put-off' : 'rejected-session';
  const verb = command.replace(/[\s:].*/, '');
  const because = `${what}: ${verb} is answered "${reply.lines[0].text}", as everything else is`;
  return trouble(doubt, cause, because, [cite(refusal), cite(reply)], { reply: refusal });
}
