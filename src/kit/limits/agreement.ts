import { burst } from './burst.ts';
import {
  agreedWindow,
  type Burst,
  burstOf,
  type Cycle,
  contradicts,
  leastAllowed,
  type Refused,
  windowOf,
} from './cycle.ts';
import { couldFade } from './fading.ts';
import { silenceFor } from './polls.ts';
import type { RateEnd, RateRun, RateSteps } from './rate-run.ts';
import { recover, settleIn, untilAllForgotten } from './recovery.ts';
import { withKindSeen } from './window-kind.ts';

/**
 * Where the window is not the one that was expected: more cycles, until three in a row agree in number and time. Every
 * other one comes right behind the moment when the limiter let us in again, as a fixed window has just begun then, and
 * the rest after twice the time that the window seems to take, by which a bucket has leaked, and what slides or is
 * longer has not forgotten. No more of them once no window fits what was answered.
 */
export function* untilTheyAgree<At>(run: RateRun<At>, first: Cycle<At>): RateSteps<At, RateEnd<At>> {
  let cycles: Cycles<At> = [first];
  for (const when of ['now', 'later', 'now', 'later'] as const) {
    const cycle = yield* another(run, cycles, when);
    if ('outcome' in cycle) return cycle;
    cycles = [...cycles, cycle];
    const window = agreedWindow(cycles);
    if (window !== null && !couldFade(run.heard)) return yield* withKindSeen(run, cycle, window);
    if (contradicts(cycles)) break;
  }
  return noWindow(run, cycles);
}

/** The first, and what came after it. */
export type Cycles<At> = readonly [Cycle<At>, ...Cycle<At>[]];

/**
 * Another cycle, in a window that the event which was let in again has begun, or that is empty if it is as long as it
 * seems. Where that window allows less than one must, no more is waited for.
 */
export function* another<At>(
  run: RateRun<At>,
  cycles: Cycles<At>,
  when: 'now' | 'later',
): RateSteps<At, Cycle<At> | RateEnd<At>> {
  const last = cycles.at(-1) ?? cycles[0];
  const seems = windowOf(last);
  const { assumedWindow } = run.given;
  const pause = seems.high <= assumedWindow / 2 ? 2 * seems.high + 2 : silenceFor(seems.high) + 2;
  const lacking = run.lackingFor(last, when === 'later' ? pause + seems.high + 2 : secondsNow(last));
  if (lacking !== null) return lacking;
  if (when === 'later') yield* run.quiet(pause, 'as many again');
  else yield* untilAllForgotten(run, last);
  const more = yield* burst(run, 2 * last.limit + 20);
  const sent = when === 'now' ? burstOf([last.recovered, ...more.trials], more.stop) : more;
  const { refused } = sent;
  if (refused === null || refused.limit === 0) return otherThan(run, last, sent);
  run.noteRefused(refused);
  if (when === 'now') settleIn(run, refused, last.recovered.sentAt, last);
  if (when === 'now' && refused.limit < leastAllowed(cycles)) return noWindow(run, cycles, refused);
  return yield* recover(run, refused, seems, { beginsWindow: when === 'now' });
}

/**
 * Seconds that a burst right now, and what tells its window, take at least: of a fixed one the last cycle told enough.
 */
const secondsNow = (last: Cycle<unknown>): number => (last.refusal.inItsWords ? 1 : windowOf(last).high + 2);

/** The end where a burst was not refused behind some that were taken, as the last was. */
function otherThan<At>(run: RateRun<At>, last: Cycle<At>, { trials, refused, stop }: Burst<At>): RateEnd<At> {
  if (refused !== null) return otherwise(last, 'first');
  return stop === null ? otherwise(last, trials.length) : run.stopped(stop);
}

/** The end where cycles, and a burst behind them, fit no window: what they fit instead. */
export function noWindow<At>({ heard }: RateRun<At>, cycles: Cycles<At>, then?: Refused<At>): RateEnd<At> {
  const [first] = cycles;
  const all: readonly Refused<At>[] = then === undefined ? cycles : [...cycles, then];
  const other = all.findLast(({ limit }) => limit !== first.limit) ?? first;
  if (couldFade(heard)) return fades(first, other);
  if (other !== first) return differs(first, other.limit, other.refusal.at);
  const evidence = [first.refusal.at, ...all.slice(-1).map(({ refusal }) => refusal.at)];
  return { outcome: 'doubt', fact: { kind: 'irregular', limit: first.limit }, evidence };
}

/** What was answered fits a limiter without a window. */
export function fades<At>({ limit, refusal, began, recovered }: Cycle<At>, other: Refused<At>): RateEnd<At> {
  const differs = other.limit !== limit;
  const after = recovered.sentAt - began.from;
  return {
    outcome: 'doubt',
    fact: { kind: 'fades', limit, other: differs ? other.limit : null, after },
    evidence: [refusal.at, recovered.at, ...(differs ? [other.refusal.at] : [])],
  };
}

export function differs<At>({ limit, refusal }: Cycle<At>, other: number, at: At): RateEnd<At> {
  return { outcome: 'doubt', fact: { kind: 'differs', one: limit, other }, evidence: [refusal.at, at] };
}

export function otherwise<At>({ limit, refusal }: Cycle<At>, other: 'first' | number): RateEnd<At> {
  return { outcome: 'doubt', fact: { kind: 'otherwise', limit, other }, evidence: [refusal.at] };
}
