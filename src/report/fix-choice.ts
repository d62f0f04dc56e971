import { dnsFix, type Fixes, titleOf } from '../model/mtas.ts';
import type { MtaGuess } from '../model/report.ts';

/** Lines to paste for one MTA, and how it writes itself. */
export interface Fix {
  readonly title: string;
  readonly lines: readonly string[];
}

export const fixesOf = (fixes: Fixes): readonly Fix[] =>
  Object.entries(fixes).map(([name, lines]) => ({ title: titleOf(name), lines }));

/** The lines for the MTA recognised, else those for DNS; none where there are neither. */
export const chosenFix = (fixes: Fixes, { name }: MtaGuess): Fix | null =>
  fixesOf(fixes).find(({ title }) => title === name) ??
  fixesOf(fixes).find(({ title }) => title === titleOf(dnsFix)) ??
  null;

/** Where lines stand that are not shown; null where there are none. */
export function elsewhereWords(probe: string, fixes: Fixes): string | null {
  const names = Object.keys(fixes);
  return names.length === 0
    ? null
    : `mxprobe probes ${probe} --mta ${names.length === 1 ? names[0] : '<name>'} (${names.join(', ')})`;
}
