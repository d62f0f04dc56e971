import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
import { type Refused, refusedIn } from './cycle.ts';
import type { Asked, RateQuestion, RateTold, Trial, Window } from './rate-question.ts';
import type { Pause, Strategy } from './strategy.ts';
import { type RateDoubt, tooLate, type Waiting } from './words.ts';

/** What a measurement of a rate does next. `ask`: puts so many events before the server. */
export type RateStep = { readonly kind: 'ask'; readonly count: number } | Pause<Waiting>;

/** What came of a step: no trials where it was a pause. `since`: when the silence of a `quiet` began. */
export interface RateCame<At> extends Asked<At> {
  readonly now: number;
  readonly since: number;
}

/** Part of the strategy, which comes to a `T`. */
export type RateSteps<At, T> = Strategy<RateStep, RateCame<At>, T>;

/** What a measurement comes to, before it is put in words. */
export type RateEnd<At> =
  | RateTold<At>
  | { readonly outcome: 'doubt'; readonly fact: RateDoubt; readonly evidence: readonly (At | Cite)[] };

/** Questions whether a limiter lets us in again, in all. */
export const mostPolls = 40;

/** One measurement while it goes on: what was heard so far, and what is left to spend. */
export class RateRun<At> {
  readonly given: Omit<RateQuestion<At>, 'clock' | 'ask' | 'quiet' | 'noteWindow'>;
  /** When its time is over. */
  readonly end: number;
  now: number;
  readonly heard: Trial<At>[] = [];
  /** Questions whether the limiter lets us in again. */
  polls = 0;
  /** Events of a first look, which told nothing. */
  looked = 0;
  /** How many it accepted: what forgets a little all the time accepts fewer later on. */
  atFirst = 0;
  /** The largest burst since the last silence for an empty window. */
  largest: readonly Trial<At>[] = [];
  /** The burst in an empty window that was refused: the first, or a later one that was allowed more. */
  refused: Refused<At> | null = null;
  lastLetIn: Trial<At> | null = null;
  /** What is proven already, while no more than the window is looked for. */
  settled: RateEnd<At> | null = null;

  constructor(given: RateRun<At>['given'], now: number) {
    this.given = given;
    this.now = now;
    this.end = now + given.seconds;
  }

  /** Events that may still be sent; polls, and those of a first look, are not among them. */
  get left(): number {
    return Math.max(0, this.given.maxEvents + this.polls + this.looked - this.heard.length);
  }

  /**
   * Whether so many more events may be sent that ask whether the limiter lets us in again. What is left counts for
   * them first; the rest comes on top, `mostPolls` in all.
   */
  mayAsk(count: number): boolean {
    const polls = this.polls + Math.max(0, count - this.left);
    if (polls > mostPolls) return false;
    this.polls = polls;
    return true;
  }

  *ask(count: number): RateSteps<At, Asked<At>> {
    const asked = yield* this.#step({ kind: 'ask', count });
    this.heard.push(...asked.trials);
    return asked;
  }

  *wait(seconds: number, why: Waiting): RateSteps<At, void> {
    yield* this.#step({ kind: 'wait', seconds, why });
  }

  /** Resolves to the time since when nothing of ours was counted. */
  *quiet(seconds: number, why: Waiting): RateSteps<At, number> {
    return (yield* this.#step({ kind: 'quiet', seconds, why })).since;
  }

  /** A burst in an empty window was refused. */
  noteRefused(refused: Refused<At>): void {
    if (this.refused === null || refused.limit > this.refused.limit) this.refused = refused;
  }

  /** The end where no more can be asked. */
  stopped(met: Trouble): RateEnd<At> {
    const { refused } = this;
    const fact = { kind: 'stopped', met, unproven: refused?.limit ?? null } as const;
    return { outcome: 'doubt', fact, evidence: [...(refused === null ? [] : refusedIn(refused)), ...met.evidence] };
  }

  /**
   * The end where the events or the time left are too few for another burst like this one and `seconds` more; else
   * null.
   */
  lackingFor({ limit, refusal }: Refused<At>, seconds: number): RateEnd<At> | null {
    if (this.now + seconds > this.end) return this.stopped(tooLate(this.given.seconds, seconds));
    return this.left > limit ? null : this.spent(limit, refusal);
  }

  /** The end where the events left are too few to prove what was refused. */
  spent(limit: number, refusal: Trial<At>): RateEnd<At> {
    const { maxEvents } = this.given;
    return { outcome: 'doubt', fact: { kind: 'spent', limit, maxEvents }, evidence: [refusal.at] };
  }

  *#step(step: RateStep): RateSteps<At, RateCame<At>> {
    const came = yield step;
    this.now = came.now;
    return came;
  }
}

/** The end with a number. `window`: null where it is fixed and nothing more is known of it. */
export function found<At>({ limit, refusal, accepted }: Refused<At>, window: Window | null): RateEnd<At> {
  return {
    outcome: 'found',
    limit,
    kind: window?.kind ?? 'fixed',
    window,
    refusal: refusal.at,
    accepted: accepted?.at ?? null,
  };
}
