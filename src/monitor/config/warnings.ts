import type { Problem } from '../../yaml/problems.ts';
import type { Channel, Monitor, MonitorConfig, Place, Route, Schedule, Secret } from './config.ts';
import type { Files } from './lookups.ts';
import { matcherOf } from './match.ts';
import { type Path, problemAt } from './problem-at.ts';

/** What is no mistake, and yet may not be what was wanted. */
export function warningsOf(config: MonitorConfig, files: Pick<Files, 'lacks'>): Problem[] {
  return [
    ...scheduleWarnings(config),
    ...webWarnings(config),
    ...mailWarnings(config),
    ...routeWarnings(config),
    ...secretsIn(config).flatMap(([path, secret]) => {
      const lack = files.lacks(secret);
      return lack === null ? [] : [problemAt(path, `: ${lack}`)];
    }),
  ];
}

const schedulesIn = ({ monitors }: MonitorConfig): Schedule[] => [
  ...new Map(monitors.flatMap(({ schedules }) => schedules.map((schedule) => [schedule.name, schedule]))).values(),
];

const soonest = 5 * 60_000;

function scheduleWarnings(config: MonitorConfig): Problem[] {
  return schedulesIn(config).flatMap(({ name, allow, window, when, probes }) => [
    ...(allow === 'load' && window === null
      ? [problemAt(['schedules', name], 'puts load on servers at any hour: a window keeps it to quiet ones')]
      : []),
    ...(when.kind === 'every' && when.every < soonest && probes.length === 0
      ? [
          problemAt(
            ['schedules', name, 'every'],
            'asks all there is to ask so often that servers may take it for an attack',
          ),
        ]
      : []),
  ]);
}

/** Who comes through a proxy on this machine looks like somebody on it. */
function webWarnings({ web: { hosts, tokens, users, proxy } }: MonitorConfig): Problem[] {
  if (hosts.length === 0 || tokens.length + users.length > 0 || proxy !== null) return [];
  return [
    problemAt(['web', 'hosts'], 'has no auth beside it: whoever comes by these names may see and do everything', true),
  ];
}

/** Of mail about a server that goes through it nothing is heard when it is down. */
function mailWarnings({ channels, monitors }: MonitorConfig): Problem[] {
  const watched = new Set(monitors.flatMap(({ targets }) => targets.map(hostOf)));
  const ways = channels.map((channel) => ({ channel, way: watchedOnTheWay(channel, watched) }));
  if (ways.some(({ way }) => way === null)) return [];
  return ways.map(({ channel, way }) =>
    problemAt(
      ['channels', channel.name, 'mail'],
      `goes through ${way}, and no other channel is there: when that is down, nobody hears of it`,
    ),
  );
}

const hostOf = (target: Monitor['targets'][number]): string =>
  target.kind === 'name' ? target.name : target.kind === 'address' ? target.address : target.host;

/**
 * The server that hands the mail in, or the domain of somebody who gets it. Which servers a domain has is not asked
 * here: one whose name is within it may be one of them.
 */
function watchedOnTheWay(channel: Channel, watched: ReadonlySet<string>): string | null {
  if (channel.kind !== 'mail') return null;
  const { host } = channel.server;
  if (watched.has(host)) return `${host}, which is watched`;
  const above = [...watched].find((name) => host.endsWith(`.${name}`));
  if (above !== undefined) return `${host}, which may be a server of ${above}, which is watched`;
  const domains = channel.to.map((address) => address.slice(address.lastIndexOf('@') + 1));
  return domains.every((domain) => watched.has(domain)) ? `${domains[0]}, which is watched` : null;
}

function routeWarnings({ channels, routes, monitors }: MonitorConfig): Problem[] {
  const used = new Set(routes.flatMap(({ to }) => to.map(({ channel }) => channel)));
  const idle = channels.filter(({ name }) => !used.has(name));
  const open = routes.findIndex(takesAll);
  const behind = open < 0 ? [] : routes.slice(open + 1);
  return [
    ...idle.map(({ name }) => problemAt(['channels', name], 'is in no route: it is never used', true)),
    ...behind.map((_, index) =>
      problemAt(['routes', open + 1 + index], `is never reached: routes[${open}] takes everything before it`),
    ),
    ...(open < 0 && channels.length > 0 ? untoldWarning(routes, monitors) : []),
  ];
}

const takesAll = ({ severity, tag, match }: Route): boolean =>
  (severity === null || severity === 'info') && tag === null && (match === null || match === '*');

function untoldWarning(routes: readonly Route[], monitors: readonly Monitor[]): Problem[] {
  const untold = monitors.find((monitor) => !routes.some((route) => reaches(route, monitor)));
  if (untold === undefined) return [];
  return [
    problemAt(
      ['routes'],
      `take not all that ${untold.name} may find, and the rest is told nobody: { to: [...] } at the end takes it`,
    ),
  ];
}

/** Whether a route takes all that is told of a monitor. */
function reaches({ severity, tag, match }: Route, monitor: Monitor): boolean {
  const order = ['info', 'low', 'medium', 'high', 'critical'];
  const isLowEnough = severity === null || order.indexOf(severity) <= order.indexOf(monitor.alerts.alertOn);
  return isLowEnough && (tag === null || monitor.tags.includes(tag)) && (match === null || matcherOf(match)(monitor));
}

/** Every secret, with its place in the file. */
function secretsIn({ channels, heartbeat }: MonitorConfig): [Path, Secret][] {
  const isSecret = (place: unknown): place is Secret =>
    typeof place === 'object' && place !== null && 'kind' in place && (place.kind === 'env' || place.kind === 'file');
  const inChannels = channels.flatMap((channel) =>
    Object.entries(channel).flatMap(([key, value]: [string, Place | unknown]): [Path, Secret][] =>
      isSecret(value) ? [[['channels', channel.name, channel.kind, key], value]] : [],
    ),
  );
  return [...inChannels, ...(isSecret(heartbeat) ? [[['heartbeat'], heartbeat] as [Path, Secret]] : [])];
}
