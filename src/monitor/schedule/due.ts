import type { Cron, Schedule } from '../config/config.ts';
import { type CronTimes, cronTimes } from './cron.ts';
import { spreadOver } from './spread.ts';

/** A schedule as far as its due times go. */
export type Timed = Pick<Schedule, 'name' | 'when' | 'timezone'>;

/**
 * The first due time of a monitor's schedule after `after`, in ms since 1970; null: it never comes again. Of the same
 * monitor and schedule due times are always the same, whoever asks and when; over monitors they are spread evenly.
 */
export function dueAfter(monitor: string, schedule: Timed, after: number): number | null {
  const { when, name } = schedule;
  if (when.kind === 'cron') return cronDue(monitor, { ...schedule, when }, after);
  const phase = spreadOver(when.every, monitor, name);
  return phase + (Math.floor((after - phase) / when.every) + 1) * when.every;
}

/** The next due times, `count` at most. */
export function nextDue(monitor: string, schedule: Timed, after: number, count: number): number[] {
  const all: number[] = [];
  let due = dueAfter(monitor, schedule, after);
  while (due !== null && all.length < count) {
    all.push(due);
    due = dueAfter(monitor, schedule, due);
  }
  return all;
}

/** From a due time to the next: how long one result is the newest. */
export function periodAt(monitor: string, schedule: Timed, due: number): number {
  if (schedule.when.kind === 'every') return schedule.when.every;
  const next = dueAfter(monitor, schedule, due);
  return next === null ? defaultSpread / spreadShare : next - due;
}

type CronTimed = Timed & { readonly when: Cron };

/** A time of the cron line may be put off, but never as far as the next one: so only the last one may be to come. */
function cronDue(monitor: string, schedule: CronTimed, after: number): number | null {
  const times = timesOf(schedule);
  const { last, next } = times.around(after);
  const late = last === null ? null : putOff(monitor, schedule, last, times);
  if (late !== null && late > after) return late;
  return next === null ? null : putOff(monitor, schedule, next, times);
}

const defaultSpread = 15 * 60_000;
const spreadShare = 0.05;

function putOff(monitor: string, { name, when }: CronTimed, time: number, times: CronTimes): number {
  const { next } = times.around(time);
  const period = next === null ? Number.POSITIVE_INFINITY : next - time;
  const wanted = when.spread ?? Math.min(period * spreadShare, defaultSpread);
  return time + spreadOver(Math.min(wanted, period), monitor, name, time);
}

/** By line and time zone; a file has few of them. */
const known = new Map<string, CronTimes>();

function timesOf({ when, timezone }: CronTimed): CronTimes {
  const key = `${when.cron} ${timezone}`;
  const times = known.get(key) ?? cronTimes(when.cron, timezone);
  known.set(key, times);
  return times;
}
