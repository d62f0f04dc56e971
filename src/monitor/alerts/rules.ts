import { hostWithPort } from '../../model/host-port.ts';
import type { Maintenance, Milliseconds, Monitor, MonitorConfig, Route } from '../config/config.ts';
import { matcherOf } from '../config/match.ts';
import { cronTimes } from '../schedule/cron.ts';
import type { Quieted } from '../store.ts';
import type { Incident } from './incident.ts';
import { type AlertRules, routeOf } from './plan.ts';
import { silenceMatches } from './silenced.ts';
import { day } from './steps.ts';

const mostAnHour = 20;

/** What a file says of who is told what. `groupWait`: how long several things are waited for. */
export function alertRulesOf(
  config: Pick<MonitorConfig, 'monitors' | 'channels' | 'routes' | 'maintenance'>,
  { groupWait, link }: { readonly groupWait: Milliseconds; readonly link: string | null },
): (known: Quieted) => AlertRules {
  const monitors = new Map(config.monitors.map((monitor) => [monitor.name, monitor]));
  const matchers = new Map(config.routes.map(({ match }) => [match, match === null ? null : matcherOf(match)]));
  const to = config.channels.map(({ name }) => ({ channel: name, after: 0 }));
  const toAll: Route = { severity: null, tag: null, match: null, to, digest: null };
  const maintained = config.maintenance.map(maintenanceOf);
  const monitorOf = (incident: Incident) => monitors.get(incident.monitor) ?? null;
  return ({ now, silences, open, paused }) => {
    const isBlind = open.some(({ kind }) => kind === 'vantage');
    return {
      channels: config.channels.map(({ name }) => name),
      groupWait,
      mostAnHour,
      link,
      route(incident) {
        const monitor = monitorOf(incident);
        const matches = (match: string) => monitor !== null && matchers.get(match)?.(monitor) === true;
        // What is wrong with the watch itself, everybody has to hear who hears anything.
        return routeOf(config.routes, incident, monitor, matches) ?? (monitor === null ? toAll : null);
      },
      isQuiet(incident) {
        const monitor = monitorOf(incident);
        if (monitor === null) return false;
        return (
          paused.has(monitor.name) ||
          (isBlind && incident.kind === 'unreachable') ||
          maintained.some((isOn) => isOn(monitor, now)) ||
          silences.some(
            ({ match, from, until }) => from <= now && now < until && silenceMatches(match, monitor, incident.probe),
          )
        );
      },
      remind: (incident) => remindOf(incident, monitorOf(incident)),
      digestAt,
      command: (incident) => commandOf(incident, monitorOf(incident)),
    };
  };
}

/** What weighs little is told again once a week at most. */
function remindOf({ severity }: Incident, monitor: Monitor | null): Milliseconds | null {
  const remind = monitor?.alerts.remind ?? null;
  if (monitor === null) return day;
  if (remind === null) return null;
  return severity === 'info' || severity === 'low' ? Math.max(remind, 7 * day) : remind;
}

function maintenanceOf(one: Maintenance): (monitor: Monitor, now: number) => boolean {
  const matches = matcherOf(one.match);
  if (one.kind === 'once') return (monitor, now) => one.from <= now && now < one.until && matches(monitor);
  const times = cronTimes(one.cron, one.timezone);
  return (monitor, now) => {
    if (!matches(monitor)) return false;
    const { last } = times.around(now);
    return last !== null && now < last + one.for;
  };
}

const periods: Readonly<Record<NonNullable<Route['digest']>, Milliseconds>> = {
  hourly: day / 24,
  daily: day,
  weekly: 7 * day,
};

/** The full hour after it; 08:00 UTC of a day; of a Monday. */
function digestAt(digest: NonNullable<Route['digest']>, at: number): number {
  const period = periods[digest];
  const phase = { hourly: 0, daily: day / 3, weekly: 4 * day + day / 3 }[digest];
  return Math.floor((at - phase) / period) * period + period + phase;
}

/** What shows it again; the scan of a monitor for what is no single server's. */
function commandOf({ monitor, host, port, probe, kind }: Incident, known: Monitor | null): string {
  if (known === null) return 'mxprobe monitor status';
  const own = known.options.private ? ' --private' : '';
  if (port === 0) return `mxprobe scan ${host}${own} --probe ${probe}`;
  return kind === 'unreachable'
    ? `mxprobe monitor now ${monitor}`
    : `mxprobe scan ${hostWithPort(host, port)} --probe ${probe}`;
}
