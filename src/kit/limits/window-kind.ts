import { burst } from './burst.ts';
import type { Refused } from './cycle.ts';
import { couldFade } from './fading.ts';
import { type Length, slack } from './polls.ts';
import type { LimiterKind, Trial } from './rate-question.ts';
import { found, type RateEnd, type RateRun, type RateSteps } from './rate-run.ts';

/**
 * The number is proven; whether its window is fixed or slides is seen where it takes no more than time. Postfix's words
 * tell a fixed one. Else the window that the last recovery began, in which `sent` were accepted already, is filled,
 * some ahead of the others, only to see what is forgotten when it ends: those, or all.
 */
export function* withKindSeen<At>(
  run: RateRun<At>,
  refused: Refused<At>,
  window: Length,
  sent = 0,
): RateSteps<At, RateEnd<At>> {
  const kind = kindAtOnce(refused);
  const settled = found(refused, { ...window, kind });
  if (kind === 'fixed') return settled;
  run.settled = settled;
  const seen = yield* seeKind(run, window, 1 + sent, refused.limit - 1 - sent);
  return found(refused, { ...window, kind: seen });
}

/** What a window is without another look at it: one event is forgotten at once and by itself alike. */
export const kindAtOnce = ({ refusal, limit }: Refused<unknown>): LimiterKind =>
  refusal.inItsWords || limit === 1 ? 'fixed' : 'untold';

function* seeKind<At>(
  run: RateRun<At>,
  { low, high }: Length,
  ahead: number,
  behind: number,
): RateSteps<At, LimiterKind> {
  const end = run.now + high + 1 + slack;
  const remembered = (shortestSliding(run.heard, ahead + behind) * 5) / 6;
  const lead = Math.min(low / 2, end - run.now - remembered + margin);
  if (behind < 1 || run.left < behind + ahead + 1 || end > run.end) return 'untold';
  yield* run.wait(lead, 'first ahead');
  const full = yield* burst(run, behind);
  const [second] = full.trials;
  if (full.refused !== null || full.stop !== null || second === undefined) return 'untold';
  const windowEnds = (run.lastLetIn?.sentAt ?? 0) + low;
  if (second.answeredAt > windowEnds) return 'untold';
  yield* run.wait(end - run.now, 'one by one');
  const { trials, refused } = yield* burst(run, ahead + 1);
  if (refused !== null && refused.limit > 0) return couldFade(run.heard) ? 'untold' : 'sliding';
  const last = trials[ahead];
  const all = last !== undefined && last.answeredAt < second.sentAt + remembered;
  return refused === null && all ? 'fixed' : 'untold';
}

/**
 * Seconds that a window lasts at least if it slides and allows so many: what it refused was refused for as many events
 * of ours before it, its own refusals among them where it counts those.
 */
function shortestSliding(trials: readonly Trial<unknown>[], limit: number): number {
  const held = trials.slice(limit).flatMap(({ accepted, sentAt }, index) => {
    const oldest = trials[index];
    return accepted || oldest === undefined ? [] : [sentAt - oldest.answeredAt];
  });
  return Math.max(0, ...held);
}

/** Seconds by which the last event that tells a window may be late. */
const margin = 0.3;
