import type { Finding, MtaGuess } from '../model/report.ts';
import { chosenFix, elsewhereWords } from './fix-choice.ts';
import type { Para } from './layout.ts';

/** Lines to paste for the MTA recognised; else where to find those of others. */
export function fixParas({ fix = {}, probe }: Finding, mta: MtaGuess): Para[] {
  const chosen = chosenFix(fix, mta);
  if (chosen !== null)
    return [
      { indent: 11, lead: [['strong', `Fix for ${chosen.title}:`]] },
      ...chosen.lines.map((text): Para => ({ indent: 13, text, wrap: 'no' })),
    ];
  const elsewhere = elsewhereWords(probe, fix);
  return elsewhere === null
    ? []
    : [{ indent: 11, lead: [['faint', 'Fix: ']], text: elsewhere, style: 'faint', hang: 2 }];
}
