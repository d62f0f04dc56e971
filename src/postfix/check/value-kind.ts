import type { Parameter } from '../parameters.ts';
import { isYes, secondsOf } from '../values.ts';

/**
 * Why Postfix would not take a value for a parameter, as its programs read them (mail_conf_bool(3), mail_conf_int(3),
 * mail_conf_time(3), mail_conf_str(3)); null where it would.
 */
export function faultOf(name: string, value: string, { kind, min, max }: Parameter): string | null {
  switch (kind) {
    case 'switch':
      return isYes(value) === null ? 'it is yes or no' : null;
    case 'number':
    case 'size':
      return numberFault(value, kind) ?? outside(Number(value), min, max, 'it is');
    case 'time':
      return timeFault(name, value) ?? outside(secondsOf(value, name) ?? 0, min, max, 'in seconds it is');
    case 'text':
      return value === '' && min !== null ? 'it may not be empty' : outside(value.length, min, max, 'its length is');
  }
}

/** What a number of each kind has room for. */
const largest = { number: 2n ** 31n - 1n, size: 2n ** 63n - 1n } as const;

function numberFault(value: string, kind: keyof typeof largest): string | null {
  if (!/^\s*[+-]?\d+$/.test(value)) return `it is a whole number${withoutUnit(value)}`;
  const [, sign = '', digits = ''] = /^\s*([+-]?)0*(?!0)(\d*)$/.exec(value) ?? [];
  const number = digits.length > 19 ? largest.size + 1n : BigInt(`${sign === '-' ? '-' : ''}${digits || 0}`);
  return number > largest[kind] || number < -largest[kind] - 1n ? `it is too large: at most ${largest[kind]}` : null;
}

/** `10M` is no number to Postfix, and no other unit makes it one. */
function withoutUnit(value: string): string {
  const [, digits = '', unit = ''] = /^(\d{1,9})\s*([kmg])i?b?$/i.exec(value) ?? [];
  if (digits === '') return '';
  return ` without a unit: ${Number(digits) * 1024 ** ('kmg'.indexOf(unit.toLowerCase()) + 1)}`;
}

const longestSeconds = 2 ** 31 - 1;

function timeFault(name: string, value: string): string | null {
  const seconds = secondsOf(value, name);
  if (seconds === null) return 'it is a time: a whole number, and s, m, h, d or w right behind it';
  return seconds > longestSeconds ? 'the time is too long' : null;
}

function outside(number: number, min: number | null, max: number | null, what: string): string | null {
  if (min !== null && number < min) return `${what} at least ${min}`;
  return max !== null && number > max ? `${what} at most ${max}` : null;
}

/** Postfix has comments in lines of their own only; people write them behind values. */
export const commentHint = (value: string): string =>
  /(^|\s)#/.test(value) ? '; "#" and what follows is part of the value, for a comment has a line of its own' : '';
