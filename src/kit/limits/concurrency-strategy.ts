import type { Cite } from '../../model/transcript.ts';
import type { Answered, ConcurrencyEnd, ConcurrencyRun, ConcurrencySteps, KnownRate } from './concurrency-run.ts';
import { afterWindow } from './polls.ts';
import { type ConcurrencyDoubt, outOfTime } from './words.ts';

/** Which steps find the number of connections that one client may hold: see `measureConcurrency`. */
export function* concurrencyStrategy(run: ConcurrencyRun): ConcurrencySteps<ConcurrencyEnd> {
  const { silence, maxEvents, rate } = run.given;
  yield* run.pause('quiet', silence, 'empty window');
  run.began = run.now;
  run.heldBefore = run.held;
  while (run.tried < maxEvents) {
    const heard = yield* run.open();
    if ('outcome' in heard) return heard;
    if (heard.kind === 'greeted') continue;
    run.refused = heard.at;
    const end =
      whereOursAreGone(run, heard.at) ??
      (yield* rate === null ? byClosing(run, heard.at) : byRate(run, heard.at, rate));
    if (end !== null) return end;
  }
  return unrefused(run);
}

/** A refusal says nothing of the number where none is held, or others than those that were counted. */
function whereOursAreGone({ tried, overRate, held, heldBefore }: ConcurrencyRun, at: Cite): ConcurrencyEnd | null {
  if (held <= heldBefore) return doubt({ kind: 'first-refused' }, at);
  const gone = tried - 1 - overRate - (held - heldBefore);
  return gone === 0 ? null : doubt({ kind: 'closed-meanwhile', count: gone }, at);
}

/**
 * A refusal before their rate is used up is for their number. Else all are held until its window is over; null: go on.
 */
function* byRate(run: ConcurrencyRun, at: Cite, rate: KnownRate): ConcurrencySteps<ConcurrencyEnd | null> {
  const { held, last } = run;
  if (run.inWindow <= rate.limit) return { outcome: 'found', limit: held, at, again: null, last };
  const pause = afterWindow(rate.window);
  if (run.now + pause > run.began + run.given.seconds) return run.stopped(outOfTime(run.given.seconds));
  yield* run.pause('wait', pause, { kind: 'their rate', held });
  run.overRate += 1;
  run.inWindow = 0;
  return null;
}

/** Seconds that a server gets to notice that a connection has ended. */
const settleSeconds = 0.5;

/**
 * Seconds after which a limiter of their rate has forgotten everything, if it forgot anything at all in the `seen`
 * seconds from the first connection to the one that was taken after the refusal: its window can be no longer than
 * those, or a fifth longer where it slides in six parts; and it may end a second late where it counts whole seconds.
 */
const forgetSeconds = (seen: number): number => seen * 1.2 + 1.1;

/** One is closed and another tried, and one more when every rate must be forgotten. */
function* byClosing(run: ConcurrencyRun, at: Cite): ConcurrencySteps<ConcurrencyEnd> {
  const limit = run.held;
  yield* run.closeOne();
  yield* run.pause('wait', settleSeconds, 'closed one');
  const next = yield* run.open();
  const isShut = 'kind' in next && next.isMute === true;
  const freed = isShut ? yield* whenItOpens(run, next) : next;
  if ('outcome' in freed) return freed;
  if (freed.kind === 'refused') return { outcome: 'rate-first', at: freed.at, refused: 'all the same' };
  yield* run.pause('wait', forgetSeconds(run.now - run.began), 'any rate');
  const closed = limit - run.held;
  const again = yield* run.open();
  if ('outcome' in again) return again;
  if (closed > 0) return doubt({ kind: 'closed-meanwhile', count: closed }, at);
  if (again.kind === 'greeted') return { outcome: 'rate-first', at, refused: 'for a while' };
  if (isShut) return { outcome: 'process-pool', at, last: run.last, shut: true };
  return { outcome: 'found', limit, at, again: again.at, last: run.last };
}

/** Seconds between two looks at a door that is shut, and how many there are: Sendmail opens it every 15 s. */
const looks = { apart: 4, most: 10 };

/**
 * A server with all its processes at work may stop to listen, and does not begin again at once when one of them is done
 * (Sendmail `MaxDaemonChildren`): a limit on clients does.
 */
function* whenItOpens(run: ConcurrencyRun, shut: Answered): ConcurrencySteps<Answered | ConcurrencyEnd> {
  let heard: Answered | ConcurrencyEnd = shut;
  for (let look = 0; look < looks.most && 'kind' in heard && heard.isMute === true; look++) {
    yield* run.pause('wait', looks.apart, 'open again');
    heard = yield* run.open();
  }
  return heard;
}

function unrefused({ given, overRate, held, heldBefore, last }: ConcurrencyRun): ConcurrencyEnd {
  const gone = given.maxEvents - overRate - (held - heldBefore);
  return last === null || gone > 0 ? doubt({ kind: 'closed-meanwhile', count: gone }, last) : { outcome: 'none', last };
}

const doubt = (fact: ConcurrencyDoubt, at: Cite | null): ConcurrencyEnd => ({
  outcome: 'doubt',
  fact,
  evidence: at === null ? [] : [at],
});
