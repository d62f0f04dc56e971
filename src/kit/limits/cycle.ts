import type { Trouble } from '../../model/trouble.ts';
import { type Length, type Span, windowBetween } from './polls.ts';
import type { Trial } from './rate-question.ts';

/** Events one after the other until one is refused. */
export interface Burst<At> {
  readonly trials: readonly Trial<At>[];
  readonly refused: Refused<At> | null;
  readonly stop: Trouble | null;
}

/** `limit` were accepted, and the next was refused. */
export interface Refused<At> {
  readonly trials: readonly Trial<At>[];
  readonly limit: number;
  readonly refusal: Trial<At>;
  readonly accepted: Trial<At> | null;
}

export function burstOf<At>(trials: readonly Trial<At>[], stop: Trouble | null = null): Burst<At> {
  const limit = trials.findIndex(({ accepted }) => !accepted);
  const refusal = trials[limit];
  const refused = refusal === undefined ? null : { trials, limit, refusal, accepted: trials[limit - 1] ?? null };
  return { trials, refused, stop: refused === null ? stop : null };
}

/** What shows a refusal, and that the event before it was accepted. */
export const refusedIn = <At>({ refusal, accepted }: Refused<At>): readonly At[] =>
  accepted === null ? [refusal.at] : [refusal.at, accepted.at];

/** A burst that was refused, and the time until the limiter let us in again. */
export interface Cycle<At> extends Refused<At> {
  /** The first event: the window began with it if it was empty. */
  readonly began: Span;
  /** The last refused poll, or the refusal itself. */
  readonly lastRefused: Trial<At>;
  readonly recovered: Trial<At>;
  /** A fixed window began with the first event for certain: it was let in again right behind a refusal. */
  readonly beginsWindow: boolean;
  /**
   * Seconds between the two refused events that lie farthest apart: a window that is shorter held the later one alone.
   */
  readonly gap: number;
}

/** Seconds from the first event to the last that was taken. */
export const spreadOf = ({ began, accepted }: Cycle<unknown>): number =>
  accepted === null ? 0 : accepted.answeredAt - began.from;

/** How long the window is, if it was empty before. */
export const windowOf = ({ began, lastRefused, recovered }: Cycle<unknown>): Length =>
  windowBetween(began, lastRefused.sentAt, recovered.answeredAt);

/** Whether refusals went on for longer than the burst had taken: then nothing of it was forgotten while it lasted. */
export function outlasts({ began, refusal, lastRefused }: Cycle<unknown>): boolean {
  return lastRefused.sentAt - refusal.answeredAt > refusal.answeredAt - began.from + 1;
}

/**
 * Whether a burst from `since` on lies whole in a fixed window that began with it (Postfix's words), as such a window
 * refuses for at least so long. A minute or more, for a number that is judged by the minute.
 */
export function isInOneWindow(
  burst: Refused<unknown>,
  since: number,
  { refusal, lastRefused }: Pick<Cycle<unknown>, 'refusal' | 'lastRefused'>,
): boolean {
  const shortest = lastRefused.sentAt - refusal.answeredAt - 1;
  return refusal.inItsWords && shortest >= 60 && burst.refusal.answeredAt - since < shortest;
}

/** Windows that fit all of these; null where none does. */
export function commonWindow(cycles: readonly Cycle<unknown>[]): Length | null {
  const each = cycles.map(windowOf);
  const low = Math.max(...each.map((one) => one.low));
  const high = Math.min(...each.map((one) => one.high));
  return low <= high ? { low, high } : null;
}

/** The window that the last three of these agree on, and on the number; null where they do not. */
export function agreedWindow(cycles: readonly Cycle<unknown>[]): Length | null {
  const agreed = cycles.reduce(agreeing, []);
  const limit = agreed.at(-1)?.limit ?? 0;
  // A bucket that leaks lets in more at first, and one at a time later.
  const most = Math.max(cycles[0]?.limit ?? 0, leastAllowed(cycles));
  return agreed.length === 3 && limit > 1 && limit >= most ? commonWindow(agreed) : null;
}

/**
 * The last cycles of the row that agree with each other. One that was let in too soon to tell confirms nothing, and
 * refutes nothing.
 */
function agreeing(agreed: readonly Cycle<unknown>[], cycle: Cycle<unknown>): readonly Cycle<unknown>[] {
  const agrees = commonWindow([...agreed, cycle]) !== null && agreed.every(({ limit }) => limit === cycle.limit);
  if (outlasts(cycle)) return agrees ? [...agreed, cycle] : [cycle];
  return agrees ? agreed : [];
}

/** How many a fixed window allows at least: what it took before refusals that went on for longer. */
export const leastAllowed = (cycles: readonly Cycle<unknown>[]): number =>
  Math.max(0, ...cycles.filter(outlasts).map(({ limit }) => limit));

/** Whether no fixed window fits these: it allows no more than was taken in one that began with a window. */
export const contradicts = (cycles: readonly Cycle<unknown>[]): boolean =>
  cycles.some(({ beginsWindow, limit }) => beginsWindow && limit < leastAllowed(cycles));

/**
 * Whether a sliding window, of any length up to `longest`, that counts refusals or does not, and forgets a sixth at a
 * time or each event by itself, would have answered the same with another limit.
 */
export function couldSlide({ began, refusal, gap }: Cycle<unknown>, longest: number): boolean {
  // Only a window that forgets the first event before the refusal could have; it is longer than any gap between
  // refusals.
  const forgets = ((refusal.answeredAt - began.from) * 6) / 5;
  return gap <= Math.min(forgets, longest);
}
