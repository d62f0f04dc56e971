import { listed } from '../figures.ts';
import type { Style } from '../layout.ts';
import { weights } from '../weights.ts';
import type { Change, ChangedFigure, ChangeKind, Figure, ReportDiff, Side } from './diff.ts';

/** What each kind of change is called. */
export const kindWords: Readonly<Record<ChangeKind, string>> = {
  new: 'NEW',
  worse: 'WORSE',
  'newly-untold': 'UNTOLD',
  changed: 'changed',
  'not-asked': 'unasked',
  waived: 'waived',
  gone: 'gone',
  told: 'told',
};

/** How each is shown. */
export const kindStyles: Readonly<Record<ChangeKind, Style>> = {
  new: 'bad',
  worse: 'bad',
  'newly-untold': 'doubtful',
  changed: 'strong',
  'not-asked': 'doubtful',
  waived: 'faint',
  gone: 'good',
  told: 'good',
};

/** The verdict on the whole, in one sentence. */
export function headWords({ summary, changes, notes }: ReportDiff): string {
  const { worse, untold, better, other } = summary;
  if (changes.length === 0 && untold === 0)
    return notes.length === 0 ? 'Nothing changed' : 'Nothing changed that can be compared';
  const parts = [
    ...(worse > 0 ? [`${worse} worse`] : ['nothing worse']),
    ...(untold > 0 ? [`${untold} told before and untold now`] : []),
    ...(better > 0 ? [`${better} better`] : []),
    ...(other > 0 ? [`${other} otherwise changed`] : []),
  ];
  const text = parts.join(', ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Which two scans these are. */
export function partWords({ before, after }: ReportDiff): string {
  const at = (time: string) => time.replace(/\.\d+Z$/, 'Z');
  return `before: ${at(before.startedAt)}, now: ${at(after.startedAt)}`;
}

/** What came and went as a whole. */
export function placeWords({ targetsLost, endpointsNew, endpointsGone }: ReportDiff): string[] {
  return [
    ...targetsLost.map((input) => `${input} led to servers, and leads to none now`),
    ...endpointsNew.map((id) => `${id} is new`),
    ...endpointsGone.map((id) => `${id} is gone: nothing is known of it now`),
  ];
}

/** `pass`, `failure [high]`, `note [info]`, `inconclusive (timeout)`, or that it was not asked. */
export function sideWords(side: Side | null): string {
  if (side === null) return 'not asked';
  const { verdict, severity, doubt, waived } = side;
  if (verdict === 'fail')
    return `${weights[severity].weight} [${severity}]${waived === undefined ? '' : `, waived until ${waived.until}`}`;
  return doubt === undefined ? verdict : `${verdict} (${doubt})`;
}

const namesShown = 8;

/** `limit: 30, now 100`; of lists, what came and what went. */
export function figureWords({ name, before, after }: ChangedFigure): string {
  if (isList(before) && isList(after)) {
    const came = after.filter((item) => !before.includes(item));
    const went = before.filter((item) => !after.includes(item));
    const parts = [
      ...(came.length > 0 ? [`with ${listed(came, namesShown)}`] : []),
      ...(went.length > 0 ? [`without ${listed(went, namesShown)}`] : []),
    ];
    return `${name}: now ${parts.join(', and ')}`;
  }
  return `${name}: ${shown(before)}, now ${shown(after)}`;
}

const isList = (figure: Figure): figure is readonly string[] => figure !== null && typeof figure === 'object';

const shown = (figure: Figure): string =>
  isList(figure) ? listed(figure, namesShown) || 'none' : figure === null ? 'unknown' : String(figure);

/** The two sides in the order they were. */
export const sidesOf = ({ before, after }: Change): readonly (readonly [string, Side | null])[] => [
  ['before', before],
  ['now', after],
];
