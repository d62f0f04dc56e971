import type { Exchange, Reply } from '../../model/reply.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';

/** Commands of one kind, sent in small groups, and what became of them; of the answered ones only the first and the last are kept. JSON-safe. */
export interface Batches {
  readonly answered: number;
  readonly first: Exchange | null;
  readonly last: Exchange | null;
  /** The first answer that `isEnough` liked: not counted among the answered. */
  readonly enough: Exchange | null;
  /** What the server said behind the last answer, or in the place of the next, and how the session was cut short. */
  readonly lastWords: Reply | null;
  readonly cut: Trouble | null;
  readonly seconds: number;
}

export interface BatchPlan {
  readonly command: string;
  readonly most: number;
  /** Commands in flight at once: what may be sent in vain when the server has had enough. */
  readonly atOnce: number;
  /** Seconds to wait, at the end, for last words that a server may be slow to say. */
  readonly patience: number;
  readonly isEnough: (exchange: Exchange) => boolean;
}

/** Sends the same command again and again, pipelined where the server offers it, until the answer is `isEnough`, the session ends, or `most` are sent. */
export async function inBatches(session: SmtpSession, plan: BatchPlan): Promise<Batches> {
  let state: Batches = { answered: 0, first: null, last: null, enough: null, lastWords: null, cut: null, seconds: 0 };
  let sent = 0;
  let firstSentAt: number | null = null;
  while (sent < plan.most && state.enough === null && state.cut === null) {
    const count = Math.min(plan.atOnce, plan.most - sent);
    sent += count;
    const { exchanges, cut } = await session.flight(Array.from({ length: count }, () => plan.command));
    for (const exchange of exchanges) {
      firstSentAt ??= exchange.sentAt;
      const seconds = rounded(exchange.sentAt + exchange.seconds - firstSentAt);
      if (state.enough !== null) continue;
      if (plan.isEnough(exchange)) state = { ...state, enough: exchange, seconds };
      else state = { ...state, answered: state.answered + 1, first: state.first ?? exchange, last: exchange, seconds };
    }
    if (cut !== null) state = { ...state, lastWords: cut.reply ?? null, cut };
  }
  if (state.cut === null && state.enough === null) return { ...state, ...(await farewell(session, plan.patience)) };
  return state;
}

/** What the server says of itself: the end that came behind the very last answer. */
async function farewell(session: SmtpSession, patience: number): Promise<Pick<Batches, 'lastWords' | 'cut'>> {
  const reply = await session.unasked(patience);
  if (reply === null) return { lastWords: null, cut: null };
  const because = `the server ended the session: "${reply.lines[0].text}"`;
  return { lastWords: reply, cut: trouble('throttled', 'reply', because, [], { reply }) };
}

const rounded = (seconds: number): number => Math.round(seconds * 10_000) / 10_000;
