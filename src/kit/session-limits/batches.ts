import { cite, type Exchange, exchangeShape, replyShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { type Timeline, timelineOf } from '../../model/timeline.ts';
import { trouble, troubleShape } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';

export const batchesShape = (z: Zod) =>
  z.object({
    answered: z.number(),
    first: exchangeShape(z).nullable(),
    last: exchangeShape(z).nullable(),
    /** The first answer that `isEnough` liked: not counted among the answered. */
    enough: exchangeShape(z).nullable(),
    /** What the server said behind the last answer, or in the place of the next, and how the session was cut short. */
    lastWords: replyShape(z).nullable(),
    cut: troubleShape(z).nullable(),
    seconds: z.number(),
  });

/**
 * Commands of one kind, sent in small groups, and what became of them; of the answered ones only the first and the last
 * are kept.
 */
export type Batches = Shaped<typeof batchesShape>;

export interface BatchPlan {
  readonly command: string;
  readonly most: number;
  /** Commands in flight at once: what may be sent in vain when the server has had enough. */
  readonly atOnce: number;
  /** Seconds to wait, at the end, for last words that a server may be slow to say. */
  readonly patience: number;
  readonly isEnough: (exchange: Exchange) => boolean;
}

/**
 * Sends the same command again and again, pipelined where the server offers it, until the answer is `isEnough`, the
 * session ends, or `most` are sent.
 */
export async function inBatches(
  session: SmtpSession,
  plan: BatchPlan,
): Promise<Batches & { readonly timeline: Timeline }> {
  const { command, most, atOnce, isEnough } = plan;
  const answered: Exchange[] = [];
  let enough: Exchange | null = null;
  let end: Pick<Batches, 'lastWords' | 'cut'> = { lastWords: null, cut: null };
  for (let sent = 0; sent < most && enough === null && end.cut === null; sent += atOnce) {
    const commands = Array.from({ length: Math.min(atOnce, most - sent) }, () => command);
    const { exchanges, cut } = await session.flight(commands);
    const found = exchanges.findIndex(isEnough);
    answered.push(...(found < 0 ? exchanges : exchanges.slice(0, found)));
    enough = exchanges[found] ?? null;
    if (cut !== null) end = { lastWords: cut.reply ?? null, cut };
  }
  if (end.cut === null && enough === null) end = await farewell(session, plan.patience);
  const [first = null, last = null] = [answered[0], answered.at(-1)];
  const heard = enough ?? last;
  const from = first ?? enough;
  const seconds = heard === null || from === null ? 0 : rounded(heard.sentAt + heard.seconds - from.sentAt);
  return { answered: answered.length, first, last, enough, ...end, seconds, timeline: timeline(answered, enough, end) };
}

function timeline(answered: readonly Exchange[], enough: Exchange | null, { lastWords }: Pick<Batches, 'lastWords'>) {
  const refusal = enough?.reply ?? lastWords;
  return timelineOf([
    ...answered.map(({ reply }) => ({ at: cite(reply), isRefused: false })),
    ...(refusal === null ? [] : [{ at: cite(refusal), isRefused: true }]),
  ]);
}

/** What the server says of itself: the end that came behind the very last answer. */
async function farewell(session: SmtpSession, patience: number): Promise<Pick<Batches, 'lastWords' | 'cut'>> {
  const reply = await session.unasked(patience);
  if (reply === null) return { lastWords: null, cut: null };
  const because = `the server ended the session: "${reply.lines[0].text}"`;
  return { lastWords: reply, cut: trouble('throttled', 'reply', because, [], { reply }) };
}

const rounded = (seconds: number): number => Math.round(seconds * 10_000) / 10_000;
