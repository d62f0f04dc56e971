/** The end of a bracketed text that opens at `start`, one past its closing bracket; null where it is never closed. */
export function balancedEnd(text: string, start: number, opening: string, closing: string): number | null {
  let level = 0;
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === opening) level += 1;
    if (text[at] === closing) level -= 1;
    if (level === 0) return at + 1;
  }
  return null;
}

/** The letters, digits and underscores from here on. */
export function nameOf(text: string, from: number): string {
  const letters = /[A-Za-z0-9_]*/y;
  letters.lastIndex = from;
  return letters.exec(text)?.[0] ?? '';
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text.charAt(at))) at += 1;
  return at;
}

/** An operator of a comparison, and where it ends; `compare` gives null where it cannot be done. */
export interface Operator {
  readonly end: number;
  compare(left: string, right: string): boolean | null;
}

const verdicts: Readonly<Record<string, (difference: number) => boolean>> = {
  '==': (difference) => difference === 0,
  '!=': (difference) => difference !== 0,
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '>=': (difference) => difference >= 0,
  '>': (difference) => difference > 0,
};

/** `==`, `<` and the like; `<=level` and its kin compare compatibility levels. Null where there is none. */
export function operator(text: string, at: number): Operator | null {
  const [whole = '', sign = '', suffix = ''] = /^([<>!=?+\-*/~&|%]*)([A-Za-z0-9]*)/.exec(text.slice(at)) ?? [];
  const holds = Object.hasOwn(verdicts, sign) ? verdicts[sign] : undefined;
  if (holds === undefined || (suffix !== '' && suffix !== 'level')) return null;
  const difference = suffix === 'level' ? levelDifference : textDifference;
  return {
    end: at + whole.length,
    compare(left, right) {
      const by = difference(left, right);
      return by === null ? null : holds(by);
    },
  };
}

/** As numbers where both are nothing but digits, else byte by byte. */
function textDifference(left: string, right: string): number {
  const areNumbers = /^\d+$/.test(left) && /^\d+$/.test(right);
  return areNumbers ? Number(left) - Number(right) : Buffer.compare(Buffer.from(left), Buffer.from(right));
}

/** Compatibility levels have up to three numbers: 2, 3.6, 3.6.1. */
function levelDifference(left: string, right: string): number | null {
  const [one, other] = [levelOf(left), levelOf(right)];
  if (one === null || other === null) return null;
  return one.map((number, index) => number - (other[index] ?? 0)).find((by) => by !== 0) ?? 0;
}

/** A compatibility level by its three numbers; null for what is none. */
export function levelOf(text: string): readonly number[] | null {
  const [, major, minor = '0', patch = '0'] = /^\s*(\d{1,4})(?:\.(\d{1,4}))?(?:\.(\d{1,4}))?$/.exec(text) ?? [];
  return major === undefined ? null : [Number(major), Number(minor), Number(patch)];
}
