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
