import type { DueTimes } from '../../src/monitor/store.ts';

/** Due at once, and again after each period of so many milliseconds; what was missed is made up for. */
export const dueEvery = (period: number): DueTimes => ({
  first: (_monitor, _schedule, now) => now,
  after: (_monitor, _schedule, due) => due + period,
  start: (_monitor, _schedule, _due, now) => now,
  catchesUp: () => true,
});
