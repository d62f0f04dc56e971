import { type Severity, severities } from '../model/judgement.ts';
import { isUntold } from '../model/summary.ts';
import type { Run } from './run.ts';
import type { Span } from './span.ts';
import type { MonitorRow, MonitorState } from './store.ts';

/** How a monitor stands. Times are milliseconds UTC. */
export interface MonitorStatus {
  readonly monitor: string;
  readonly state: MonitorState;
  /** The newest run that ended in a report. */
  readonly newest: Run | null;
  /** That run is older than twice the period of the schedule that comes most often, or there is none. */
  readonly isStale: boolean;
  readonly nextAt: number | null;
  /** The worst of what fails now, whatever is waived left out. */
  readonly worst: Severity | null;
  /** What fails now, waived or not, the worst first. */
  readonly fails: readonly Span[];
  /** What could not be told when it was last asked. */
  readonly untold: readonly Span[];
}

/** Pure. `spans`: those that are open. Monitors that have left the file are left out. */
export function statusOf(
  monitors: readonly MonitorRow[],
  newest: readonly Run[],
  spans: readonly Span[],
  now: number,
): MonitorStatus[] {
  return monitors
    .filter(({ state }) => state !== 'retired')
    .map((row) => {
      const run = newest.find(({ monitor }) => monitor === row.id) ?? null;
      const own = spans.filter(({ monitor }) => monitor === row.id);
      const fails = own.filter(({ verdict }) => verdict === 'fail').toSorted(worstFirst);
      return {
        monitor: row.id,
        state: row.state,
        newest: run,
        isStale: run === null || now - (run.finishedAt ?? run.dueAt) > 2 * periodOf(row),
        nextAt: Math.min(...row.schedules.map(({ nextAt }) => nextAt ?? Number.POSITIVE_INFINITY)),
        worst: fails.find(({ waived }) => waived === undefined)?.severity ?? null,
        fails,
        untold: own.filter((span) => isUntold(span) || span.verdict === 'error'),
      };
    })
    .map((status) => ({ ...status, nextAt: Number.isFinite(status.nextAt) ? status.nextAt : null }));
}

/** Milliseconds between two runs of the schedule that comes most often, as far as that is known. */
const periodOf = ({ schedules }: MonitorRow): number =>
  Math.min(
    ...schedules.map(({ nextAt, lastDueAt }) =>
      nextAt === null || lastDueAt === null ? Number.POSITIVE_INFINITY : nextAt - lastDueAt,
    ),
  );

/** What is waived weighs least. */
const weightOf = ({ severity, waived }: Span): number => (waived === undefined ? severities.indexOf(severity) : -1);
const worstFirst = (a: Span, b: Span): number => weightOf(b) - weightOf(a);
