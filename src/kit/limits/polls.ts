import type { Window } from './rate-question.ts';

/** When a window may have begun: between two moments. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Seconds by which our clock and our sockets may be late. */
export const slack = 0.004;

/** Seconds by which one answer may be later than all before it: a lone packet waits where a stream does not. */
const late = 0.03;

export interface Recovery {
  /** When the window began. */
  readonly began: Span;
  readonly now: number;
  /** Whole seconds that the window may last. */
  readonly expected: Pick<Window, 'low' | 'high'>;
  /** Seconds that one question takes. */
  readonly trip: number;
  readonly limit: number;
}

/**
 * When to ask whether a limiter lets us in again, as times in order, all after `now`. Few, and fewer than the limit, as a window that slides
 * counts each of them; and two in the expected second: a fixed window of n whole seconds (Postfix: `start + n < now`) still refuses n
 * seconds after its begin and accepts before n + 1, so that the pair tells n exactly.
 */
export function pollTimes({ began, now, expected, trip, limit }: Recovery): number[] {
  const { low, high } = expected;
  const pairOf = (whole: number) => [began.to + whole + 2 * slack, began.from + whole + 1 - 1.5 * trip - late];
  const wide = high - low > 6;
  const near = wide
    ? Array.from({ length: 7 }, (_, step) => began.to + low + ((high - low) * step) / 6 + slack)
    : Array.from({ length: Math.floor(high) - Math.floor(low) + 1 }, (_, step) =>
        pairOf(Math.floor(low) + step),
      ).flat();
  const first = began.to + low - 1;
  const doubling = [1, 2, 4, 8, 16, 32, 64, 128, 256].map((seconds) => now + seconds);
  const few = Math.max(0, limit - 3);
  const early = few === 0 ? [] : doubling.filter((time) => time < first - low / 4).slice(-few);
  // Six buckets of ten seconds (Sendmail): the first of them is forgotten at 5/6 of the window at the earliest.
  const sliding = low === high ? [began.from + (low * 5) / 6 - slack] : [];
  const times = [...early, ...sliding, ...near, began.to + high + 1 + 3 * late + 2 * trip, began.to + high * 1.15 + 2];
  return times.filter((time) => time > now).sort((a, b) => a - b);
}

/** How long a fixed window can be that began in `began`, still refused an event at `refusedAt` and accepted one by `acceptedBy`. Whole seconds. */
export function windowBetween(began: Span, refusedAt: number, acceptedBy: number): { low: number; high: number } {
  const low = Math.max(1, Math.floor(refusedAt - slack - began.to - 1) + 1);
  const high = Math.max(low, Math.ceil(acceptedBy + slack - began.from) - 1);
  return { low, high };
}
