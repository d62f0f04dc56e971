import { brief } from '../../model/host-port.ts';
import { didYouMean } from '../../model/nearest.ts';
import type { Problem } from '../../yaml/problems.ts';
import { confirm, manual } from '../run.ts';
import type { Lookups } from './lookups.ts';
import { matcherOf } from './match.ts';
import { type Path, problemAt } from './problem-at.ts';
import { listed, mapping, named, namesIn, present, type Rough, texts } from './rough.ts';
import { isLocal, listenOf, mailServerOf } from './servers.ts';
import { targetProblems } from './target-problems.ts';
import { templateProblem } from './template.ts';

/**
 * What two places of the file say against each other, and what they name that there is not. Reads what it can of a
 * value whose form may be wrong, so that all mistakes are told at once.
 */
export function referenceProblems(value: unknown, lookups: Lookups): Problem[] {
  const file = mapping(value);
  return [
    ...named(file.schedules).flatMap(([name, schedule]) => scheduleProblems(['schedules', name], schedule)),
    ...named(file.channels).flatMap(([name, channel]) => channelProblems(['channels', name], channel)),
    ...namesProblems(file, lookups),
    ...named(file.monitors).flatMap(([name, monitor]) => targetProblems(['monitors', name], monitor, lookups)),
    ...listed(file.routes).flatMap(([index, route]) => routeProblems(['routes', index], mapping(route), file)),
    ...listed(file.maintenance).flatMap(([index, one]) =>
      maintenanceProblems(['maintenance', index], mapping(one), file),
    ),
    ...webProblems(mapping(file.web), file),
    ...(named(file.monitors).length === 0 && typeof file.monitors === 'object' && file.monitors !== null
      ? [problemAt(['monitors'], 'is empty: it takes one monitor at least, such as mx: { targets: [example.org] }')]
      : []),
    ...secretProblems([], file),
  ];
}

/** Schedules that no file has: of runs that a person asked for, and of those that ask again. */
const own: readonly string[] = [manual, confirm];

function scheduleProblems(path: Path, schedule: Rough): Problem[] {
  const { allow, authorized } = schedule;
  const isLoud = allow === 'load' || allow === 'intrusive';
  const isOurs = own.includes(String(path.at(-1)));
  return [
    ...(isOurs ? [problemAt(path, 'is the name of runs of our own: a schedule takes another', true)] : []),
    ...oneAlone(path, schedule, ['every', 'cron'], 'when it comes'),
    ...(isLoud && authorized !== true
      ? [problemAt([...path, 'allow'], `${allow} needs authorized: true beside it: it says that you may`)]
      : []),
    ...(schedule.every !== undefined && schedule.spread !== undefined
      ? [problemAt([...path, 'spread'], 'belongs to cron: with every, monitors are spread over the whole period')]
      : []),
  ];
}

const kinds = [
  'mail',
  'webhook',
  'slack',
  'teams',
  'mattermost',
  'matrix',
  'ntfy',
  'pagerduty',
  'alertmanager',
  'exec',
];

function channelProblems(path: Path, channel: Rough): Problem[] {
  const { server, password } = mapping(channel.mail);
  const { template } = mapping(channel.webhook);
  const wrong = typeof template === 'string' ? templateProblem(template) : null;
  return [
    ...oneAlone(path, channel, kinds, 'how people are told'),
    ...mailProblems([...path, 'mail'], server, password),
    ...(wrong === null ? [] : [problemAt([...path, 'webhook', 'template'], wrong)]),
  ];
}

function mailProblems(path: Path, server: unknown, password: unknown): Problem[] {
  if (typeof server !== 'string') return [];
  const read = mailServerOf(server);
  if (read.kind === 'problem') return [problemAt([...path, 'server'], read.problem)];
  if (read.user !== null && password === undefined)
    return [problemAt(path, 'has a user and no password: write password: { env: NAME } or { file: PATH }')];
  if (read.user === null && password !== undefined)
    return [problemAt([...path, 'password'], 'has no user: write server: smtps://user@host')];
  return [];
}

function namesProblems(file: Rough, lookups: Lookups): Problem[] {
  const schedules = [...new Set(['scan', ...namesIn(file.schedules)])];
  const places: [Path, Rough][] = [
    [['defaults'], mapping(file.defaults)],
    ...named(file.monitors).map(([name, monitor]): [Path, Rough] => [['monitors', name], monitor]),
  ];
  return places.flatMap(([path, one]) => [
    ...texts(one.schedules).flatMap(([index, name]) =>
      stranger([...path, 'schedules', index], name, 'schedule', schedules),
    ),
    ...(typeof one.policy === 'string' ? notFound([...path, 'policy'], lookups.policy(one.policy)) : []),
    ...(typeof one.tlsCa === 'string' ? certificateProblems([...path, 'tlsCa'], one.tlsCa, lookups) : []),
  ]);
}

function certificateProblems(path: Path, name: string, lookups: Lookups): Problem[] {
  const pem = lookups.file(name);
  if (pem.kind === 'not') return [problemAt(path, `: "${brief(name)}" ${pem.why}`)];
  const isPem = pem.value.includes('-----BEGIN CERTIFICATE-----');
  return isPem ? [] : [problemAt(path, `: "${brief(name)}" has no PEM certificate in it`)];
}

const notFound = (path: Path, found: { readonly kind: 'found' } | { readonly kind: 'not'; readonly why: string }) =>
  found.kind === 'found' ? [] : [problemAt(path, `: ${found.why}`)];

function routeProblems(path: Path, route: Rough, file: Rough): Problem[] {
  const channels = namesIn(file.channels);
  const to = listed(route.to).flatMap(([index, one]) => {
    const isText = typeof one === 'string';
    const name = isText ? one : mapping(one).channel;
    const place = [...path, 'to', index, ...(isText ? [] : ['channel'])];
    return typeof name === 'string' ? stranger(place, name, 'channel', channels) : [];
  });
  const tags = tagsOf(file);
  return [
    ...to,
    ...(typeof route.tag === 'string' ? stranger([...path, 'tag'], route.tag, 'tag of a monitor', tags) : []),
    ...matchProblems([...path, 'match'], route.match, file),
  ];
}

function maintenanceProblems(path: Path, one: Rough, file: Rough): Problem[] {
  const { cron, from, until } = one;
  const lacks = present(one, cron === undefined ? ['from', 'until'] : ['cron', 'for']).length < 2;
  const isBoth = cron !== undefined && (from !== undefined || until !== undefined);
  const isBackwards = typeof from === 'string' && typeof until === 'string' && Date.parse(from) >= Date.parse(until);
  return [
    ...(lacks || isBoth ? [problemAt(path, 'takes cron and for, or from and until: one of the two pairs, whole')] : []),
    ...(isBackwards ? [problemAt([...path, 'until'], 'is no later than from')] : []),
    ...matchProblems([...path, 'match'], one.match, file),
  ];
}

function matchProblems(path: Path, pattern: unknown, file: Rough): Problem[] {
  if (typeof pattern !== 'string') return [];
  const [, tag] = /^tag:(.*)$/s.exec(pattern) ?? [];
  if (tag !== undefined) return stranger(path, tag, 'tag of a monitor', tagsOf(file));
  const names = namesIn(file.monitors);
  // A line of a list is called by its group and its target.
  const group = pattern.split(':')[0] ?? '';
  const isMet = names.some((name) => [pattern, group].some((one) => matcherOf(one)({ name, group: name, tags: [] })));
  return isMet ? [] : stranger(path, pattern, 'monitor', names);
}

const tagsOf = (file: Rough): string[] => [
  ...new Set(named(file.monitors).flatMap(([, { tags }]) => texts(tags).map(([, tag]) => tag))),
];

function webProblems(web: Rough, file: Rough): Problem[] {
  const names = namesIn(file.monitors);
  const open = texts(mapping(web.status).public).flatMap(([index, name]) =>
    stranger(['web', 'status', 'public', index], name, 'monitor', names),
  );
  return [...open, ...(typeof web.listen === 'string' ? listenProblems(web.listen, mapping(web.auth)) : [])];
}

function listenProblems(text: string, auth: Rough): Problem[] {
  const listen = listenOf(text);
  if (listen === null) return [];
  if (listen.kind === 'problem') return [problemAt(['web', 'listen'], `: "${brief(text)}" ${listen.problem}`)];
  const hasNames = listed(auth.tokens).length + listed(auth.users).length > 0;
  if (listen.kind === 'unix' && auth.proxy !== undefined && !hasNames)
    return [problemAt(['web', 'auth', 'proxy'], 'has addresses, and who comes by a unix socket has none')];
  if (isLocal(listen) || hasNames || auth.proxy !== undefined) return [];
  return [
    problemAt(['web', 'listen'], `: "${brief(text)}" is open to others: it needs auth, or 127.0.0.1 or unix:/path`),
  ];
}

/** Each place of a secret names one: `env` or `file`. */
function secretProblems(path: Path, value: unknown): Problem[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => secretProblems([...path, index], inner));
  return Object.entries(mapping(value)).flatMap(([key, inner]) => {
    const here = [...path, key];
    const isSecret = (path[0] === 'channels' && secretKeys.includes(key)) || (path.length === 0 && key === 'heartbeat');
    const isPlace = isSecret && typeof inner === 'object' && inner !== null;
    return isPlace
      ? oneAlone(here, mapping(inner), ['env', 'file'], 'where the secret is')
      : secretProblems(here, inner);
  });
}
const secretKeys = ['password', 'token', 'key', 'url'];

function oneAlone(path: Path, value: Rough, keys: readonly string[], about: string): Problem[] {
  const there = present(value, keys);
  if (there.length === 1) return [];
  const list = keys.join(', ');
  return there.length === 0
    ? [problemAt(path, `does not say ${about}: it takes one of ${list}`)]
    : [problemAt([...path, there[1] ?? ''], `is one too many beside ${there[0]}: it takes one of ${list}`, true)];
}

function stranger(path: Path, name: string, kind: string, known: readonly string[]): Problem[] {
  if (known.includes(name)) return [];
  const list =
    known.length === 0
      ? 'there is none'
      : known.length > 20
        ? `there are ${known.length}`
        : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
  return [problemAt(path, `: "${brief(name)}" is no ${kind}${didYouMean(name, known)}; ${list}`)];
}
