import { type Fixes, titleOf } from '../model/mtas.ts';
import type { MtaGuess } from '../model/report.ts';

/** Lines to paste for one MTA, and how it writes itself. */
export interface Fix {
  readonly title: string;
  readonly lines: readonly string[];
}

export const fixesOf = (fixes: Fixes): readonly Fix[] =>
  Object.entries(fixes).map(([name, lines]) => ({ title: titleOf(name), lines }));

/** Whose lines to show: those of the MTA recognised; where none was, of the two that run most of the world's mail. */
export function chosenFixes(
  fixes: Fixes,
  mta: MtaGuess,
): { readonly shown: readonly Fix[]; readonly others: readonly Fix[] } {
  const all = fixesOf(fixes);
  const recognised = all.filter(({ title }) => title === mta.name);
  const shown = recognised.length > 0 ? recognised : all.filter(({ title }) => title === 'Postfix' || title === 'Exim');
  return { shown, others: all.filter((fix) => !shown.includes(fix)) };
}
