import type { Finding } from '../../model/report.ts';
import type { SessionTranscript } from '../../model/transcript.ts';
import { type Trial, trialsOf } from './limit-trials.ts';
import { numberOf, textOf } from './reading.ts';

/** One limiter's measurement, to be drawn. */
export interface Series {
  readonly marks: readonly Mark[];
  /** Seconds from the first event to the last. */
  readonly seconds: number;
  readonly limit: number | null;
  /** Where the server began to slow down. */
  readonly slowAfter: number | null;
  readonly windowSeconds: number | null;
  readonly refusal: string | null;
}

export interface Mark {
  /** Seconds since the first event. */
  readonly at: number;
  /** The how manieth it was, or would have been. */
  readonly level: number;
  readonly isRefused: boolean;
}

/** More than any probe sends: a picture of them would say nothing. */
const mostTrials = 5000;

/** The events of a probe that measured a limit; null where there is nothing to draw. */
export function seriesOf(finding: Finding, sessions: readonly SessionTranscript[]): Series | null {
  const { measured = {} } = finding;
  if (!('limit' in measured || 'slowedAfter' in measured)) return null;
  const refusal = textOf(measured.reply);
  const trials = trialsOf(finding, sessions, refusal);
  const first = trials[0];
  const last = trials.at(-1);
  if (first === undefined || last === undefined || trials.length < 2 || trials.length > mostTrials) return null;
  return {
    marks: levels(trials).map(({ at, ...mark }) => ({ ...mark, at: at - first.at })),
    seconds: last.at - first.at,
    limit: numberOf(measured.limit) ?? numberOf(measured.closedAfter) ?? numberOf(measured.stoppedAfter),
    slowAfter: numberOf(measured.soft) ?? numberOf(measured.slowedAfter),
    windowSeconds: numberOf(measured.windowSeconds),
    refusal: trials.some(({ isRefused }) => isRefused) ? refusal : null,
  };
}

/** What is held counts while it is held; what only happens counts since the server last let us in again. */
function levels(trials: readonly Trial[]): Mark[] {
  let count = 0;
  let wasRefused = false;
  return trials.map(({ at, isRefused, until }, index) => {
    if (until !== null) count = heldAt(at, trials.slice(0, index));
    else if (wasRefused && !isRefused) count = 0;
    if (!isRefused) count += 1;
    wasRefused = isRefused;
    return { at, level: isRefused ? count + 1 : count, isRefused };
  });
}

const heldAt = (at: number, earlier: readonly Trial[]): number =>
  earlier.filter(({ isRefused, until }) => !isRefused && (until ?? 0) > at).length;
