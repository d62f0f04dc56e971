import { troubleOf } from '../../wire/trouble-error.ts';
import type { RateQuestion, RateResult } from './rate-question.ts';
import { type RateCame, type RateEnd, RateRun, type RateStep } from './rate-run.ts';
import { rateStrategy } from './rate-strategy.ts';
import { follow } from './strategy.ts';
import { rateWords, troubleIn, waitWords } from './words.ts';

/**
 * Finds how many events a limiter allows, with as few events as can prove it: N are accepted and the next is refused,
 * all in one window that began with the first of them. A number comes out only where no other limiter (a fixed window
 * in whole seconds as Postfix's, one that slides, a leaking bucket) would have answered the same:
 *
 * - Where the window is known, silence for as long proves it empty, and a burst shorter than it cannot have seen its
 *   end: N + 1 events.
 * - Where it is not, the time until the limiter lets us in again decides: N + 5 events, see `nextPoll`. It must be the
 *   time that was expected, to the second, and the refusals must outlast the burst: then nothing was forgotten during
 *   it.
 * - Where it is another time, the window that began with the recovery must allow as many, or three bursts in a row must
 *   agree in number and time, one of them right behind the moment when it let us in again (a fixed window has just
 *   begun then), one after twice the time that it seems to take (a bucket leaks meanwhile, and what slides or is longer
 *   has not forgotten).
 * - Whatever forgets a little all the time, Exim's `ratelimit` above all, lets in one event after a while and looks
 *   like a window there: so another is sent right behind it, and the whole is played against such limiters.
 * - Whether a window is fixed or slides has no part in the number. Postfix's words tell a fixed one; for others the
 *   window that the recovery began is filled, with its first event ahead, and what is let in when it ends tells.
 *
 * What others, or the scan itself, had counted before the silence has no part in the number as long as the window is at
 * most twice as long as expected. A longer one, begun before the silence, that ends in the very second in which the
 * expected one would, cannot be told from it by one burst.
 */
export async function measureRate<At>(question: RateQuestion<At>): Promise<RateResult<At>> {
  const run = new RateRun<At>(question, question.clock.now());
  const end = await endOf(run, question);
  noteWindow(run, end, question);
  return resultOf(run, end);
}

/** Where the scan is ended meanwhile, or its time is over while this waits, what was seen by then is told. */
async function endOf<At>(run: RateRun<At>, question: RateQuestion<At>): Promise<RateEnd<At>> {
  try {
    return await follow(rateStrategy(run), (step) => perform(question, step));
  } catch (error) {
    return run.settled ?? run.stopped(troubleOf(error));
  }
}

async function perform<At>({ clock, ask, quiet }: RateQuestion<At>, step: RateStep): Promise<RateCame<At>> {
  let asked: Awaited<ReturnType<typeof ask>> = { trials: [], stop: null };
  let since = clock.now();
  if (step.kind === 'ask') asked = await ask(step.count);
  else if (step.kind === 'wait') await clock.wait(step.seconds, waitWords(step.why));
  else since = await quiet(step.seconds, waitWords(step.why));
  return { ...asked, now: clock.now(), since };
}

/** A fixed window that has begun as the limiter let us in again may serve the next measurement. */
function noteWindow<At>({ lastLetIn }: RateRun<At>, end: RateEnd<At>, question: RateQuestion<At>): void {
  if (end.outcome === 'found' && end.kind === 'fixed' && end.window !== null && lastLetIn !== null)
    question.noteWindow(lastLetIn.sentAt + end.window.low);
}

function resultOf<At>({ largest, heard, refused }: RateRun<At>, end: RateEnd<At>): RateResult<At> {
  const took = (largest.at(-1)?.answeredAt ?? 0) - (largest[0]?.sentAt ?? 0);
  const effort = { tried: largest.length, seconds: Math.round(took * 1000) / 1000, events: heard.length };
  if (end.outcome !== 'doubt') return { ...effort, ...end };
  const { outcome, fact, evidence } = end;
  const tripped = heard.some(({ accepted }) => !accepted);
  const after = refused === null ? {} : { refusedAfter: refused.limit };
  return { ...effort, ...troubleIn(fact), outcome, because: rateWords(fact), evidence, tripped, ...after };
}
