import { createHash } from 'node:crypto';
import { isAtLeast } from '../../model/summary.ts';
import { grouped } from '../../report/grouped.ts';
import type { Channel, Milliseconds, Route } from '../config/config.ts';
import type { Incident, IncidentEventKind } from './incident.ts';
import type { AlertItem, AlertMessage, MessageKind } from './message.ts';
import { worstFirst } from './steps.ts';

/** Something that people may have to be told. */
export interface Pending {
  readonly nth: number;
  readonly at: number;
  readonly what: IncidentEventKind;
  readonly incident: Incident;
}

/** That a channel was told something of an incident. */
export interface Told {
  readonly incident: string;
  readonly nth: number;
  readonly channel: string;
  readonly at: number;
}

export interface AlertRules {
  readonly channels: readonly Channel['name'][];
  /** The first route that takes an incident; null where none does. */
  route(incident: Incident): Route | null;
  /** Whether a silence, maintenance or a fault of ours keeps it quiet now. */
  isQuiet(incident: Incident): boolean;
  /** How often it is told again; null: once is enough. */
  remind(incident: Incident): Milliseconds | null;
  /** When what has happened at a time is told together with the rest: the end of an hour, a day or a week. */
  digestAt(digest: NonNullable<Route['digest']>, at: number): number;
  /** How long several things are waited for, to be told together. */
  readonly groupWait: Milliseconds;
  /** Messages of a channel in an hour; the last of them holds all the rest. */
  readonly mostAnHour: number;
  readonly link: string | null;
  /** Where the targets of a monitor are, as `mxprobe scan` takes them. */
  command(incident: Incident): string;
}

export interface Known {
  readonly now: number;
  /** What has happened and may have to be told, the oldest first. */
  readonly pending: readonly Pending[];
  readonly open: readonly Incident[];
  /** Of the incidents in `pending` and `open`. */
  readonly told: readonly Told[];
  /** When messages went to a channel within the last hour. */
  readonly recent: ReadonlyMap<string, number>;
}

/** What is to be written, all in one transaction. */
export interface Planned {
  readonly messages: readonly PlannedMessage[];
  /** Events that nobody has to be told any more. */
  readonly settled: readonly Pick<Pending, 'nth' | 'incident'>[];
  /** When the first of what waits for others is due; infinite where nothing waits. */
  readonly nextAt: number;
}

interface PlannedMessage {
  readonly channel: string;
  readonly message: AlertMessage;
  /** What it tells: an event that is there, or one that comes with it. */
  readonly tells: readonly {
    readonly incident: string;
    readonly nth: number | null;
    readonly what: IncidentEventKind;
  }[];
}

/** One thing to tell one channel. */
interface Notice {
  readonly channel: string;
  readonly what: AlertItem['what'];
  readonly incident: Incident;
  /** Null: a reminder, or an escalation, which becomes an event of its own. */
  readonly nth: number | null;
  readonly dueAt: number;
  readonly isDigest: boolean;
}

/** Incidents of one cause that are one message. */
const alike = 5;

/** Who is to be told what now. Pure. */
export function planMessages(known: Known, rules: AlertRules): Planned {
  const { now, pending, open } = known;
  const told = toldOf(known.told);
  const verdicts = pending.map((one) => ({ one, ...noticesOf(one, told, rules) }));
  const notices = [
    ...verdicts.flatMap(({ notices: some }) => some),
    ...open.flatMap((incident) => [
      ...escalations(incident, told(incident.id), rules, now),
      ...reminders(incident, told(incident.id), rules, now),
    ]),
  ];
  const messages = rules.channels.flatMap((channel) =>
    messagesTo(
      notices.filter((notice) => notice.channel === channel),
      rules.mostAnHour - (known.recent.get(channel) ?? 0),
      now,
    ).map((group) => messageOf(channel, group, now, rules)),
  );
  return {
    messages,
    settled: verdicts.flatMap(({ one, isSettled }) => (isSettled ? [one] : [])),
    nextAt: notices.reduce((first, { dueAt }) => (dueAt > now ? Math.min(first, dueAt) : first), Infinity),
  };
}

type ToldOf = (incident: string) => readonly Told[];

function toldOf(told: readonly Told[]): ToldOf {
  const by = new Map(grouped(told, ({ incident }) => incident).map((some) => [some[0].incident, some]));
  return (incident) => by.get(incident) ?? [];
}

/** Whom an event is to be told, and whether nobody is left who has to hear of it. */
function noticesOf(
  { nth, at, what, incident }: Pending,
  told: ToldOf,
  rules: AlertRules,
): { readonly notices: readonly Notice[]; readonly isSettled: boolean } {
  const heard = told(incident.id);
  const route = rules.route(incident);
  const isDigest = (route?.digest ?? null) !== null;
  const known = new Set(heard.map(({ channel }) => channel));
  const left = (channels: readonly string[]) =>
    channels.filter(
      (channel) => rules.channels.includes(channel) && !heard.some((one) => one.channel === channel && one.nth === nth),
    );
  const notice = (channel: string): Notice => ({
    channel,
    what: what as AlertItem['what'],
    incident,
    nth,
    dueAt: route?.digest ? rules.digestAt(route.digest, at) : at + rules.groupWait,
    isDigest,
  });
  // An end goes to exactly those who have heard of the beginning, whatever keeps others quiet.
  const own = (route?.to ?? []).filter(({ after }) => after === 0).map(({ channel }) => channel);
  const wanted = what === 'closed' ? [...known, ...(isDigest ? own : [])] : own;
  const isOver = incident.state === 'closed' && what !== 'closed' && !isDigest;
  const to = isOver ? [] : left([...new Set(wanted)]);
  if (to.length === 0) return { notices: [], isSettled: true };
  if (what !== 'closed' && rules.isQuiet(incident)) return { notices: [], isSettled: false };
  return { notices: to.map(notice), isSettled: false };
}

function isAcked({ ackedAt, ackedUntil }: Incident, now: number): boolean {
  return ackedAt !== null && (ackedUntil === null || ackedUntil > now);
}

/** To those who come later, where nobody has said by then that they know. */
function escalations(incident: Incident, heard: readonly Told[], rules: AlertRules, now: number): Notice[] {
  const { state, confirmedAt } = incident;
  if (state !== 'open' || confirmedAt === null || isAcked(incident, now) || rules.isQuiet(incident)) return [];
  return (rules.route(incident)?.to ?? [])
    .filter(
      ({ channel, after }) => after > 0 && now >= confirmedAt + after && !heard.some((one) => one.channel === channel),
    )
    .map(({ channel }) => ({ channel, what: 'escalated', incident, nth: null, dueAt: now, isDigest: false }));
}

/** To those who have heard of it, and of nothing since for long. */
function reminders(incident: Incident, heard: readonly Told[], rules: AlertRules, now: number): Notice[] {
  const every = rules.remind(incident);
  if (incident.state !== 'open' || every === null || isAcked(incident, now) || rules.isQuiet(incident)) return [];
  const isDigest = (rules.route(incident)?.digest ?? null) !== null;
  const channels = new Set(heard.map(({ channel }) => channel));
  return [...channels]
    .filter((channel) => Math.max(...heard.filter((one) => one.channel === channel).map(({ at }) => at)) + every <= now)
    .map((channel) => ({ channel, what: 'reminder', incident, nth: null, dueAt: now, isDigest }));
}

/** The notices of one channel, as many as may go now, a message each. */
function messagesTo(notices: readonly Notice[], room: number, now: number): Notice[][] {
  const groups = ready(notices, now);
  if (groups.length === 0 || room <= 0) return [];
  if (groups.length <= room) return groups;
  // What is left of the hour is told in one.
  return [...groups.slice(0, room - 1), groups.slice(room - 1).flat()];
}

/** By monitor, or all of a digest; a group goes as a whole when its oldest is due. */
function ready(notices: readonly Notice[], now: number): Notice[][] {
  const groups: Notice[][] = grouped(notices, ({ isDigest, incident }) =>
    isDigest ? 'digest' : `of ${incident.monitor}`,
  ).filter((group) => group.some(({ dueAt }) => dueAt <= now));
  const all = groups.flat();
  const cause = causes
    .map((of) => grouped(all, of).find((some) => some.length > alike))
    .find((some) => some !== undefined);
  if (cause === undefined || groups.length === 1) return groups;
  const rest = groups.map((group) => group.filter((one) => !cause.includes(one))).filter((group) => group.length > 0);
  return [cause, ...rest];
}

/** What several incidents may have in common. */
const causes: readonly ((notice: Notice) => string)[] = [
  ({ incident }) => `host ${incident.host}`,
  ({ incident }) => `probe ${incident.kind} ${incident.probe}`,
];

function messageOf(channel: string, notices: readonly Notice[], now: number, rules: AlertRules): PlannedMessage {
  const sorted = notices.toSorted((a, b) => worstFirst(a.incident, b.incident));
  const tells = sorted.map(({ incident, nth, what }) => ({
    incident: incident.id,
    nth,
    what: eventNames[what] ?? what,
  }));
  return {
    channel,
    tells: tells as PlannedMessage['tells'],
    message: {
      id: messageId(channel, tells, now),
      kind: kindOf(sorted),
      at: now,
      items: newestOf(sorted).map(({ what, incident }) => ({ what, incident, command: rules.command(incident) })),
      link: rules.link,
    },
  };
}

const eventNames: Readonly<Partial<Record<MessageKind, IncidentEventKind>>> = { reminder: 'reminded' };

/** Of one incident the last that happened says it all, unless that only changed what begins in the same message. */
function newestOf(notices: readonly Notice[]): Notice[] {
  return grouped(notices, ({ incident }) => incident.id).map((some) => {
    const last = some.at(-1) ?? some[0];
    const begun = some.findLast(({ what }) => what === 'opened' || what === 'flapping');
    if (last.what === 'closed' || begun === undefined) return last;
    return last.what === 'settled' ? { ...begun, what: 'opened' } : begun;
  });
}

function kindOf(notices: readonly Notice[]): MessageKind {
  const kinds = new Set(newestOf(notices).map(({ what }) => what));
  const [only = 'digest'] = kinds;
  return kinds.size === 1 ? only : 'digest';
}

/** The same for the same events; what comes again and again has its time in it. */
function messageId(
  channel: string,
  tells: readonly { incident: string; nth: number | null; what: string }[],
  now: number,
) {
  const facts = tells.map(({ incident, nth, what }) => [incident, what, nth ?? now]);
  return createHash('sha256')
    .update(JSON.stringify([channel, facts]))
    .digest('hex')
    .slice(0, 24);
}

/** The first route that takes an incident of a monitor; of the watch itself one that is for everything. */
export function routeOf(
  routes: readonly Route[],
  { severity }: Pick<Incident, 'severity'>,
  monitor: { readonly tags: readonly string[] } | null,
  matches: (pattern: string) => boolean,
): Route | null {
  const isFor = ({ tag, match }: Route): boolean =>
    monitor === null
      ? tag === null && (match === null || match === '*')
      : (tag === null || monitor.tags.includes(tag)) && (match === null || matches(match));
  return (
    routes.find((route) => (route.severity === null || isAtLeast(severity, route.severity)) && isFor(route)) ?? null
  );
}
