import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
/** Time as a measurement sees it: injected, so that tests own it. */
export interface Clock {
  /** Seconds since some fixed moment. */
  now(): number;
  /** Says why while it waits. Fails with a `TroubleError` where the scan is ended meanwhile. */
  wait(seconds: number, why: string): Promise<void>;
}

/**
 * One event that a limiter may count. The server counted it between `sentAt` and `answeredAt`; where it took a new
 * connection, `sentAt` is the moment before that.
 */
export interface Trial<At> {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly accepted: boolean;
  /**
   * A refusal in the words of Postfix's anvil, for this very limit: where its window is known, a second proof is
   * spared.
   */
  readonly inItsWords: boolean;
  /** Where the transcript has the answer. */
  readonly at: At;
}

/** What became of events; `stop`: why no more can be put before the server. */
export interface Asked<At> {
  readonly trials: readonly Trial<At>[];
  readonly stop: Trouble | null;
}

/** What is known of a service's window: its length lies between `low` and `high` seconds, both included. */
export interface Window {
  readonly low: number;
  readonly high: number;
  /**
   * `fixed`: begins with an event, ends all at once (Postfix's anvil). `sliding`: forgets each event by itself, or a
   * part at a time (Sendmail). `untold`: one of the two.
   */
  readonly kind: LimiterKind;
}

export interface RateQuestion<At> {
  readonly clock: Clock;
  /** Puts events before the server, in order; fewer where a stop comes between. */
  ask(count: number): Promise<Asked<At>>;
  /** Waits until nothing of ours was counted for so long. Resolves to the time since when that is so. */
  quiet(seconds: number, why: string): Promise<number>;
  /** Most events in all, but for the few that ask whether the limiter lets us in again. */
  readonly maxEvents: number;
  /** The longest window that is expected, in seconds; one up to twice as long is noticed. */
  readonly assumedWindow: number;
  /** Where an earlier measurement on the same service has found it. */
  readonly window: Window | null;
  /**
   * Until when, at least, the window lasts that another limiter of the service has begun; null: there is none that may
   * be shared.
   */
  readonly windowLasts: number | null;
  /**
   * Until when what is counted lies in one window that was empty before, and in which nothing was refused; null where
   * that is not known.
   */
  readonly emptyUntil: number | null;
  /** Whether a burst comes before the first silence, as refusals may tell a fixed window by their words. */
  readonly looksFirst: boolean;
  /** Told until when, at least, the window lasts that began as the limiter let us in again. */
  noteWindow(until: number): void;
  /** Seconds that the whole may take. */
  readonly seconds: number;
}

export const limiterKinds = ['fixed', 'sliding', 'untold'] as const;
export type LimiterKind = (typeof limiterKinds)[number];

interface Effort {
  /** Events in the largest burst. */
  readonly tried: number;
  /** From the first event of that burst to the answer to its last. */
  readonly seconds: number;
  /** Events in all, polls included. */
  readonly events: number;
}

/** What a measurement comes to. `limit` is never a guess: what cannot be proven is a doubt. */
export type RateResult<At> = Effort &
  (
    | RateTold<At>
    | (Omit<Trouble, 'evidence'> & {
        readonly outcome: 'doubt';
        readonly evidence: readonly (At | Cite)[];
        /** Whether something refused us: then we are counted, whatever the number is. */
        readonly tripped: boolean;
        /** How many were accepted before the first refusal, where there was one. Not proven. */
        readonly refusedAfter?: number;
      })
  );

/** What could be told. */
export type RateTold<At> =
  | {
      readonly outcome: 'found';
      readonly limit: number;
      readonly kind: LimiterKind;
      readonly window: Window | null;
      readonly refusal: At;
      readonly accepted: At | null;
    }
  | { readonly outcome: 'none'; readonly last: At }
  /** Nothing is refused, and from the event behind the first `after` on every answer takes its time. */
  | { readonly outcome: 'slowed'; readonly after: number; readonly last: At };
