import { type Severity, severities } from '../model/judgement.ts';
import { isUntold } from '../model/summary.ts';
import { grouped } from '../report/grouped.ts';
import { weights } from '../report/weights.ts';
import type { Incident } from './alerts/incident.ts';
import { worstFirst as worstIncident } from './alerts/steps.ts';
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
  /** The worst of what fails now and of the incidents, whatever is waived left out. */
  readonly worst: Severity | null;
  /** What fails now, waived or not, the worst first. */
  readonly fails: readonly Span[];
  /** What could not be told when it was last asked. */
  readonly untold: readonly Span[];
  /** Those that are open, the worst first: one of a certificate's last days is there while its question passes. */
  readonly incidents: readonly Incident[];
}

/** What a monitor comes to, in a word; what needs somebody comes first. */
export const standingOrder = ['FAIL', 'unsure', 'stale', 'ok', 'paused'] as const;
export type Standing = (typeof standingOrder)[number];

/** What is old says little, whatever it is. */
export function standingOf({ state, isStale, newest, incidents }: MonitorStatus): Standing {
  if (state === 'paused') return 'paused';
  if (isStale || newest === null) return 'stale';
  if (newest.exitCode === 0) return incidents.length === 0 ? 'ok' : 'FAIL';
  return newest.exitCode === 1 ? 'FAIL' : 'unsure';
}

/**
 * Pure. `spans`: those that are open, passes or not; `incidents`: of any state. Monitors that have left the file are
 * left out.
 */
export function statusOf(
  monitors: readonly MonitorRow[],
  newest: readonly Run[],
  spans: readonly Span[],
  incidents: readonly Incident[],
  now: number,
): MonitorStatus[] {
  const runs = new Map(newest.map((run) => [run.monitor, run]));
  const spansOf = new Map(grouped(spans, ({ monitor }) => monitor).map((group) => [group[0].monitor, group]));
  const open = incidents.filter(({ state }) => state === 'open');
  const incidentsOf = new Map(grouped(open, ({ monitor }) => monitor).map((group) => [group[0].monitor, group]));
  return monitors
    .filter(({ state }) => state !== 'retired')
    .map((row) => {
      const run = runs.get(row.id) ?? null;
      const own = spansOf.get(row.id) ?? [];
      const open = (incidentsOf.get(row.id) ?? []).toSorted(worstIncident);
      const fails = own.filter(({ verdict }) => verdict === 'fail').toSorted(worstFirst);
      return {
        monitor: row.id,
        state: row.state,
        newest: run,
        isStale: run === null || now - (run.finishedAt ?? run.dueAt) > 2 * periodOf(row),
        nextAt: Math.min(...row.schedules.map(({ nextAt }) => nextAt ?? Number.POSITIVE_INFINITY)),
        worst: worstOf([...fails.filter(({ waived }) => waived === undefined), ...open]),
        fails,
        untold: own.filter((span) => isUntold(span) || span.verdict === 'error'),
        incidents: open,
      };
    })
    .map((status) => ({ ...status, nextAt: Number.isFinite(status.nextAt) ? status.nextAt : null }));
}

/**
 * Since when a monitor stands as it does, as far as that is known; `better`: when it last got better, or was first
 * seen. Of one that is stale: when it was last seen.
 */
export function sinceOf(status: MonitorStatus, better: number | null): number | null {
  const { fails, untold, newest, incidents } = status;
  const first = (times: readonly number[]) => (times.length === 0 ? null : Math.min(...times));
  const oldest = (spans: readonly Span[]) => first(spans.map(({ firstAt }) => firstAt));
  switch (standingOf(status)) {
    case 'FAIL':
      return oldest(fails.filter(isFailure)) ?? oldest(fails) ?? first(incidents.map(({ openedAt }) => openedAt));
    case 'unsure':
      return oldest(untold);
    case 'ok':
      return better;
    default:
      return newest?.finishedAt ?? null;
  }
}

const worstOf = (all: readonly { readonly severity: Severity }[]): Severity | null =>
  severities.findLast((severity) => all.some((one) => one.severity === severity)) ?? null;

const isFailure = ({ severity, waived }: Span): boolean =>
  waived === undefined && weights[severity].weight === 'failure';

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
