import type { Finding, MtaGuess } from '../model/report.ts';
import { chosenFixes, type Fix } from './fix-choice.ts';
import type { Para } from './layout.ts';

/** Lines to paste for the MTA recognised; where none was, for the two that run most of the world's mail. */
export function fixParas({ fix = {}, probe }: Finding, mta: MtaGuess): Para[] {
  const { shown, others } = chosenFixes(fix, mta);
  const recognised = shown.some(({ title }) => title === mta.name);
  const rest = recognised || others.length === 0 ? [] : [elsewhere(probe)];
  return [...shown.flatMap(linesFor), ...rest];
}

function linesFor({ title, lines }: Fix): Para[] {
  return [
    { indent: 11, lead: [['strong', `Fix for ${title}:`]] },
    ...lines.map((text): Para => ({ indent: 13, text, wrap: 'no' })),
  ];
}

function elsewhere(probe: string): Para {
  return { indent: 11, text: `Other servers: mxprobe probes ${probe}`, style: 'faint' };
}
