import type { Milliseconds } from './config.ts';

const units = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  y: 365 * 86_400_000,
} as const;

/** As a regular expression that JSON Schema knows too. */
export const durationForm = '^\\d{1,9}[smhdwy]$';

/** Reads `90s`, `2m`, `1h`, `7d`, `1w` and `2y` (365 days each); null for anything else. */
export function durationOf(text: string): Milliseconds | null {
  const [, number, unit] = /^(\d{1,9})([smhdwy])$/.exec(text) ?? [];
  return number === undefined ? null : Number(number) * units[unit as keyof typeof units];
}

/** In the largest unit that leaves nothing over, as a file would say it; below a second in parts of one. */
export function durationText(duration: Milliseconds): string {
  const unit = (['y', 'w', 'd', 'h', 'm'] as const).find((name) => duration > 0 && duration % units[name] === 0) ?? 's';
  return `${duration / units[unit]}${unit}`;
}

/**
 * Reads a time, in ms since 1970: a duration before (-1) or after `now`, or a day or time as it is written; null for
 * anything else.
 */
export function timeAround(now: number, side: -1 | 1, text: string): number | null {
  const duration = durationOf(text);
  const at = duration === null ? Date.parse(text) : now + side * duration;
  return /^\d/.test(text) && !Number.isNaN(at) ? at : null;
}
