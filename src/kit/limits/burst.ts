import type { RateQuestion, Stop, Trial } from './rate-question.ts';

/** Events one after the other until one is refused. */
export interface Burst<At> {
  readonly trials: readonly Trial<At>[];
  /** Place of the first refusal among them; null where there is none. */
  readonly refused: number | null;
  readonly stop: Stop<At> | null;
}

/**
 * Sends events until a limiter refuses one, `most` were accepted, or the time is over. They go out in blocks that grow with what was accepted
 * already: a block that runs over the limit wastes what lies behind the refusal, never more than a seventh of all.
 */
export async function sendBurst<At>(question: RateQuestion<At>, most: number, end: number): Promise<Burst<At>> {
  const trials: Trial<At>[] = [];
  while (trials.length < most) {
    if (question.clock.now() > end) return { trials, refused: null, stop: outOfTime(question.seconds) };
    const asked = await question.ask(Math.min(blockSize(trials.length), most - trials.length));
    trials.push(...asked.trials);
    const refused = trials.findIndex(({ accepted }) => !accepted);
    if (refused >= 0) return { trials, refused, stop: null };
    if (asked.stop !== null) return { trials, refused: null, stop: asked.stop };
    if (slowedAfter(trials) !== null) return { trials, refused: null, stop: null };
  }
  return { trials, refused: null, stop: null };
}

const blockSize = (done: number): number => Math.max(1, Math.min(10, Math.floor(done / 8)));

export const outOfTime = (seconds: number): Stop<never> => ({
  doubt: 'budget-spent',
  because: `the ${seconds} s that this may take were over`,
  evidence: [],
});

/**
 * Where replies slow down and none is refused (Exim's `smtp_ratelimit_rcpt`, or `delay` in an ACL): how many were answered at once before that.
 * Null where no such pattern shows: three or more quick ones, then to the end only such as are each five times as slow as any of those. Five of
 * them are enough if none is faster than the one before it; else ten.
 */
export function slowedAfter(trials: readonly Trial<unknown>[]): number | null {
  const waits = waitsOf(trials);
  for (let first = fewestQuick; first + fewestSlow <= waits.length; first++) {
    const slow = waits.slice(first);
    const least = Math.max(leastDelay, 5 * Math.max(...waits.slice(0, first)));
    if (!slow.every((wait) => wait >= least)) continue;
    const grows = slow.every((wait, index) => index === 0 || wait >= 0.95 * (slow[index - 1] ?? 0));
    return grows || slow.length >= 2 * fewestSlow ? first : null;
  }
  return null;
}

const fewestQuick = 3;
const fewestSlow = 5;

/** Seconds; below it, a slower answer is the network's. */
const leastDelay = 0.2;

/** How long each answer took, counted from the one before where several events went out in one flight. */
const waitsOf = (trials: readonly Trial<unknown>[]): number[] =>
  trials.map((trial, index) => trial.answeredAt - Math.max(trial.sentAt, trials[index - 1]?.answeredAt ?? 0));

/** What nine in ten answers take at most, in seconds. */
export function usualWait(trials: readonly Trial<unknown>[]): number {
  const sorted = waitsOf(trials).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? 0;
}
