import type { Registry } from 'prom-client';
import { severities, verdicts } from '../../model/judgement.ts';
import type { Incident } from '../../monitor/alerts/incident.ts';
import { type MonitorStatus, statusOf } from '../../monitor/status.ts';
import type { Answers, MeasuredHere, MonitorRow, StoreFigures } from '../../monitor/store.ts';
import { grouped } from '../../report/grouped.ts';
import { certificateEnds, limits } from './figures.ts';
import { gauge, type Sample, seconds } from './gauge.ts';
import type { MetricsParts } from './parts.ts';

type Add = (name: string, help: string, samples: readonly Sample[]) => void;

/** Adds how all monitors stand, and the watch itself. */
export async function watchMetrics(registry: Registry, parts: MetricsParts): Promise<void> {
  const { store, now } = parts;
  const at = now();
  const rows = await store.monitors();
  const known = await store.incidents({ isOpen: true });
  const statuses = statusOf(rows, await store.newestRuns(), [], known, at);
  const figures = await store.figures();
  const add: Add = (name, help, samples) => gauge(registry, name, help, samples);
  addMonitors(add, statuses, known);
  addAnswers(add, statuses, figures.answers);
  addMeasured(add, statuses, figures.measured);
  add('mxprobe_incident_open', 'Incidents that are open', openIncidents(known.filter(({ state }) => state === 'open')));
  addWatch(add, parts, { lag: lagOf(rows, figures, at), pending: figures.pending });
}

/**
 * What rests has no state; what was never scanned has none yet. A server that is silent is down at once, while people
 * are told when that has lasted.
 */
function addMonitors(add: Add, statuses: readonly MonitorStatus[], incidents: readonly Incident[]): void {
  const silent = new Set(incidents.filter(({ kind }) => kind === 'unreachable').map(({ monitor }) => monitor));
  const scanned = statuses.flatMap(({ newest, ...rest }) => (newest === null ? [] : [{ ...rest, newest }]));
  add(
    'mxprobe_monitor_up',
    '1: scanned within twice its period, and each of its servers answers',
    scanned
      .filter(({ state }) => state === 'active')
      .map(({ monitor, isStale }) => ({ labels: { monitor }, value: isStale || silent.has(monitor) ? 0 : 1 })),
  );
  add(
    'mxprobe_last_run_timestamp_seconds',
    'When the newest run ended that has a report',
    scanned.map(({ monitor, newest }) => ({
      labels: { monitor },
      value: seconds(newest.finishedAt ?? newest.dueAt),
    })),
  );
}

/** Of what was never scanned there is no answer. */
function addAnswers(add: Add, statuses: readonly MonitorStatus[], answers: readonly Answers[]): void {
  const monitors = new Set(statuses.map(({ monitor }) => monitor));
  const asked = grouped(
    answers.filter(({ monitor }) => monitors.has(monitor)),
    ({ monitor }) => monitor,
  );
  add(
    'mxprobe_monitor_worst_severity',
    'The worst that fails and is not waived: 0 nothing, 1 info, 2 low, 3 medium, 4 high, 5 critical',
    asked.map((own) => {
      const fails = own.filter(({ verdict, isWaived }) => verdict === 'fail' && !isWaived);
      return {
        labels: { monitor: own[0].monitor },
        value: Math.max(0, ...fails.map(({ severity }) => severities.indexOf(severity) + 1)),
      };
    }),
  );
  add(
    'mxprobe_findings',
    'Questions by what they come to now, waived or not',
    asked.flatMap((own) =>
      verdicts.map((verdict) => ({
        labels: { monitor: own[0].monitor, verdict },
        value: own.reduce((sum, one) => sum + (one.verdict === verdict ? one.count : 0), 0),
      })),
    ),
  );
}

/** Of monitors that have left the file the store still knows. */
function addMeasured(add: Add, statuses: readonly MonitorStatus[], measured: readonly MeasuredHere[]): void {
  const monitors = new Set(statuses.map(({ monitor }) => monitor));
  const here = measured.filter(({ monitor }) => monitors.has(monitor));
  add(
    'mxprobe_certificate_expiry_timestamp_seconds',
    'When the certificate of a server ends, the earliest of its addresses',
    certificateEnds(here).map(({ monitor, endpoint, value }) => ({ labels: { monitor, endpoint }, value })),
  );
  add(
    'mxprobe_limit',
    'A limit that was measured, the lowest of its addresses: rates per minute, waits in seconds, sizes in bytes',
    limits(here).map(({ monitor, endpoint, probe, value }) => ({ labels: { monitor, endpoint, probe }, value })),
  );
}

/** Where it is about no probe, the kind stands there: `unreachable`, `vantage`. */
function openIncidents(incidents: readonly Incident[]): Sample[] {
  const labelled = incidents.map(({ monitor, probe, kind, severity }) => ({
    monitor,
    probe: probe === '' ? kind : probe,
    severity,
  }));
  return grouped(labelled, (labels) => JSON.stringify(labels)).map((group) => ({
    labels: group[0],
    value: group.length,
  }));
}

/** Milliseconds by which the latest of what waits is late. */
function lagOf(rows: readonly MonitorRow[], { queuedSince }: StoreFigures, now: number): number {
  const due = rows
    .filter(({ state }) => state === 'active')
    .flatMap(({ schedules }) => schedules.flatMap(({ nextAt }) => nextAt ?? []));
  return Math.max(0, now - Math.min(queuedSince ?? now, ...due));
}

function addWatch(
  add: Add,
  { config, lastTick, isReloaded, version }: MetricsParts,
  { lag, pending }: { readonly lag: number; readonly pending: StoreFigures['pending'] },
): void {
  const ticked = lastTick();
  const channels = new Set([...config().channels.map(({ name }) => name), ...pending.keys()]);
  add('mxprobe_schedule_lag_seconds', 'How late the latest run is that waits to begin', [{ value: seconds(lag) }]);
  add(
    'mxprobe_outbox_pending',
    'Messages that wait to be sent',
    [...channels].map((channel) => ({ labels: { channel }, value: pending.get(channel) ?? 0 })),
  );
  add('mxprobe_config_last_reload_success', '1: the file was taken when it was last read', [
    { value: isReloaded() ? 1 : 0 },
  ]);
  add(
    'mxprobe_tick_timestamp_seconds',
    'When what is due was last looked for',
    ticked === null ? [] : [{ value: seconds(ticked) }],
  );
  add('mxprobe_build_info', 'Always 1, with the version of mxprobe', [{ labels: { version }, value: 1 }]);
}
