import { differs, fades, otherwise, untilTheyAgree } from './agreement.ts';
import { burst } from './burst.ts';
import { burstOf, type Cycle, commonWindow, couldSlide, outlasts, type Refused, spreadOf, windowOf } from './cycle.ts';
import { couldFade } from './fading.ts';
import { inFixedWindows } from './fixed-window.ts';
import type { Length } from './polls.ts';
import type { Trial } from './rate-question.ts';
import { found, type RateEnd, type RateRun, type RateSteps } from './rate-run.ts';
import { recover, untilAllForgotten } from './recovery.ts';
import { kindAtOnce, withKindSeen } from './window-kind.ts';

/**
 * A burst was refused: the time until the limiter lets us in again tells whether the expected window, empty before,
 * could have done that alone.
 */
export function* byRecovery<At>(
  run: RateRun<At>,
  refused: Refused<At>,
  since: number,
  early = 0,
): RateSteps<At, RateEnd<At>> {
  const whole = Math.floor(run.given.assumedWindow);
  const first = yield* recover(run, refused, { low: whole, high: whole }, { early });
  if ('outcome' in first) return first;
  if (first.limit >= run.atFirst && provenAtOnce(first, since, run.given.assumedWindow))
    return yield* proven(run, first);
  return yield* inWindows(run, first);
}

/** In windows of another length. */
const inWindows = <At>(run: RateRun<At>, cycle: Cycle<At>): RateSteps<At, RateEnd<At>> =>
  cycle.refusal.inItsWords ? inFixedWindows(run, cycle) : untilTheyAgree(run, cycle);

/** The expected window began with the first event. `since`: when the silence before it began. */
function provenAtOnce(cycle: Cycle<unknown>, since: number, assumedWindow: number): boolean {
  const { began, lastRefused, recovered } = cycle;
  const silence = began.from - since;
  const longest = 2 * assumedWindow;
  const nothingOlder = silence + (lastRefused.sentAt - began.to) - 1 > longest;
  const empty = recovered.answeredAt - began.from + 1 < silence;
  return nothingOlder && empty && outlasts(cycle) && !couldSlide(cycle, longest);
}

/**
 * How many events behind the first that is let in again tell a window, which takes them, from what leaks: one more than
 * that forgets in the time that the burst took.
 */
const proofOfWindow = (cycle: Cycle<unknown>, window: number): number =>
  1 + Math.floor((spreadOf(cycle) * cycle.limit) / window);

/**
 * Fixed windows end in the second behind their length; where it ended before, the budget that is left now tells a
 * sliding one.
 */
function* proven<At>(run: RateRun<At>, cycle: Cycle<At>): RateSteps<At, RateEnd<At>> {
  const { began, lastRefused, refusal, limit } = cycle;
  const { assumedWindow } = run.given;
  const ended = lastRefused.sentAt - began.to >= assumedWindow;
  const proof = ended ? Math.min(limit - 1, proofOfWindow(cycle, assumedWindow)) : limit - 1;
  if (!run.mayAsk(proof)) return run.spent(limit, refusal);
  if (ended) yield* untilAllForgotten(run, cycle);
  const again = yield* burst(run, proof);
  if (again.stop !== null) return run.stopped(again.stop);
  if (limit > 1 && (yield* fadesStill(run, cycle, again.refused !== null))) return fades(cycle, cycle);
  if (again.refused !== null && ended) return differs(cycle, again.refused.limit + 1, again.refused.refusal.at);
  if (again.refused !== null) return found(cycle, { low: assumedWindow, high: assumedWindow, kind: 'sliding' });
  const window = windowOf(cycle);
  const isExpected = window.low === assumedWindow && window.high === assumedWindow;
  return yield* isExpected
    ? withKindSeen(run, cycle, window, again.trials.length)
    : toTheSecond(run, cycle, window, again.trials);
}

/**
 * Whether what was heard so far fits a limiter without a window. One that refused another right behind the first may
 * have been met between two moments of its log: a little later that has forgotten the whole burst.
 */
function* fadesStill<At>(run: RateRun<At>, cycle: Cycle<At>, refused: boolean): RateSteps<At, boolean> {
  if (!couldFade(run.heard)) return false;
  if (!refused) return true;
  yield* untilAllForgotten(run, cycle);
  yield* burst(run, Math.min(cycle.limit - 1, proofOfWindow(cycle, run.given.assumedWindow)));
  return couldFade(run.heard);
}

/**
 * A poll that came late, or a window that began with a second, leaves several lengths open: the window that the
 * recovery began tells, in which `sent` were accepted already. It must allow as many: else what was counted before ours
 * had its share in the first.
 */
function* toTheSecond<At>(
  run: RateRun<At>,
  cycle: Cycle<At>,
  window: Length,
  sent: readonly Trial<At>[],
): RateSteps<At, RateEnd<At>> {
  const { limit, recovered } = cycle;
  const { assumedWindow } = run.given;
  const asExpected = window.low <= assumedWindow && assumedWindow <= window.high;
  const soFar = asExpected ? found(cycle, { ...window, kind: kindAtOnce(cycle) }) : null;
  run.settled = soFar;
  const lacking = run.lackingFor(cycle, window.high + 2);
  if (lacking !== null) return soFar ?? lacking;
  const more = yield* burst(run, 2 * limit + 20);
  const { trials, refused, stop } = burstOf([recovered, ...sent, ...more.trials], more.stop);
  if (refused === null) return stop === null ? otherwise(cycle, trials.length) : (soFar ?? run.stopped(stop));
  const again = yield* recover(run, refused, window, { beginsWindow: true });
  const asMany = refused.limit === limit;
  if ('outcome' in again) return (asMany ? soFar : null) ?? again;
  const both = commonWindow([cycle, again]);
  if (asMany && both !== null) return yield* withKindSeen(run, cycle, both);
  run.settled = null;
  return yield* inWindows(run, again);
}
