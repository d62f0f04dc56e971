import { cite, type Exchange, exchangeShape, isNegative, type Reply, replyShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { type Timeline, timelineOf } from '../../model/timeline.ts';
import { troubleShape } from '../../model/trouble.ts';
import { meaningOf, type Stage } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';

const endingShape = (z: Zod) =>
  z.object({
    /** Its last words: a 421, or the refusal that speaks of a limit. Null where it said nothing. */
    reply: replyShape(z).nullable(),
    /** Whether those came behind the reply before them, unasked, rather than in answer to another command. */
    unasked: z.boolean(),
    cut: troubleShape(z).nullable(),
  });

/** How a server ended a session, or let us down. */
export type Ending = Shaped<typeof endingShape>;

export const lockStepShape = (z: Zod) =>
  z.object({
    /** The answered ones, the ending left out. */
    exchanges: z.array(exchangeShape(z)),
    ending: endingShape(z).nullable(),
    /** What of our own budget ran out first; null where none did. */
    spent: z.enum(['commands', 'seconds']).nullable(),
    seconds: z.number(),
  });

/** Commands sent one at a time, and what became of them. */
export type LockStep = Shaped<typeof lockStepShape>;

export interface Steps {
  /** The command of that number, from 1. */
  readonly command: (number: number) => string;
  readonly stage: Stage;
  readonly most: number;
  readonly seconds: number;
  /** Whether an answer is the last one of interest. */
  readonly isEnough: (exchange: Exchange) => boolean;
}

/**
 * Sends commands one at a time, each after the answer to the one before, until the server ends the session or the
 * budget is spent.
 */
export async function inLockStep(
  session: SmtpSession,
  steps: Steps,
): Promise<LockStep & { readonly timeline: Timeline }> {
  const exchanges: Exchange[] = [];
  const { ending, spent } = await untilTheEnd(session, steps, exchanges);
  const last = ending?.reply ?? null;
  const timeline = timelineOf([
    ...exchanges.map((each) => ({
      at: cite(each.reply),
      isRefused: steps.isEnough(each) && isNegative(each.reply),
    })),
    ...(last === null ? [] : [{ at: cite(last), isRefused: true }]),
  ]);
  return { exchanges, ending, spent, seconds: secondsOf(exchanges), timeline };
}

async function untilTheEnd(
  session: SmtpSession,
  { command, stage, most, seconds, isEnough }: Steps,
  exchanges: Exchange[],
): Promise<Pick<LockStep, 'ending' | 'spent'>> {
  const ended = (ending: Ending) => ({ ending, spent: null });
  while (exchanges.length < most) {
    if (secondsOf(exchanges) >= seconds) return { ending: null, spent: 'seconds' };
    const { exchanges: answered, cut } = await session.flight([command(exchanges.length + 1)]);
    const [exchange] = answered;
    if (exchange === undefined) return ended({ reply: cut?.reply ?? null, unasked: false, cut });
    // Exim's last words are no 421.
    if (speaksOfErrors(exchange.reply, stage)) return ended({ reply: exchange.reply, unasked: false, cut: null });
    exchanges.push(exchange);
    const more = await session.unasked(0);
    if (more !== null) return ended({ reply: more, unasked: true, cut: null });
    if (isEnough(exchange)) return { ending: null, spent: null };
  }
  return { ending: null, spent: 'commands' };
}

/** Whether a refusal is the one with which a server ends a session for its errors. */
export function speaksOfErrors(reply: Reply, stage: Stage = 'other'): boolean {
  return isNegative(reply) && meaningOf(reply, { stage }) === 'limit-errors';
}

/** Seconds between the first command and the last reply. */
function secondsOf(exchanges: readonly Exchange[]): number {
  const [first, last] = [exchanges[0], exchanges.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return Math.round((last.sentAt + last.seconds - first.sentAt) * 10_000) / 10_000;
}
