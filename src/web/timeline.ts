import { severities } from '../model/judgement.ts';
import type { Run } from '../monitor/run.ts';
import type { Span } from '../monitor/span.ts';
import { placeWords } from '../monitor/words/common.ts';
import { grouped } from '../report/grouped.ts';
import { kindOf } from '../report/html/chip.tsx';

/** A stretch of columns with the same answer: from one column to before another, counted from 0. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  /** What colours it. */
  readonly kind: string;
  readonly span: Span;
}

/** What one question was answered, run by run. */
export interface Row {
  readonly probe: string;
  /** The newest answer. */
  readonly last: Span;
  /** Whether it was still the answer when this time ended. */
  readonly isAsked: boolean;
  /** Whether it failed at all. */
  readonly hasFailed: boolean;
  readonly stretches: readonly Stretch[];
}

/** The questions put to one address of a server, or about a domain. */
export interface Place {
  readonly name: string;
  /** What fails or is untold now, or failed in this time: the worst first. */
  readonly rows: readonly Row[];
  /** What is well, and never failed. */
  readonly well: readonly Row[];
}

/** Runs as columns, the oldest first. */
export interface Columns {
  readonly count: number;
  /** The column of the first run at or after that time; `count` where there is none. */
  at(time: number): number;
  /** Whether a run is one of them. */
  has(run: string): boolean;
}

/** Columns of the runs that ended, of any schedule. */
export function columnsOf(runs: readonly Run[]): Columns {
  const times = runs.map(timeOf);
  const at = (time: number): number => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? 0) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const ids = new Set(runs.map(({ id }) => id));
  return { count: times.length, at, has: (run) => ids.has(run) };
}

export const timeOf = ({ finishedAt, dueAt }: Run): number => finishedAt ?? dueAt;

/** What spans come to in these columns. Pure. The place with the worst now comes first, and so do its rows. */
export function placesIn(spans: readonly Span[], columns: Columns): Place[] {
  return grouped(spans, placeWords)
    .map((own) => placeOf(own, columns))
    .toSorted((a, b) => worstOf(b) - worstOf(a) || (a.name < b.name ? -1 : 1));
}

function placeOf(spans: readonly [Span, ...Span[]], columns: Columns): Place {
  const rows = grouped(spans, ({ probe }) => probe)
    .map((own) => rowOf(own.toSorted((a, b) => a.firstAt - b.firstAt) as [Span, ...Span[]], columns))
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  return {
    name: placeWords(spans[0]),
    rows: rows.filter((row) => weightOf(row) > 0),
    well: rows.filter((row) => weightOf(row) === 0),
  };
}

function rowOf(spans: readonly [Span, ...Span[]], columns: Columns): Row {
  const last = spans.at(-1) ?? spans[0];
  const stretches = spans
    .map((span) => ({ span, kind: kindOfSpan(span), from: columns.at(span.firstAt), to: columns.at(span.lastAt + 1) }))
    .filter(({ from, to }) => to > from);
  const isAsked = last.endedRun === null || !columns.has(last.endedRun);
  return { probe: last.probe, last, isAsked, hasFailed: spans.some(({ verdict }) => verdict === 'fail'), stretches };
}

/** The class of an answer. */
function kindOfSpan({ verdict, severity, waived }: Span): string {
  if (verdict === 'fail') return waived === undefined ? kindOf(severity) : 'waived';
  if (verdict === 'pass') return 'pass';
  return verdict === 'not-applicable' ? 'aside' : 'untold';
}

/** What fails now weighs most, then what is untold now, then what failed. What is over says little. */
function weightOf({ last, isAsked, hasFailed }: Row): number {
  const { verdict, severity, waived } = last;
  if (isAsked && verdict === 'fail') return waived === undefined ? 4 + severities.indexOf(severity) : 2;
  if (isAsked && (verdict === 'inconclusive' || verdict === 'error')) return 3;
  return hasFailed ? 1 : 0;
}

const worstOf = ({ rows }: Place): number => Math.max(-1, ...rows.map(weightOf));

/** The first column of each day (UTC) but the first. */
export function dayMarks(runs: readonly Run[]): number[] {
  const dayOf = (run: Run | undefined) => (run === undefined ? -1 : Math.floor(timeOf(run) / 86_400_000));
  return runs.flatMap((run, index) => (index > 0 && dayOf(run) !== dayOf(runs[index - 1]) ? [index] : []));
}
