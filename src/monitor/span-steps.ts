import type { Finding, Report } from '../model/report.ts';
import { type Reported, reportedIn } from '../model/reported.ts';
import { isNotPermitted } from '../model/summary.ts';
import { changeKind } from '../report/diff/change-kind.ts';
import { changedFigures } from '../report/diff/changed-figures.ts';
import { confirm } from './run.ts';
import type { Answered, Span, SpanChange, Subject } from './span.ts';

/** What a report makes of the spans that are open. */
export interface SpanSteps {
  /** The same answer again. */
  readonly extend: readonly Span[];
  readonly close: readonly Span[];
  readonly open: readonly Answered[];
  readonly changes: readonly SpanChange[];
}

/**
 * Reads the report of a run of `schedule` beside the spans of its monitor that are open. Each question that was put is
 * extended, or closed and opened anew. Of those that were not put:
 *
 * - a server or domain that the targets no longer lead to is closed, unless something led nowhere or the scan was cut
 *   short: then nobody knows;
 * - a question that this schedule was the last to put, and does not put now, is closed;
 * - what other schedules ask is left alone, and so is what was not permitted.
 *
 * Pure. At most one open span a subject goes in, and comes out.
 */
export function spanSteps(open: readonly Span[], report: Report, schedule: string): SpanSteps {
  const answers = answersIn(report);
  const places = new Set(reportedIn(report).map((one) => placeOf(subjectOf(one, ''))));
  const isCut = report.stopped === true;
  const isBlind = isCut || report.targets.some(({ endpoints }) => endpoints.length === 0);
  const known = new Set(open.map(keyOf));
  const met = open.filter((span) => answers.has(keyOf(span)));
  const [extend, turned] = parted(met, (span) => isSame(span, answers.get(keyOf(span))));
  const [dropped, lost] = parted(
    open.filter((span) => !answers.has(keyOf(span))),
    (span) => places.has(placeOf(span)),
  );
  // What is asked again is asked alone.
  const unasked = isCut || schedule === confirm ? [] : dropped.filter(({ lastSchedule }) => lastSchedule === schedule);
  const fresh = [...answers.values()].filter((answer) => !known.has(keyOf(answer)));
  return {
    extend,
    close: [...turned, ...unasked, ...(isBlind ? [] : lost)],
    open: [...turned.flatMap((span) => answers.get(keyOf(span)) ?? []), ...fresh],
    changes: [
      ...turned.flatMap((span) => changeOf(span, answers.get(keyOf(span)))),
      ...unasked.flatMap((span) => changeOf(span, undefined)),
      ...fresh.flatMap((answer) => changeOf(undefined, answer)),
    ],
  };
}

/** Those that hold, and those that do not. */
function parted<T>(all: readonly T[], holds: (one: T) => boolean): [T[], T[]] {
  return [all.filter(holds), all.filter((one) => !holds(one))];
}

/** Every question of a report that was put, each subject once. */
export function answersIn(report: Report): Map<string, Answered> {
  const all = reportedIn(report).flatMap((reported) =>
    reported.findings.filter((finding) => !isNotPermitted(finding)).map((finding) => answered(reported, finding)),
  );
  return new Map(all.map((answer) => [keyOf(answer), answer]));
}

function answered(reported: Reported, finding: Finding): Answered {
  const { probe, verdict, severity, doubt, waived, measured, because, evidence } = finding;
  return {
    ...subjectOf(reported, probe),
    verdict,
    severity,
    ...(doubt === undefined ? {} : { doubt }),
    ...(waived === undefined ? {} : { waived }),
    ...(measured === undefined ? {} : { measured }),
    because,
    quote: evidence[0]?.quote ?? null,
  };
}

/** What a question about an endpoint, or about a domain, is about. */
export const subjectOf = ({ id, host = id, port = 0, address = '' }: Reported, probe: string): Subject => ({
  host,
  port,
  address,
  probe,
});

const placeOf = ({ host, port, address }: Subject): string => JSON.stringify([host, port, address]);
const keyOf = (subject: Subject): string => `${placeOf(subject)} ${subject.probe}`;

/** The sentence may have other words, and so may the quote. What is untold has no figures of the server's. */
function isSame(then: Answered, now: Answered | undefined): boolean {
  return (
    now !== undefined &&
    then.verdict === now.verdict &&
    then.doubt === now.doubt &&
    then.severity === now.severity &&
    (then.waived === undefined) === (now.waived === undefined) &&
    (now.verdict === 'inconclusive' || now.verdict === 'error' || changedFigures(then, now).length === 0)
  );
}

function changeOf(then: Answered | undefined, now: Answered | undefined): SpanChange[] {
  const either = now ?? then;
  const differs = then !== undefined && now !== undefined && changedFigures(then, now).length > 0;
  const kind = changeKind(then, now, differs);
  if (kind === null || either === undefined) return [];
  const { host, port, address, probe, severity } = either;
  return [{ kind, host, port, address, probe, severity }];
}
