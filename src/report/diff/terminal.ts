import { blank, gap, layOut, type Page, type Para } from '../layout.ts';
import {
  figureWords,
  headWords,
  kindStyles,
  kindWords,
  partWords,
  placeWords,
  sidesOf,
  sideWords,
} from './change-words.ts';
import type { Change, ReportDiff, Side } from './diff.ts';

/** A comparison for a person: the worst first, each with both quotes. */
export function diffToTerminal(diff: ReportDiff, page: Page): string {
  const remarks = [...diff.notes, ...placeWords(diff)];
  const { exitCode } = diff.summary;
  return layOut(
    [
      { lead: [['strong', `mxprobe diff`], gap], text: partWords(diff), hang: 2 },
      ...(remarks.length === 0 ? [] : [blank]),
      ...remarks.map((text): Para => ({ lead: [['doubtful', '! ']], text })),
      ...diff.changes.flatMap((change) => [blank, ...changeParas(change)]),
      blank,
      { text: `${headWords(diff)}.`, style: 'strong' },
      { text: `Exit code ${exitCode}: ${meanings[exitCode]}.` },
    ],
    page,
  );
}

const meanings = {
  0: 'nothing got worse',
  1: 'something got worse',
  2: 'nothing is known to be worse, but something that was told is untold now',
} as const;

function changeParas(change: Change): Para[] {
  const { kind, probe, severity, endpoint, figures } = change;
  return [
    {
      lead: [[kindStyles[kind], kindWords[kind].padEnd(9)], ['strong', `${probe} [${severity}]`], gap],
      text: endpoint,
      hang: 9,
    },
    ...figures.map((figure): Para => ({ indent: 9, text: figureWords(figure), hang: 2 })),
    ...sidesOf(change).flatMap(([name, side]) => sideParas(name, side)),
  ];
}

function sideParas(name: string, side: Side | null): Para[] {
  const text = side === null ? sideWords(side) : `${sideWords(side)}: ${side.because}`;
  return [
    { indent: 9, lead: [['faint', name.padEnd(8)]], text, hang: 8 },
    ...(side?.quotes ?? []).map((quote): Para => ({ indent: 17, text: quote })),
  ];
}
