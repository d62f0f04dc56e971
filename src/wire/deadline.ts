/** Seconds since some fixed moment; injectable, so that tests own time. */
export type Now = () => number;

export const monotonic: Now = () => performance.now() / 1000;

/**
 * One deadline for a whole dialogue, however many waits it is made of: a peer that answers a byte at a time gains
 * nothing.
 */
export class Deadline {
  readonly seconds: number;
  readonly #end: number;
  readonly #now: Now;

  constructor(seconds: number, now: Now = monotonic) {
    this.seconds = seconds;
    this.#now = now;
    this.#end = now() + seconds;
  }

  /** Seconds left, never below zero. */
  remaining(): number {
    return Math.max(0, this.#end - this.#now());
  }

  /** The shorter of one wait and what is left. */
  within(seconds: number): number {
    return Math.min(seconds, this.remaining());
  }
}
