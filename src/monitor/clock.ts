/** Time, so that a test can stand in for it. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Resolves when so many milliseconds are over, or the signal says that they need not be. Never rejects. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}
