import { defaultPolicy, type Policy } from '../../model/policy.ts';
import type { Target } from '../../model/target.ts';
import { defaultOptions } from '../../scan/options.ts';
import { windowOf } from '../schedule/window.ts';
import { channelOf, placeOf } from './channels.ts';
import type {
  AlertRules,
  Channel,
  Maintenance,
  Monitor,
  MonitorConfig,
  MonitorOptions,
  Route,
  Schedule,
} from './config.ts';
import { durationOf } from './duration.ts';
import type { Written } from './form.ts';
import { type Files, type Found, type Lookups, targetOf } from './lookups.ts';
import { listenOf } from './servers.ts';

type WrittenMonitor = Written['monitors'][string];
type Defaults = NonNullable<Written['defaults']>;

/** The configuration out of a file without mistakes. */
export function completed(written: Written, files: Files, lookups: Lookups): MonitorConfig {
  const channels = Object.entries(written.channels ?? {}).map(([name, channel]) => channelOf(name, channel, files));
  const schedules = schedulesOf(written);
  return {
    store: files.resolve(written.store ?? 'mxprobe.db'),
    monitors: Object.entries(written.monitors).flatMap(([name, monitor]) =>
      monitorsOf(name, monitor, written.defaults ?? {}, schedules, lookups),
    ),
    channels,
    routes: routesOf(written.routes, channels),
    maintenance: (written.maintenance ?? []).map((one) => maintenanceOf(one, written.defaults ?? {})),
    web: webOf(written.web ?? {}),
    heartbeat: written.heartbeat === undefined ? null : placeOf(written.heartbeat, files),
    retention: {
      runs: ms(written.retention?.runs ?? '90d'),
      changes: ms(written.retention?.changes ?? '2y'),
      reports: ms(written.retention?.reports ?? '1y'),
    },
  };
}

/** A duration that the form has checked. */
const ms = (text: string): number => durationOf(text) ?? 0;
const msOrNull = (text: string | undefined): number | null => (text === undefined ? null : ms(text));

function schedulesOf({ schedules = {}, defaults = {} }: Written): ReadonlyMap<string, Schedule> {
  const all = Object.hasOwn(schedules, 'scan') ? schedules : { scan: { every: '1h' }, ...schedules };
  return new Map(Object.entries(all).map(([name, schedule]) => [name, scheduleOf(name, schedule, defaults)]));
}

type WrittenSchedule = NonNullable<Written['schedules']>[string];

function scheduleOf(name: string, written: WrittenSchedule, defaults: Defaults): Schedule {
  const { every, cron = '', spread, window } = written;
  return {
    name,
    when: every === undefined ? { kind: 'cron', cron, spread: msOrNull(spread) } : { kind: 'every', every: ms(every) },
    timezone: written.timezone ?? defaults.timezone ?? 'UTC',
    catchUp: written.catchUp ?? 'one',
    window: window === undefined ? null : windowOf(window),
    allow: written.allow ?? 'active',
    authorized: written.authorized ?? false,
    probes: written.probes ?? [],
    skip: written.skip ?? [],
    deadline: msOrNull(written.deadline),
  };
}

function monitorsOf(
  name: string,
  written: WrittenMonitor,
  defaults: Defaults,
  schedules: ReadonlyMap<string, Schedule>,
  lookups: Lookups,
): Monitor[] {
  const policy = written.policy ?? defaults.policy;
  const named = written.schedules ?? defaults.schedules ?? ['scan'];
  const rest = {
    group: name,
    schedules: [...new Set(named)].flatMap((one) => schedules.get(one) ?? []),
    tags: written.tags ?? [],
    policy: policy === undefined ? defaultPolicy : valueIn<Policy>(lookups.policy(policy)),
    options: optionsOf(written, defaults, lookups),
    alerts: alertsOf({ ...defaults, ...written }),
  };
  const targets = targetsOf(written.targets, lookups);
  if (written.each !== true) return [{ name, targets, ...rest }];
  return targets.map((target) => ({ name: `${name}:${target.input}`, targets: [target], ...rest }));
}

function targetsOf(targets: string | readonly string[], lookups: Lookups): Target[] {
  if (typeof targets !== 'string') return targets.map((text) => valueIn(targetOf(text)));
  return valueIn(lookups.list(targets.slice(1))).map(({ target }) => valueIn(target));
}

/** What was found when mistakes were looked for. */
function valueIn<T>(found: Found<T>): T {
  if (found.kind === 'found') return found.value;
  throw new Error(found.why);
}

function optionsOf(monitor: WrittenMonitor, defaults: Defaults, lookups: Lookups): MonitorOptions {
  const given = { ...defaults, ...monitor };
  return {
    helo: given.helo ?? null,
    ports: monitor.ports ?? defaultOptions.ports,
    domain: monitor.domain ?? defaultOptions.domain,
    recipient: monitor.recipient ?? defaultOptions.recipient,
    external: monitor.external ?? defaultOptions.external,
    sender: monitor.sender ?? defaultOptions.sender,
    private: monitor.private ?? defaultOptions.private,
    vantage: given.vantage ?? defaultOptions.vantage,
    family: given.family ?? defaultOptions.family,
    dns: given.dns ?? defaultOptions.dns,
    dnsTrusted: given.dnsTrusted ?? defaultOptions.dnsTrusted,
    blockLists: given.dnsbl ?? defaultOptions.blockLists,
    tlsCa: given.tlsCa === undefined ? defaultOptions.tlsCa : valueIn(lookups.file(given.tlsCa)),
  };
}

function alertsOf({ alertOn, confirm, remind, recover }: Defaults): AlertRules {
  return {
    alertOn: alertOn ?? 'medium',
    confirm: ms(confirm ?? '2m'),
    remind: remind === 'never' ? null : ms(remind ?? '1d'),
    recover: recover ?? 1,
  };
}

/** Without routes every channel gets everything. */
function routesOf(written: Written['routes'], channels: readonly Channel[]): Route[] {
  if (written === undefined) {
    const to = channels.map(({ name }) => ({ channel: name, after: 0 }));
    return to.length === 0 ? [] : [{ severity: null, tag: null, match: null, to, digest: null }];
  }
  return written.map(({ severity = null, tag = null, match = null, to, digest = null }) => ({
    severity,
    tag,
    match,
    to: to.map((one) =>
      typeof one === 'string' ? { channel: one, after: 0 } : { channel: one.channel, after: ms(one.after ?? '0s') },
    ),
    digest,
  }));
}

function maintenanceOf(one: NonNullable<Written['maintenance']>[number], defaults: Defaults): Maintenance {
  const { match, reason = null } = one;
  if (one.cron === undefined)
    return { match, reason, kind: 'once', from: Date.parse(one.from ?? ''), until: Date.parse(one.until ?? '') };
  const timezone = one.timezone ?? defaults.timezone ?? 'UTC';
  return { match, reason, kind: 'cron', cron: one.cron, timezone, for: ms(one.for ?? '0s') };
}

function webOf(web: NonNullable<Written['web']>): MonitorConfig['web'] {
  const listen = listenOf(web.listen ?? '127.0.0.1:9725');
  return {
    listen: listen?.kind === 'problem' ? null : listen,
    hosts: web.hosts ?? [],
    tokens: web.auth?.tokens ?? [],
    users: web.auth?.users ?? [],
    proxy: web.auth?.proxy ?? null,
    publicStatus: web.status?.public ?? [],
  };
}
