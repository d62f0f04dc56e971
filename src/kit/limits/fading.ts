import type { Trial } from './rate-question.ts';

/**
 * Limiters that have no window: they forget a little all the time. Each is told what happened, and says how full it
 * was.
 */
type Fading = (seconds: number) => {
  /** How full it is with one more event at that moment; it refuses where that is above its limit. */
  levelAt(time: number): number;
  count(time: number, level: number): void;
};

/** Exim's `ratelimit`: a rate smoothed over a period. */
const smoothed: Fading = (period) => {
  let rate = 0;
  let last: number | null = null;
  return {
    levelAt(time) {
      if (last === null) return 1;
      const periods = Math.max(1e-9, time - last) / period;
      const kept = Math.exp(-periods);
      return Math.max(1, (1 - kept) / periods + kept * rate);
    },
    count(time, level) {
      rate = level;
      last = time;
    },
  };
};

/** A bucket that leaks one event in so many seconds. */
const bucket: Fading = (seconds) => {
  let level = 0;
  let last: number | null = null;
  return {
    levelAt: (time) => 1 + (last === null ? 0 : Math.max(0, level - (time - last) / seconds)),
    count(time, now) {
      level = now;
      last = time;
    },
  };
};

/** From a tenth of a second to a day, close enough to each other. */
const lengths = Array.from({ length: 280 }, (_, step) => 0.1 * 1.05 ** step);

/**
 * Whether a limiter that forgets a little all the time, whatever its limit and whether or not it counts what it
 * refuses, would have answered all of these the same. One event let in after a silence is no proof of a window: only
 * that several more are let in right behind it.
 */
export function couldFade(trials: readonly Trial<unknown>[]): boolean {
  return [smoothed, bucket].some((make) =>
    [true, false].some((countsRefused) => lengths.some((length) => fits(trials, make(length), countsRefused))),
  );
}

function fits(trials: readonly Trial<unknown>[], limiter: ReturnType<Fading>, countsRefused: boolean): boolean {
  let mostAccepted = 0;
  let leastRefused = Number.POSITIVE_INFINITY;
  for (const { sentAt, answeredAt, accepted } of trials) {
    const time = (sentAt + answeredAt) / 2;
    const level = limiter.levelAt(time);
    // Nothing is left of what was counted, and all the same it refuses.
    if (!accepted && level < 1 + nothing && mostAccepted > 0) return false;
    if (accepted) mostAccepted = Math.max(mostAccepted, level);
    else leastRefused = Math.min(leastRefused, level);
    if (mostAccepted > leastRefused + tolerance) return false;
    if (accepted || countsRefused) limiter.count(time, level);
  }
  return true;
}

/** Part of an event that is as good as none. */
const nothing = 0.001;

/** Events; what the uncertain moments and the steps between the lengths may add. */
const tolerance = 0.1;
