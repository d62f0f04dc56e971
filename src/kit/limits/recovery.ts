import { usualWait } from './burst.ts';
import { type Cycle, isInOneWindow, type Refused, spreadOf } from './cycle.ts';
import { couldFade } from './fading.ts';
import { type Length, nextPoll, slack } from './polls.ts';
import { found, mostPolls, type RateEnd, type RateRun, type RateSteps } from './rate-run.ts';
import { outOfTime } from './words.ts';

/**
 * Asks again and again, one event each time, until one is accepted: at the moments that tell a window of the `expected`
 * length. `early`: questions ahead of it, where more than a tenth of the events are worth that.
 */
export function* recover<At>(
  run: RateRun<At>,
  refused: Refused<At>,
  expected: Length,
  { beginsWindow = false, early = 0 }: { readonly beginsWindow?: boolean; readonly early?: number } = {},
): RateSteps<At, Cycle<At> | RateEnd<At>> {
  const { trials, limit, refusal } = refused;
  const first = trials[0] ?? refusal;
  const began = { from: first.sentAt, to: first.answeredAt };
  const sentBy = run.now;
  let lastRefused = refusal;
  // What went out in one block with the refusal.
  for (const trial of trials.slice(limit + 1)) {
    if (trial.accepted) return { ...refused, began, beginsWindow, lastRefused, recovered: trial, gap: 0 };
    lastRefused = trial;
  }
  let gap = 0;
  let trip: number | null = null;
  while (true) {
    const time = nextPoll({
      began,
      sentBy,
      now: run.now,
      expected,
      trip: trip ?? usualWait(trials),
      early: Math.max(early, Math.floor(limit / 10)),
      inItsWords: refusal.inItsWords,
    });
    if (time === null || time > run.end || run.polls === mostPolls) break;
    run.polls += 1;
    yield* run.wait(time - run.now, { kind: 'let in', limit });
    const { trials: polled, stop } = yield* run.ask(1);
    const [trial] = polled;
    if (trial === undefined) return run.stopped(stop ?? outOfTime(run.given.seconds));
    if (trial.accepted) {
      run.lastLetIn = trial;
      return { ...refused, began, beginsWindow, lastRefused, recovered: trial, gap };
    }
    gap = Math.max(gap, trial.sentAt - lastRefused.answeredAt);
    trip ??= trial.answeredAt - trial.sentAt;
    lastRefused = trial;
  }
  if (beginsWindow) settleIn(run, refused, began.from, { refusal, lastRefused });
  const waited = lastRefused.answeredAt - began.from;
  return { outcome: 'doubt', fact: { kind: 'never-let-in', limit, waited }, evidence: [refusal.at, lastRefused.at] };
}

/**
 * The number is told where a burst lies in one fixed window whole, as refusals show that it lasts, however long that
 * is.
 */
export function settleIn<At>(
  run: RateRun<At>,
  burst: Refused<At>,
  since: number,
  refusals: Pick<Cycle<At>, 'refusal' | 'lastRefused'>,
): void {
  if (run.settled !== null || !isInOneWindow(burst, since, refusals)) return;
  if (!couldFade(run.heard)) run.settled = found(burst, null);
}

/**
 * What keeps a log of moments has forgotten the first event of a burst when it lets us in again, and forgets the others
 * one by one: waits until the last of them is as old. A fixed window, such as the one that Postfix's words tell, has
 * forgotten them all.
 */
export function* untilAllForgotten<At>(run: RateRun<At>, cycle: Cycle<At>): RateSteps<At, void> {
  if (cycle.refusal.inItsWords) return;
  const then = cycle.recovered.answeredAt + spreadOf(cycle) + slack;
  if (then > run.now) yield* run.wait(then - run.now, 'all forgotten');
}
