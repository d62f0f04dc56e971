import { type Fixes, isStranger, titleOf } from '../model/mtas.ts';
import type { MtaGuess } from '../model/report.ts';

/** Lines to paste for one MTA, and how it writes itself. */
export interface Fix {
  readonly title: string;
  readonly lines: readonly string[];
}

export const fixesOf = (fixes: Fixes): readonly Fix[] =>
  Object.entries(fixes).map(([name, lines]) => ({ title: titleOf(name), lines }));

/**
 * Whose lines to show: those of the MTA recognised. Where it has none for this, or none was recognised, of the two that
 * run most of the world's mail; nobody else's for a server that no line here can be for.
 */
export function chosenFixes(
  fixes: Fixes,
  { name }: MtaGuess,
): { readonly shown: readonly Fix[]; readonly others: readonly Fix[] } {
  const all = fixesOf(fixes);
  const its = all.filter(({ title }) => title === name);
  const common = isStranger(name) ? [] : all.filter(({ title }) => title === 'Postfix' || title === 'Exim');
  const shown = its.length > 0 ? its : common;
  return { shown, others: all.filter((fix) => !shown.includes(fix)) };
}
