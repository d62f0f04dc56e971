import { type Exchange, isPositive, isTransient, offers } from '../model/reply.ts';
import type { IntroducedSession } from '../wire/session.ts';
import { ownRecipient, type Subject } from './subject.ts';

/**
 * postscreen answers new clients itself, with an engine of its own that knows no AUTH, no PIPELINING and no recipient,
 * until they have named a recipient (`postscreen_pipelining_enable` and its like); the real server answers those who
 * come again. It is known by what it does: recipients as different as one of the server's and one outside are put off
 * in the very same words, and so is VRFY where it lists that. Asks for them, and gives the answer that tells; null
 * where it is the server itself, and in a passive scan, which asks for no recipient.
 */
export async function standInAnswer(session: IntroducedSession, subject: Subject): Promise<Exchange | null> {
  const { reply } = session.ehlo;
  const maybe = reply.lines.length > 1 && !offers(reply, 'PIPELINING') && subject.allow !== 'passive';
  if (!maybe || !isPositive((await session.say(`MAIL FROM:<${subject.sender}>`)).reply)) return null;
  const own = ownRecipient(subject);
  const questions = [`RCPT TO:<${own}>`, `RCPT TO:<${subject.externals[0]}>`];
  let telling: Exchange | null = null;
  for (const question of offers(reply, 'VRFY') ? [...questions, `VRFY ${own}`] : questions) {
    const answer = await session.say(question);
    if (!isTransient(answer.reply) || (telling !== null && answer.reply.text !== telling.reply.text)) return null;
    telling = answer;
  }
  return telling;
}
