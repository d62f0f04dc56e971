import { balancedEnd } from './macro-syntax.ts';

const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** The units that Postfix takes where a time has none; seconds for all others (postconf(5)). */
const unitOf: Readonly<Record<string, string>> = {
  bounce_queue_lifetime: 'd',
  maximal_queue_lifetime: 'd',
  delay_warning_time: 'h',
  postscreen_bare_newline_ttl: 's',
};

/** A time in seconds: `60s`, `1h`, `5` (in the parameter's own unit, mostly seconds); null for what is none. */
export function secondsOf(value: string, parameter = ''): number | null {
  const [, number, suffix] = /^\s*(\d+)\s*([smhdw]?)\s*$/.exec(value) ?? [];
  if (number === undefined) return null;
  const unit = suffix || (Object.hasOwn(unitOf, parameter) ? unitOf[parameter] : 's') || 's';
  return Number(number) * (secondsIn[unit] ?? 1);
}

/**
 * The members of a list, between commas and white space; braces keep theirs together: `a, inline:{x=y, z=w} {b c}` has three members, the last of
 * which is `{b c}`.
 */
export function listOf(value: string): string[] {
  const members: string[] = [];
  for (let at = 0; at < value.length; ) {
    const from = at;
    while (at < value.length && !/[\s,]/.test(value.charAt(at))) {
      at = value[at] === '{' ? (balancedEnd(value, at, '{', '}') ?? value.length) : at + 1;
    }
    if (at > from) members.push(value.slice(from, at));
    else at += 1;
  }
  return members;
}

/** A member of a list without the braces around it, if it has any. */
export const unbraced = (member: string): string =>
  member.startsWith('{') && member.endsWith('}') ? member.slice(1, -1).trim() : member;

/** Whether a switch is on: `yes` in whatever case. Null for what is neither yes nor no, with which Postfix would not start. */
export function isYes(value: string): boolean | null {
  if (/^yes$/i.test(value)) return true;
  return /^no$/i.test(value) ? false : null;
}
