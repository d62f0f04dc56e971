import { hindered, type Inconclusive, inconclusive, type Measured } from '../model/judgement.ts';
import { exchangeShape, type Reply } from '../model/reply.ts';
import type { Shaped, Zod } from '../model/shape.ts';
import { troubleShape } from '../model/trouble.ts';
import { type Meaning, meaningOf, type Said } from '../mta/reply-meaning.ts';
import type { SmtpSession } from '../wire/session.ts';
import { troubleOf } from '../wire/trouble-error.ts';

export const deedShape = (z: Zod) =>
  z.object({
    /** The command and its answer; null where it was cut short. */
    exchange: exchangeShape(z).nullable(),
    /** What came in the place of an answer; a 421 is in it. */
    cut: troubleShape(z).nullable(),
  });

/** What a command brought in a session that is set apart: there a 421 and the end are answers as well. JSON-safe. */
export type Deed = Shaped<typeof deedShape>;

/** One command. Never fails. */
export async function deed(session: Pick<SmtpSession, 'say'>, command: string): Promise<Deed> {
  try {
    return { exchange: await session.say(command), cut: null };
  } catch (error) {
    return { exchange: null, cut: troubleOf(error) };
  }
}

/** What the answer to a deed means; null where there was none. */
export function meaningOfDeed(one: Deed, said: Said): Meaning | null {
  const reply = replyTo(one);
  return reply === null ? null : meaningOf(reply, said);
}

/** Why a deed has no answer. `what`: the command, as a sentence begins. */
export function unanswered(what: string, { cut }: Deed, measured: Measured = {}): Inconclusive {
  return cut === null
    ? inconclusive('ambiguous', `${what} was not answered`, [], { measured })
    : hindered(cut, { because: `${what}: ${cut.because}`, measured });
}

/** The reply that a deed got, 421 too; null where there was none. */
export const replyTo = ({ exchange, cut }: Deed): Reply | null => exchange?.reply ?? cut?.reply ?? null;
