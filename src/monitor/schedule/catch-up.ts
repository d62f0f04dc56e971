import type { Due } from '../store.ts';

/** Due times that are counted one by one: a minute's schedule that nobody ran for a day has 1440 of them. */
const mostMissed = 10_000;

/**
 * Of the due times from `first` on that have come by `now`: the newest, how many were before it, and the one that is to
 * come. `after` gives the due time that follows one.
 */
export function newestDue(
  first: number,
  now: number,
  after: (due: number) => number | null,
): Due & { readonly next: number | null } {
  let dueAt = first;
  let missed = 0;
  let next = after(first);
  while (next !== null && next <= now && missed < mostMissed) {
    dueAt = next;
    missed += 1;
    next = after(next);
  }
  return { dueAt, missed, next: next !== null && next <= now ? after(now) : next };
}
