import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { Opening } from './connections.ts';
import type { Window } from './rate-question.ts';
import { inTheWay } from './rate-source.ts';
import type { Pause, Strategy } from './strategy.ts';
import type { ConcurrencyDoubt, Waiting } from './words.ts';

/** What a measurement of connections at once does next. `close`: lets go of one that is held. */
export type ConcurrencyStep = { readonly kind: 'open' } | { readonly kind: 'close' } | Pause<Waiting>;

/** What came of a step. `held`: how many are open now; `heard`: how the new one began. */
export interface ConcurrencyCame {
  readonly now: number;
  readonly held: number;
  readonly heard: Opening | null;
}

export type ConcurrencySteps<T> = Strategy<ConcurrencyStep, ConcurrencyCame, T>;

/** What it comes to, before it is put in words. */
export type ConcurrencyEnd =
  /** `at`: the refusal; `again`: the second one, where it took two; `last`: the latest that was greeted. */
  | {
      readonly outcome: 'found';
      readonly limit: number;
      readonly at: Cite;
      readonly again: Cite | null;
      readonly last: Cite | null;
    }
  /**
   * Silence, or a door that stayed shut for a while after one of ours had gone: every process of the service may have
   * been ours.
   */
  | { readonly outcome: 'process-pool'; readonly at: Cite; readonly last: Cite | null; readonly shut?: true }
  /** Refused whether or not one was closed, or taken later though as many were held: their rate. */
  | { readonly outcome: 'rate-first'; readonly at: Cite; readonly refused: 'all the same' | 'for a while' }
  | { readonly outcome: 'none'; readonly last: Cite }
  | { readonly outcome: 'doubt'; readonly fact: ConcurrencyDoubt; readonly evidence: readonly Cite[] };

/** How many connections may be made in a window, where that was measured on this service. */
export interface KnownRate {
  readonly limit: number;
  readonly window: Window;
}

export interface ConcurrencyGiven {
  /** Seconds of silence before the first: the count of a rate limiter must not reach from before. */
  readonly silence: number;
  readonly maxEvents: number;
  readonly rate: KnownRate | null;
  /** Seconds that the whole may take. */
  readonly seconds: number;
}

/** How a connection began that was greeted or refused. */
export type Answered = Extract<Opening, { at: unknown }>;

/** One measurement while it goes on. */
export class ConcurrencyRun {
  readonly given: ConcurrencyGiven;
  now: number;
  began: number;
  held = 0;
  /** Held before the first, by other probes. */
  heldBefore = 0;
  /** The most that were held. */
  most = 0;
  tried = 0;
  /** Tried since their rate was last forgotten. */
  inWindow = 0;
  /** Refused while their rate was used up. */
  overRate = 0;
  /** The latest that was greeted. */
  last: Cite | null = null;
  refused: Cite | null = null;

  constructor(given: ConcurrencyGiven, now: number) {
    this.given = given;
    this.now = now;
    this.began = now;
  }

  /** One connection more, where it was greeted or refused; else what that comes to. */
  *open(): ConcurrencySteps<Answered | ConcurrencyEnd> {
    this.tried += 1;
    this.inWindow += 1;
    const { heard } = yield* this.#step({ kind: 'open' });
    if (heard === null) throw new Error('a connection that was opened has begun in some way');
    if ('met' in heard) return this.#unheard(heard);
    if (heard.kind === 'greeted') {
      this.most = Math.max(this.most, this.held);
      this.last = heard.at;
    }
    return heard;
  }

  *closeOne(): ConcurrencySteps<void> {
    yield* this.#step({ kind: 'close' });
  }

  *pause(kind: 'wait' | 'quiet', seconds: number, why: Waiting): ConcurrencySteps<void> {
    yield* this.#step({ kind, seconds, why });
  }

  stopped(met: Trouble): ConcurrencyEnd {
    return { outcome: 'doubt', fact: { kind: 'stopped', met, unproven: null }, evidence: met.evidence };
  }

  /** The end where the scan is ended meanwhile, or its time is over. */
  interrupted(met: Trouble): ConcurrencyEnd {
    const { refused, most } = this;
    const unproven = refused === null ? null : most;
    return {
      outcome: 'doubt',
      fact: { kind: 'stopped', met, unproven },
      evidence: refused === null ? [] : [refused],
    };
  }

  #unheard({ kind, met }: Extract<Opening, { met: unknown }>): ConcurrencyEnd {
    const [at] = met.evidence;
    if (kind === 'silent' && this.most > 0 && at !== undefined) return { outcome: 'process-pool', at, last: this.last };
    return this.stopped(inTheWay(met));
  }

  *#step(step: ConcurrencyStep): ConcurrencySteps<ConcurrencyCame> {
    const came = yield step;
    this.now = came.now;
    this.held = came.held;
    return came;
  }
}
