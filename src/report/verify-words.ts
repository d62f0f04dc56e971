import type { Configured, Problem, RowVerdict, Verification, Weight } from '../model/verification.ts';
import { beginningOf } from '../model/visible.ts';

/** Words that every report on a verification needs. */

export const verdictWords: Readonly<Record<RowVerdict, string>> = {
  contradicted: 'CONTRADICTED',
  'not-told': 'not told',
  confirmed: 'confirmed',
  'not-visible': 'not visible',
};

export const exitWords: Readonly<Record<Verification['summary']['exitCode'], string>> = {
  0: 'the wire shows what the files say, as far as it shows',
  1: 'something is not as the files say',
  2: 'nothing is contradicted, but not everything could be told',
};

/** What a line does to Postfix. */
export const weightWords: Readonly<Record<Weight, string>> = {
  fatal: 'WOULD NOT START',
  broken: 'DOES NOT WORK',
  odd: 'odd',
};

/** `main.cf:12: …`. */
export const problemWords = ({ file, line, message }: Problem): string =>
  `${file}${line === null ? '' : `:${line}`}: ${message}`;

/** A list may have thousands of members; JSON has them all. */
const longestValue = 1000;

/** `17 (main.cf:12)`; an empty value is shown as such, and a very long one as far as its head goes. */
export function configuredWords({ value, where }: Configured): string {
  if (value === null) return `(${where})`;
  const shown = value.length > longestValue ? `${beginningOf(value, longestValue)}…` : value;
  return `${shown === '' ? '(empty)' : shown} (${where})`;
}

/** What was held against what. */
export function headWords({ configuration, report }: Verification): string[] {
  const { files, version, masterGiven } = configuration;
  return [
    files.join(', '),
    version === null ? 'version of Postfix not known' : `Postfix ${version}`,
    ...(masterGiven ? [] : ['without master.cf']),
    `allowed: ${report.options.allow}`,
    report.startedAt.replace(/\.\d+Z$/, 'Z'),
  ];
}

/** How many rows say what. */
export const totalWords = ({ counts }: Verification['summary']): string =>
  [
    `${counts.contradicted} contradicted`,
    `${counts['not-told']} not told`,
    `${counts.confirmed} confirmed`,
    `${counts['not-visible']} not visible`,
  ].join(', ');
