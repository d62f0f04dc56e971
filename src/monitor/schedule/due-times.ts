import type { Monitor, Schedule } from '../config/config.ts';
import type { DueTimes } from '../store.ts';
import { dueAfter } from './due.ts';
import { spreadOver } from './spread.ts';
import { startOf } from './start.ts';

/**
 * The due times of all monitors, for the store. What nobody has seen yet is due at once, so that there is something to
 * look at; but for what is loud, or has a time of day for which people have been told. Many are begun a tenth of a
 * second apart, unless all is to be done at once.
 */
export function dueTimesOf(monitors: readonly Monitor[], isOnce = false): DueTimes {
  const firstSpread = isOnce ? 0 : 100 * monitors.length;
  const schedules = new Map(
    monitors.flatMap((monitor) =>
      monitor.schedules.map((schedule) => [JSON.stringify([monitor.name, schedule.name]), schedule] as const),
    ),
  );
  const named = (monitor: string, schedule: string) => schedules.get(JSON.stringify([monitor, schedule]));
  const after = (monitor: string, name: string, due: number) => {
    const schedule = named(monitor, name);
    return schedule === undefined ? null : dueAfter(monitor, schedule, due);
  };
  return {
    first: (monitor, name, now, isNew) =>
      isNew && isDueAtOnce(named(monitor, name))
        ? now + spreadOver(firstSpread, monitor, name)
        : after(monitor, name, now - 1),
    after,
    start: (monitor, name, due, now) => {
      const schedule = named(monitor, name);
      return schedule === undefined ? now : startOf(monitor, schedule, due, now);
    },
    catchesUp: (monitor, name) => named(monitor, name)?.catchUp === 'one',
  };
}

/** Whether a schedule that is new has its first run at once. */
export function isDueAtOnce(schedule: Schedule | undefined): boolean {
  const isQuiet = schedule?.allow === 'passive' || schedule?.allow === 'active';
  return isQuiet && schedule.window === null && schedule.when.kind === 'every';
}
