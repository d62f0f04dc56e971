import { isNegative, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { isAnvils } from '../../mta/anvil.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import { afterWindow, silenceFor } from './polls.ts';
import type { RateResult, Window } from './rate-question.ts';

/** Seconds of a window in which several bursts still lie in it whole, whatever part of its length that is. */
const sharedPart = 0.6;

/** What is known of the limiters of one service: all probes of an endpoint share it, and note what they have learnt. */
export class Service {
  readonly #assumedWindow: number;
  #window: Window | null = null;
  #windowLasts: number | null = null;
  #counts = false;
  #isTripped = false;
  #emptySince: number | null = null;
  readonly #idle: Resolvable<number | null> = resolvable();
  /** Sessions that wait for the server to lose patience. */
  readonly waiting = new Set<{ readonly isHealthy: boolean }>();

  /** Whether a refusal may tell a fixed window by its words (Postfix's anvil). */
  readonly #mayBePostfix: () => boolean;

  /** `mayBePostfix`: whether the server is recognised as that by now, or as nothing else. */
  constructor(assumedWindow: number, mayBePostfix: () => boolean = () => false) {
    this.#assumedWindow = assumedWindow;
    this.#mayBePostfix = mayBePostfix;
  }

  /** The window that all counters of a service share (Postfix's anvil): as the first limiter that trips has told it. */
  get window(): Window | null {
    return this.#window;
  }

  /** Until when, at least, the window lasts that began as a limiter let us in again, on the clock. */
  get windowLasts(): number | null {
    return this.#windowLasts;
  }

  /** A limiter has refused us: then we are no client that is left out of them. */
  get counts(): boolean {
    return this.#counts;
  }

  /** A limiter was tripped: what comes next on this service waits until its window has passed. */
  get isTripped(): boolean {
    return this.#isTripped;
  }

  /** Seconds of silence after which its windows are empty, as far as is known. */
  get silence(): number {
    return this.#window === null ? silenceFor(this.#assumedWindow) : afterWindow(this.#window);
  }

  /**
   * Until when what is counted lies in one window that was empty before, with nothing refused in it since; null where
   * that is not so.
   */
  get emptyUntil(): number | null {
    const window = this.#window?.low ?? this.#assumedWindow;
    return this.#emptySince === null ? null : this.#emptySince + sharedPart * window;
  }

  /**
   * Whether the first silence is so long that a burst before it is worth it: the words of a refusal may tell a fixed
   * window (Postfix's anvil), which then needs none.
   */
  get isWorthALook(): boolean {
    const isKnown = this.#window !== null || this.#counts;
    return !isKnown && this.silence >= 60 && this.#mayBePostfix();
  }

  /** Seconds that a silent session lasts, as soon as that is told; null where it is not. */
  get idle(): Promise<number | null> {
    return this.#idle.promise;
  }

  noteIdle(seconds: number | null): void {
    this.#idle.resolve(seconds);
  }

  /** How many sessions wait now. */
  get waitingNow(): number {
    return [...this.waiting].filter(({ isHealthy }) => isHealthy).length;
  }

  /** A window has begun that lasts until then, at least. */
  noteWindow(until: number): void {
    this.#windowLasts = until;
  }

  /** What the measuring of a rate has come to. */
  noteRate(result: RateResult<Cite>): void {
    if (result.outcome === 'found' || (result.outcome === 'doubt' && result.tripped)) this.noteRefusal();
    if (result.outcome === 'found' && isAnvils(result.refusal.quote)) this.#window ??= result.window;
  }

  /** A limiter on clients has refused us. */
  noteRefusal(): void {
    this.#counts = true;
    this.#isTripped = true;
    this.#emptySince = null;
  }

  /** The same, where this is the refusal of one. */
  noteReply(reply: Reply | undefined): void {
    if (reply === undefined || !isNegative(reply)) return;
    const meaning = meaningOf(reply, { stage: 'rcpt' });
    if (['limit-recipient-rate', 'limit-messages', 'limit-connections'].includes(meaning)) this.noteRefusal();
  }

  /** It has greeted no more of us: all its processes may have been ours. */
  noteFull(): void {
    this.#isTripped = true;
    this.#emptySince = null;
  }

  /** It was left alone for so many seconds, until now. */
  noteSilence(seconds: number, now: number): void {
    if (seconds < this.silence) return;
    this.#isTripped = false;
    this.#emptySince = now;
  }
}

/** A promise, and what resolves it. */
interface Resolvable<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

function resolvable<T>(): Resolvable<T> {
  let resolve: Resolvable<T>['resolve'] = () => {};
  const promise = new Promise<T>((told) => {
    resolve = told;
  });
  return { promise, resolve };
}
