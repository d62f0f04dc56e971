import { type Reply, replyShape } from '../../model/reply.ts';
import type { Zod } from '../../model/shape.ts';
import { type Cite, citeShape } from '../../model/transcript.ts';
import type { SmtpSession } from '../../wire/session.ts';
import type { Clock } from '../limits/rate-question.ts';

/** What ended a wait for the server, to be part of an observation. */
export const silenceShape = (z: Zod) => ({
  /** What it said, unasked. */
  reply: replyShape(z).nullable(),
  /** Our remark on a connection that it closed without a word. */
  closedAt: citeShape(z).nullable(),
  /** Seconds since the wait began. */
  seconds: z.number(),
});

export interface Silence {
  readonly reply: Reply | null;
  readonly closedAt: Cite | null;
  readonly seconds: number;
}

/** Waits for a server to lose patience. `since`: when that began, on the clock; `until`: seconds after it. */
export async function waitInSilence(
  session: SmtpSession,
  clock: Clock,
  { since, until }: { readonly since: number; readonly until: number },
): Promise<Silence> {
  const passed = () => Math.round((clock.now() - since) * 1000) / 1000;
  const reply = await session.unasked(Math.max(0, until - passed()));
  const seconds = passed();
  const isClosed = reply === null && !session.isHealthy;
  const closedAt = isClosed
    ? session.remark('closed', `closed by the server after ${seconds.toFixed(1)} s without a reply`)
    : null;
  return { reply, closedAt, seconds };
}

/** Whether it ended the session. */
export const isOver = ({ reply, closedAt }: Silence): boolean =>
  closedAt !== null || (reply !== null && (reply.code ?? 0) >= 400);
