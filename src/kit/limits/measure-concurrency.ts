import type { Trouble } from '../../model/trouble.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import {
  type ConcurrencyCame,
  type ConcurrencyEnd,
  type ConcurrencyGiven,
  ConcurrencyRun,
  type ConcurrencyStep,
} from './concurrency-run.ts';
import { concurrencyStrategy } from './concurrency-strategy.ts';
import type { Opening } from './connections.ts';
import type { Clock, RateQuestion } from './rate-question.ts';
import { follow } from './strategy.ts';
import { concurrencyWords, troubleIn, waitWords } from './words.ts';

/** What to open and close connections with. */
export interface HeldConnections {
  /** Those still open. */
  readonly count: number;
  /** One more. It is held where it is greeted; where it stays silent all are let go. Fails with a `TroubleError`. */
  open(): Promise<Opening>;
  closeOne(): Promise<void>;
}

export interface ConcurrencyQuestion extends ConcurrencyGiven {
  readonly clock: Clock;
  readonly quiet: RateQuestion<unknown>['quiet'];
  readonly held: HeldConnections;
}

/** What a measurement comes to. `held`: the most that were open; `seconds`: since the first. */
export type Concurrency = { readonly held: number; readonly tried: number; readonly seconds: number } & (
  | Exclude<ConcurrencyEnd, { outcome: 'doubt' }>
  | ({ readonly outcome: 'doubt' } & Trouble)
);

/**
 * Finds how many connections one client may hold. The first refusal says no more than that some limiter tripped, of
 * their number or of their rate.
 *
 * Where their rate is known, no more than that can tell: what is refused before the rate is used up is refused for
 * their number. If the rate was used up, all are held until its window is over, and the next is the first of a new one.
 *
 * Else one connection is closed and another tried. Refused, it is their rate. Taken, it is either their number, or
 * their rate in a window that was over just then: so all are held until such a window must be over again, and one more
 * is tried. Refused, with as many held as before, it can only be their number. Neither of the two can be spared: the
 * first tells a rate in a long window, the second one in a short window or a bucket that leaks.
 */
export async function measureConcurrency(question: ConcurrencyQuestion): Promise<Concurrency> {
  const { clock } = question;
  const run = new ConcurrencyRun(question, clock.now());
  const end = await endOf(run, question);
  const seconds = Math.round((clock.now() - run.began) * 1000) / 1000;
  const effort = { held: run.most, tried: run.tried, seconds };
  if (end.outcome !== 'doubt') return { ...effort, ...end };
  const { outcome, fact, evidence } = end;
  return { ...effort, ...troubleIn(fact), outcome, because: concurrencyWords(fact), evidence };
}

async function endOf(run: ConcurrencyRun, question: ConcurrencyQuestion): Promise<ConcurrencyEnd> {
  try {
    return await follow(concurrencyStrategy(run), (step) => perform(question, step));
  } catch (error) {
    return run.interrupted(troubleOf(error));
  }
}

async function perform({ clock, quiet, held }: ConcurrencyQuestion, step: ConcurrencyStep): Promise<ConcurrencyCame> {
  let heard: Opening | null = null;
  if (step.kind === 'open') heard = await opening(held);
  else if (step.kind === 'close') await held.closeOne();
  else if (step.kind === 'wait') await clock.wait(step.seconds, waitWords(step.why));
  else await quiet(step.seconds, waitWords(step.why));
  return { now: clock.now(), held: held.count, heard };
}

async function opening(held: HeldConnections): Promise<Opening> {
  try {
    return await held.open();
  } catch (error) {
    return { kind: 'trouble', met: troubleOf(error) };
  }
}
