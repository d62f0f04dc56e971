import type { Schedule } from '../config/config.ts';
import type { Due } from '../store.ts';
import { periodAt, type Timed } from './due.ts';
import { spreadOver } from './spread.ts';
import { opensAt, windowLength } from './window.ts';

/** Late runs of many monitors are not begun all at once. */
const longestStagger = 30 * 60_000;

/**
 * When a run may begin, in ms since 1970: at `now`, but for one that makes up for others, which is put off by up to a
 * quarter of the period, and for one whose window is closed, which waits until it opens and is spread over its first
 * quarter. `now` is when the run was claimed.
 */
export function startOf(
  monitor: string,
  schedule: Timed & Pick<Schedule, 'window'>,
  { dueAt, missed }: Due,
  now: number,
): number {
  const stagger = missed === 0 ? 0 : Math.min(periodAt(monitor, schedule, dueAt) / 4, longestStagger);
  const at = now + spreadOver(stagger, monitor, schedule.name, dueAt);
  const { window, timezone } = schedule;
  if (window === null) return at;
  const opens = opensAt(window, timezone, at);
  const inside = Math.min(windowLength(window) / 4, longestStagger);
  return opens === at ? at : opens + spreadOver(inside, monitor, schedule.name, dueAt);
}
