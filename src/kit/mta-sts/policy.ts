import { hostNameOf } from '../../model/host-name.ts';
import { beginningOf } from '../../model/visible.ts';

const stsModes = ['enforce', 'testing', 'none'] as const;
type StsMode = (typeof stsModes)[number];

/** A policy as a sender reads it. */
export interface StsPolicy {
  readonly mode: StsMode;
  /** Seconds. */
  readonly maxAge: number;
  /** As they stand there. */
  readonly patterns: readonly string[];
  /** What a forgiving sender reads over, and a strict one may refuse the policy for. */
  readonly slips: readonly Slip[];
}

interface Slip {
  /** `info` where all but the strictest read on. */
  readonly severity: 'info' | 'low';
  /** Part of a sentence. */
  readonly says: string;
}

/** `why`: what makes it none, the rest of a sentence that begins with the policy. */
export type ReadPolicy =
  | { readonly kind: 'policy'; readonly policy: StsPolicy }
  | { readonly kind: 'unusable'; readonly why: string };

/** RFC 8461 §3.2; the longest `max_age`, a year, in seconds. */
const longestAge = 31_557_600;
/** Of what stands in a file, in a sentence. */
const slipsShown = 3;

/**
 * Reads a policy by RFC 8461 §3.2: lines end in LF or CRLF, keys that are not known say nothing, and of one that is
 * there twice the first counts, but for `mx`. What senders are known to forgive is read, and told in `slips`.
 */
export function readPolicy(text: string): ReadPolicy {
  const lines = text.replace(/\r?\n$/, '').split(/\r?\n/);
  const fields = lines.flatMap((line) => fieldOf(line) ?? []);
  const first = (key: string) => fields.find((field) => field.key === key)?.value;
  const [version, mode, maxAge] = ['version', 'mode', 'max_age'].map(first);
  const patterns = fields.filter(({ key }) => key === 'mx').map(({ value }) => value);
  const why =
    wrongVersion(version, fields) ?? wrongMode(mode, fields) ?? wrongAge(maxAge, fields) ?? wrongMx(patterns, mode);
  if (why !== null) return { kind: 'unusable', why };
  const slips = [...slipsOf(lines), ...repeats(fields), ...patterns.flatMap((one) => slipOf(one) ?? [])];
  return {
    kind: 'policy',
    policy: { mode: mode as StsMode, maxAge: Number(maxAge), patterns, slips: slips.slice(0, slipsShown) },
  };
}

interface Field {
  readonly key: string;
  readonly value: string;
}

function fieldOf(line: string): Field | null {
  const [, key, value] = /^[ \t]*([A-Za-z0-9][A-Za-z0-9_.-]{0,31})[ \t]*:(.*)$/.exec(line) ?? [];
  return key === undefined || value === undefined ? null : { key, value: value.trim() };
}

const shown = (value: string): string => `"${beginningOf(value, 60)}"`;

/** `Mode` is a key that nobody knows: keys are told apart by case. */
function missing(key: string, fields: readonly Field[]): string {
  const near = fields.find((field) => field.key.toLowerCase().replace('-', '_') === key);
  return near === undefined ? `has no ${key}` : `has no ${key}: it must be written like that, not ${near.key}`;
}

function wrongVersion(version: string | undefined, fields: readonly Field[]): string | null {
  if (version === undefined) return missing('version', fields);
  return version === 'STSv1' ? null : `has the version ${shown(version)}, and STSv1 is the only one`;
}

function wrongMode(mode: string | undefined, fields: readonly Field[]): string | null {
  if (mode === undefined) return missing('mode', fields);
  const known: readonly string[] = stsModes;
  return known.includes(mode) ? null : `has the mode ${shown(mode)}, which is none of ${stsModes.join(', ')}`;
}

function wrongAge(age: string | undefined, fields: readonly Field[]): string | null {
  if (age === undefined) return missing('max_age', fields);
  if (!/^\d{1,10}$/.test(age)) return `has a max_age that is no number of seconds: ${shown(age)}`;
  return Number(age) <= longestAge ? null : `has a max_age of ${age} s, and ${longestAge} (a year) is the most`;
}

function wrongMx(patterns: readonly string[], mode: string | undefined): string | null {
  return patterns.length === 0 && mode !== 'none' ? 'names no mx' : null;
}

const info = (says: string): Slip => ({ severity: 'info', says });
const low = (says: string): Slip => ({ severity: 'low', says });

/** The grammar has no blanks before a key or its colon, no empty lines, and none that is no field. */
function slipsOf(lines: readonly string[]): Slip[] {
  return lines.flatMap((line, index) => {
    const place = `line ${index + 1} of the policy`;
    if (line.trim() === '') return [info(`${place} is empty`)];
    if (fieldOf(line) === null) return [low(`${place} is no key with its value: ${shown(line)}`)];
    return /^[^ \t:]+:/.test(line) ? [] : [info(`${place} has a blank before its key or its colon`)];
  });
}

function repeats(fields: readonly Field[]): Slip[] {
  return ['version', 'mode', 'max_age']
    .filter((key) => new Set(fields.filter((field) => field.key === key).map(({ value }) => value)).size > 1)
    .map((key) => low(`${key} stands there more than once, and the first counts`));
}

/** What makes a pattern none of the grammar; null where it is right. */
function slipOf(pattern: string): Slip | null {
  const name = pattern.replace(/^\*\./, '');
  if (name.endsWith('.')) return info(`the pattern ${shown(pattern)} ends in a dot, which the grammar does not have`);
  const isName = hostNameOf(name).kind === 'name' && /^[\x20-\x7e]+$/.test(name);
  return isName ? null : low(`the pattern ${shown(pattern)} is no host name`);
}
