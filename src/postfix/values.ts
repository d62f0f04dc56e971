import { defaultOf } from './defaults.ts';
import { balancedEnd } from './macro-syntax.ts';

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Times of parameters whose default is not in our tables. */
const moreUnits: Readonly<Record<string, string>> = {
  bounce_queue_lifetime: 'd',
  delay_warning_time: 'h',
  maximal_queue_lifetime: 'd',
};

/**
 * A time in seconds: `60s`, `1h`, `5`; null for what is none. A time without a unit is in the unit of the parameter's
 * own default, mostly seconds; what follows the unit's letter does not count.
 */
export function secondsOf(value: string, parameter = ''): number | null {
  const [, number, suffix = unitOf(parameter)] = /^\s*\+?(\d{1,10})(?:([smhdw]).*)?$/s.exec(value) ?? [];
  return number === undefined ? null : Number(number) * (secondsIn[suffix] ?? 1);
}

function unitOf(parameter: string): string {
  const usual = defaultOf(parameter, [99, 0, 0]) ?? '';
  const [, unit] = /[\d}]([smhdw])$/.exec(usual) ?? [];
  return unit ?? (Object.hasOwn(moreUnits, parameter) ? moreUnits[parameter] : undefined) ?? 's';
}

/**
 * The members of a list, between commas and white space; braces keep theirs together: `a, inline:{x=y, z=w} {b c}` has
 * three members, the last of which is `{b c}`.
 */
export function listOf(value: string): string[] {
  const members: string[] = [];
  const between = /[, \t\r\n]*/y;
  const plain = /[^, \t\r\n{]*/y;
  for (let at = endOf(between, value, 0); at < value.length; at = endOf(between, value, at)) {
    const from = at;
    at = endOf(plain, value, at);
    while (value[at] === '{') at = endOf(plain, value, balancedEnd(value, at, '{', '}') ?? value.length);
    members.push(value.slice(from, at));
  }
  return members;
}

/** Where a match ends that begins here. */
function endOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return pattern.lastIndex;
}

/** A member of a list without the braces around it, if it has any. */
export const unbraced = (member: string): string =>
  member.startsWith('{') && member.endsWith('}') ? member.slice(1, -1).trim() : member;

/**
 * Whether a switch is on: `yes` in whatever case. Null for what is neither yes nor no, with which Postfix would not
 * start.
 */
export function isYes(value: string): boolean | null {
  if (/^yes$/i.test(value)) return true;
  return /^no$/i.test(value) ? false : null;
}
