import { burst, slowedAfter } from './burst.ts';
import type { Burst, Refused } from './cycle.ts';
import { byRecovery } from './expected-window.ts';
import { afterWindow, silenceFor, slack } from './polls.ts';
import type { Window } from './rate-question.ts';
import { found, type RateEnd, type RateRun, type RateSteps } from './rate-run.ts';
import { outOfTime } from './words.ts';

/** Which steps find the number that a limiter allows: see `measureRate`. */
export function* rateStrategy<At>(run: RateRun<At>): RateSteps<At, RateEnd<At>> {
  return (yield* inSharedWindow(run)) ?? (yield* inEmptyWindow(run)) ?? (yield* inFreshWindow(run));
}

/** Worth the window that each of them may save, where nothing is known of it. */
const earlyPolls = 4;

/**
 * In a window that was empty before, in which the bursts of other kinds were sent already and none was refused: another
 * that is not refused either needs no silence of its own. Before the first silence a burst is only a look. A refusal
 * whose words tell a fixed window is gone on from, in either; null where that, or anything else, tells nothing: what
 * was counted before may have its share in it.
 */
function* inEmptyWindow<At>(run: RateRun<At>): RateSteps<At, RateEnd<At> | null> {
  const { emptyUntil, maxEvents, looksFirst } = run.given;
  const until = emptyUntil ?? (looksFirst ? run.end : null);
  if (until === null || run.now >= until) return null;
  // Ends what is open beside: a refusal can be for the rate alone then.
  yield* run.quiet(0, 'nothing beside');
  const sent = yield* burst(run, maxEvents, until);
  const { trials, refused, stop } = sent;
  if (stop?.doubt === 'prerequisite') return run.stopped(stop);
  const last = trials.at(-1);
  const isWhole = refused === null && stop === null && last !== undefined && last.answeredAt <= until;
  if (isWhole && emptyUntil !== null && slowedAfter(trials) === null) return unrefused(run, sent);
  run.looked = run.heard.length;
  if (run.given.window === null && refused !== null && refused.limit > 0 && refused.refusal.inItsWords) {
    // What was counted before has its share in this; the window that begins when it is over tells the number.
    run.noteRefused(refused);
    return yield* byRecovery(run, refused, run.now, earlyPolls);
  }
  run.atFirst = refused?.limit ?? 0;
  return null;
}

/**
 * In the window that another limiter of this service has begun as it let us in again: all counters began anew then
 * (Postfix's anvil), and of these events there was none since. Null where that comes to nothing.
 */
function* inSharedWindow<At>(run: RateRun<At>): RateSteps<At, RateEnd<At> | null> {
  const { window, windowLasts, maxEvents } = run.given;
  if (window === null || windowLasts === null || run.now + window.low / 3 > windowLasts) return null;
  const sent = yield* burst(run, maxEvents, windowLasts);
  const { trials, refused, stop } = sent;
  if (stop?.doubt === 'prerequisite') return run.stopped(stop);
  const last = trials.at(-1);
  if (last === undefined || last.answeredAt + slack > windowLasts || stop !== null) return null;
  if (refused === null) return unrefused(run, sent);
  return refused.refusal.inItsWords && refused.limit > 0 ? found(refused, window) : null;
}

function* inFreshWindow<At>(run: RateRun<At>): RateSteps<At, RateEnd<At>> {
  const { window, assumedWindow } = run.given;
  const silence = window === null ? silenceFor(assumedWindow) : afterWindow(window);
  const since = yield* run.quiet(silence, 'empty window');
  run.largest = [];
  const sent = yield* burst(run);
  const { trials, refused } = sent;
  const [first] = trials;
  if (refused === null || first === undefined) return unrefused(run, sent);
  if (refused.limit === 0) {
    const fact = { kind: 'first-refused', silence: first.sentAt - since } as const;
    return { outcome: 'doubt', fact, evidence: [first.at] };
  }
  run.noteRefused(refused);
  if (window !== null && refused.refusal.inItsWords) return inKnownWindow(refused, first.sentAt, window);
  return yield* byRecovery(run, refused, since);
}

function inKnownWindow<At>(refused: Refused<At>, began: number, window: Window): RateEnd<At> {
  const took = refused.refusal.answeredAt - began;
  const shortest = window.kind === 'fixed' ? window.low : (window.low * 5) / 6;
  return took + slack > shortest ? slowBurst(took, window.low, refused.refusal.at) : found(refused, window);
}

function unrefused<At>(run: RateRun<At>, { trials, stop }: Burst<At>): RateEnd<At> {
  const { seconds, window, assumedWindow } = run.given;
  const first = trials[0];
  const last = trials.at(-1);
  if (stop !== null || first === undefined || last === undefined) return run.stopped(stop ?? outOfTime(seconds));
  const after = slowedAfter(trials);
  if (after !== null) return { outcome: 'slowed', after, last: last.at };
  const took = last.answeredAt - first.sentAt;
  const longest = window?.low ?? assumedWindow;
  return took > longest ? slowBurst(took, longest, last.at) : { outcome: 'none', last: last.at };
}

const slowBurst = <At>(took: number, window: number, at: At): RateEnd<At> => ({
  outcome: 'doubt',
  fact: { kind: 'slow-burst', took, window },
  evidence: [at],
});
