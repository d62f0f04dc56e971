import { type Burst, burstOf } from './cycle.ts';
import type { Trial } from './rate-question.ts';
import type { RateRun, RateSteps } from './rate-run.ts';
import { outOfTime } from './words.ts';

/**
 * Sends events until a limiter refuses one, `most` were accepted, no more may be sent, or the time is over. They go out
 * in blocks that grow with what was accepted already: a block that runs over the limit wastes what lies behind the
 * refusal, never more than a seventh of all.
 */
export function* burst<At>(run: RateRun<At>, most = run.given.maxEvents, until = run.end): RateSteps<At, Burst<At>> {
  const sent = yield* untilRefused(run, Math.min(most, run.left), Math.min(until, run.end));
  if (sent.trials.length > run.largest.length) run.largest = sent.trials;
  return sent;
}

function* untilRefused<At>(run: RateRun<At>, most: number, end: number): RateSteps<At, Burst<At>> {
  const trials: Trial<At>[] = [];
  while (trials.length < most) {
    if (run.now > end) return burstOf(trials, outOfTime(run.given.seconds));
    const asked = yield* run.ask(Math.min(blockSize(trials.length), most - trials.length));
    trials.push(...asked.trials);
    const sent = burstOf(trials, asked.stop);
    if (sent.refused !== null || sent.stop !== null || slowedAfter(trials) !== null) return sent;
  }
  return burstOf(trials);
}

const blockSize = (done: number): number => Math.max(1, Math.min(10, Math.floor(done / 8)));

/**
 * Where replies slow down and none is refused (Exim's `smtp_ratelimit_rcpt`, or `delay` in an ACL): how many were
 * answered at once before that. Null where no such pattern shows: three or more quick ones, then to the end only such
 * as are each five times as slow as any of those. Five of them are enough if none is faster than the one before it;
 * else ten.
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
