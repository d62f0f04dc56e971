import type { Milliseconds, Window } from '../config/config.ts';
import { cronTimes } from './cron.ts';
import { minuteOfDay } from './zone.ts';

/** As a regular expression that JSON Schema knows too. */
export const windowForm = '^([01]\\d|2[0-3]):[0-5]\\d-([01]\\d|2[0-3]):[0-5]\\d$';

/** Reads `02:00-05:00`; null for anything else, and for a window that is as long as it is empty. */
export function windowOf(text: string): Window | null {
  if (!new RegExp(windowForm).test(text)) return null;
  const [from = 0, to = 0] = text.split('-').map(minutes);
  return from === to ? null : { from, to };
}

const minutes = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
};

/**
 * `at` where the window is open then, else when it opens next; ms since 1970. On a night that has no such time it opens
 * at the end of the hour that is left out.
 */
export function opensAt(window: Window, timezone: string, at: number): number {
  if (isOpenAt(window, minuteOfDay(at, timezone))) return at;
  const opens = cronTimes(`${window.from % 60} ${Math.floor(window.from / 60)} * * *`, timezone).around(at).next;
  return opens ?? at;
}

const isOpenAt = ({ from, to }: Window, minute: number): boolean =>
  from < to ? minute >= from && minute < to : minute >= from || minute < to;

/** By the clocks of a day on which they do not change. */
export const windowLength = ({ from, to }: Window): Milliseconds => ((to - from + 1440) % 1440) * 60_000;
