import type { Misplaced } from '../yaml/text.ts';
import type { MonitorConfig, Schedule } from './config/config.ts';
import { nextDue } from './schedule/due.ts';
import { isDueAtOnce } from './schedule/due-times.ts';

/** What `monitor check` says of a file. Times are ms since 1970. */
export interface Checked {
  readonly file: string;
  readonly at: number;
  /** In the order of the text. Where there are any, all the rest is empty. */
  readonly mistakes: readonly Misplaced[];
  readonly warnings: readonly Misplaced[];
  readonly monitors: readonly CheckedMonitor[];
}

export interface CheckedMonitor {
  readonly name: string;
  readonly group: string;
  readonly targets: readonly string[];
  readonly policy: string;
  readonly schedules: readonly CheckedSchedule[];
}

export interface CheckedSchedule {
  readonly schedule: Schedule;
  /** Whether it is scanned at once where the store has never seen it. */
  readonly isDueAtOnce: boolean;
  /** The next due times. One outside the window waits until that opens. */
  readonly next: readonly number[];
}

/** How many due times are told of each schedule of a monitor. */
const timesTold = 5;

/** What is due when, from `at` on. */
export function dueIn({ monitors }: MonitorConfig, at: number): CheckedMonitor[] {
  return monitors.map(({ name, group, targets, policy, schedules }) => ({
    name,
    group,
    targets: targets.map(({ input }) => input),
    policy: policy.name,
    schedules: schedules.map((schedule) => ({
      schedule,
      isDueAtOnce: isDueAtOnce(schedule),
      next: nextDue(name, schedule, at, timesTold),
    })),
  }));
}
