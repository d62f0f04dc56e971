import { type Exchange, isNegative, type Reply } from '../../model/reply.ts';
import type { Trouble } from '../../model/trouble.ts';
import { meaningOf, type Stage } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';

/** How a server ended a session, or let us down. JSON-safe. */
export interface Ending {
  /** Its last words: a 421, or the refusal that speaks of a limit. Null where it said nothing. */
  readonly reply: Reply | null;
  /** Whether those came behind the reply before them, unasked, rather than in answer to another command. */
  readonly unasked: boolean;
  readonly cut: Trouble | null;
}

/** Commands sent one at a time, and what became of them. JSON-safe. */
export interface LockStep {
  /** The answered ones, the ending left out. */
  readonly exchanges: readonly Exchange[];
  readonly ending: Ending | null;
  /** What of our own budget ran out first; null where none did. */
  readonly spent: 'commands' | 'seconds' | null;
  readonly seconds: number;
}

export interface Steps {
  /** The command of that number, from 1. */
  readonly command: (number: number) => string;
  readonly stage: Stage;
  readonly most: number;
  readonly seconds: number;
  /** Whether an answer is the last one of interest. */
  readonly isEnough?: (exchange: Exchange) => boolean;
}

/** Sends commands one at a time, each after the answer to the one before, until the server ends the session or the budget is spent. */
export async function inLockStep(session: SmtpSession, steps: Steps): Promise<LockStep> {
  const { command, stage, most, seconds, isEnough = () => false } = steps;
  const exchanges: Exchange[] = [];
  const sofar = () => ({ exchanges, seconds: secondsOf(exchanges) });
  while (exchanges.length < most) {
    if (secondsOf(exchanges) >= seconds) return { ...sofar(), ending: null, spent: 'seconds' };
    const { exchanges: answered, cut } = await session.flight([command(exchanges.length + 1)]);
    const exchange = answered[0];
    if (exchange === undefined)
      return { ...sofar(), ending: { reply: cut?.reply ?? null, unasked: false, cut }, spent: null };
    // Exim's last words are no 421.
    if (speaksOfErrors(exchange.reply, stage))
      return { ...sofar(), ending: { reply: exchange.reply, unasked: false, cut: null }, spent: null };
    exchanges.push(exchange);
    const more = await session.unasked(0);
    if (more !== null) return { ...sofar(), ending: { reply: more, unasked: true, cut: null }, spent: null };
    if (isEnough(exchange)) return { ...sofar(), ending: null, spent: null };
  }
  return { ...sofar(), ending: null, spent: 'commands' };
}

/** Whether a refusal is the one with which a server ends a session for its errors. */
export function speaksOfErrors(reply: Reply, stage: Stage = 'other'): boolean {
  return isNegative(reply) && meaningOf(reply, { stage }) === 'limit-errors';
}

/** Seconds between the first command and the last reply. */
export function secondsOf(exchanges: readonly Exchange[]): number {
  const [first, last] = [exchanges[0], exchanges.at(-1)];
  if (first === undefined || last === undefined) return 0;
  return Math.round((last.sentAt + last.seconds - first.sentAt) * 10_000) / 10_000;
}
