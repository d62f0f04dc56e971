import type { Receiving } from '../probe.ts';

/** Seconds between two looks: at first, and at most. */
const firstLook = 0.2;
const lastLook = 5;

/**
 * Looks until there is an answer, or until the time for mail is over; null then. A look that rejects is the last only
 * where the time is over: a mailbox may be out of reach for a moment.
 */
export async function awaitMail<T>(receiving: Receiving, look: () => Promise<T | null>): Promise<T | null> {
  const until = receiving.now() + receiving.waitSeconds;
  for (let gap = firstLook; ; gap = Math.min(lastLook, gap * 1.5)) {
    const left = until - receiving.now();
    const found = await look().catch((error: unknown) => {
      if (left <= 0) throw error;
      return null;
    });
    if (found !== null || left <= 0) return found;
    await receiving.pause(Math.min(gap, left));
  }
}
