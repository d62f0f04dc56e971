import type { Burst } from './burst.ts';
import { type Length, type Span, windowBetween } from './polls.ts';
import type { Trial } from './rate-question.ts';

/** A burst that was refused, and the time until the limiter let us in again. */
export interface Cycle<At> {
  readonly burst: Burst<At>;
  readonly limit: number;
  readonly refusal: Trial<At>;
  /** The first event: the window began with it if it was empty. */
  readonly began: Span;
  /** The last refused poll, or the refusal itself. */
  readonly lastRefused: Trial<At>;
  readonly recovered: Trial<At>;
  /** Seconds between the two refused events that lie farthest apart: a window that is shorter held the later one alone. */
  readonly gap: number;
}

/** Whether refusals went on for longer than the burst had taken: then nothing of it was forgotten while it lasted. */
export function outlasts({ began, refusal, lastRefused }: Cycle<unknown>): boolean {
  return lastRefused.sentAt - refusal.answeredAt > refusal.answeredAt - began.from + 1;
}

/** Windows that fit all of these; null where none does. */
export function commonWindow(cycles: readonly Cycle<unknown>[]): Length | null {
  const each = cycles.map(({ began, lastRefused, recovered }) =>
    windowBetween(began, lastRefused.sentAt, recovered.answeredAt),
  );
  const low = Math.max(...each.map((one) => one.low));
  const high = Math.min(...each.map((one) => one.high));
  return low <= high ? { low, high } : null;
}

/**
 * Whether a sliding window, of any length up to `longest`, that counts refusals or does not, and forgets a sixth at a time or each event by itself,
 * would have answered the same with another limit.
 */
export function couldSlide({ began, refusal, gap }: Cycle<unknown>, longest: number): boolean {
  // Only a window that forgets the first event before the refusal could have; it is longer than any gap between refusals.
  const forgets = ((refusal.answeredAt - began.from) * 6) / 5;
  return gap <= Math.min(forgets, longest);
}

/** The burst that an accepted event begins. */
export function withFirst<At>(first: Trial<At>, { trials, refused, stop }: Burst<At>): Burst<At> {
  return { trials: [first, ...trials], refused: refused === null ? null : refused + 1, stop };
}
