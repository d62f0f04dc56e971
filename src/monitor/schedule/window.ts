import type { Window } from '../config/config.ts';

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
