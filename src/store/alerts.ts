import type { Report } from '../model/report.ts';
import { type Heard, heardIn } from '../monitor/alerts/heard.ts';
import {
  type ClosedBecause,
  type Incident,
  type IncidentKind,
  keyOfTrouble,
  type Trouble,
} from '../monitor/alerts/incident.ts';
import type { Outgoing } from '../monitor/alerts/message.ts';
import { type AlertRules, type Pending, type Planned, planMessages, type Told } from '../monitor/alerts/plan.ts';
import { askAgainAt, day, type Moment, step } from '../monitor/alerts/steps.ts';
import { isOurSide, lately } from '../monitor/alerts/vantage.ts';
import { hopeless } from '../monitor/delivery.ts';
import { confirm, type Run } from '../monitor/run.ts';
import type { Span } from '../monitor/span.ts';
import type { HearingRules, Quieted } from '../monitor/store.ts';
import type { Db } from './database.ts';
import { addEvents, incidentsOf, outgoing, silencesAt, writeIncident } from './incidents.ts';
import { insertRun, isOpen } from './runs.ts';
import { openSpans } from './spans.ts';

const openOnly = { isOpen: true } as const;

/** What a run makes of incidents, and the run that asks again about those that are new. `before`: spans before it. */
export async function hear(
  trx: Db,
  run: Run,
  report: Report,
  before: readonly Span[],
  rules: HearingRules,
  at: number,
): Promise<void> {
  const { monitor } = run;
  const open = await incidentsOf(trx, { ...openOnly, monitor });
  const asked = new Set(open.length === 0 ? [] : (await openSpans(trx, monitor)).flatMap(keysOf));
  const isAsked = (trouble: Trouble) => asked.has(keyOfTrouble(trouble));
  const heard = heardIn({ monitor, report, before, alertOn: rules.alertOn, open, isAsked });
  const steps = await Promise.all(
    heard.map(async (one) => {
      const last = open.find((incident) => keyOfTrouble(incident) === keyOfTrouble(one.trouble));
      const known = last ?? (one.what === 'fails' ? await newestOf(trx, one.trouble) : null);
      return step(known, one, rules, { at, run: run.id });
    }),
  );
  for (const { incident, happened } of steps) if (incident !== null) await writeIncident(trx, incident, happened, at);
  const again = steps.flatMap(({ incident }) => (incident === null ? [] : (askAgainAt(incident, rules, at) ?? [])));
  if (again.length > 0) await askAgain(trx, monitor, Math.min(...again));
  await lookAtVantage(
    trx,
    steps.flatMap(({ incident }) => incident ?? []),
    { at, run: run.id },
  );
  await noteSelf(trx, `run:${monitor}`, null, at);
}

/** A span stands for what may be wrong with its subject, and with its server. */
const keysOf = ({ monitor, host, port, probe }: Span): string[] => [
  ...(['finding', 'untold'] as const).map((kind) => keyOfTrouble({ kind, monitor, host, port, probe })),
  keyOfTrouble({ kind: 'unreachable', monitor, host, port, probe: '' }),
];

async function newestOf(trx: Db, { kind, monitor, host, port, probe }: Trouble): Promise<Incident | null> {
  const row = await trx
    .selectFrom('incident')
    .select('body')
    .where((where) => where.and({ kind, monitorId: monitor, host, port, probe }))
    .orderBy('openedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : JSON.parse(row.body);
}

async function askAgain(trx: Db, monitor: string, at: number): Promise<void> {
  if (await isOpen(trx, monitor, confirm)) return;
  await insertRun(trx, { monitor, schedule: confirm, dueAt: at, notBefore: at, missed: 0, because: null });
}

/** Looks beyond the monitor, where one of its servers is silent, or all were. */
async function lookAtVantage(trx: Db, incidents: readonly Incident[], moment: Moment): Promise<void> {
  const [known] = await ofKind(trx, 'vantage');
  const isSilent = incidents.some(({ kind, state }) => kind === 'unreachable' && state !== 'closed');
  if (known === undefined && !isSilent) return;
  const since = moment.at - lately;
  const places = await trx
    .selectFrom('span')
    .select(['host', 'port', 'address'])
    .distinct()
    .where('endedRun', 'is', null)
    .where('lastAt', '>=', since)
    .where('port', '<>', 0)
    .execute();
  const silent = new Set(
    (await ofKind(trx, 'unreachable'))
      .filter(({ lastSeenAt }) => lastSeenAt >= since)
      .flatMap(({ host, port, members }) => members.map((address) => `${host} ${port} ${address}`)),
  );
  const asked = places.map(({ host, port, address }) => ({
    address,
    isSilent: silent.has(`${host} ${port} ${address}`),
  }));
  const count = `${asked.filter((one) => one.isSilent).length} of ${asked.length} servers do not answer`;
  await note(
    trx,
    { kind: 'vantage', monitor: '', host: '', port: 0, probe: '' },
    isOurSide(asked) ? count : null,
    moment,
  );
}

async function ofKind(trx: Db, kind: IncidentKind): Promise<Incident[]> {
  const rows = await trx
    .selectFrom('incident')
    .select('body')
    .where('kind', '=', kind)
    .where('state', '<>', 'closed')
    .execute();
  return rows.map(({ body }) => JSON.parse(body));
}

/** Something of the watch itself is wrong, or, with null, right again: `channel:pager`, `run:mx`, `file`. */
export async function noteSelf(trx: Db, probe: string, wrong: string | null, at: number): Promise<void> {
  await note(trx, { kind: 'self', monitor: '', host: '', port: 0, probe }, wrong, { at, run: null });
}

const titles: Readonly<Record<string, string>> = {
  vantage: 'Nearly nothing answers: the fault is on our side',
  channel: 'A channel does not take alerts',
  run: 'A scan met an error of our own',
  file: 'The file of monitors has mistakes: the one before stays in force',
};

/** An incident that no report holds. */
async function note(trx: Db, trouble: Trouble, wrong: string | null, moment: Moment): Promise<void> {
  const last = await newestOf(trx, trouble);
  if (wrong === null && (last === null || last.state === 'closed')) return;
  const heard: Heard = {
    trouble,
    what: wrong === null ? 'passes' : 'fails',
    severity: 'high',
    members: [],
    before: null,
    now: { verdict: wrong === null ? 'pass' : 'fail', because: wrong ?? 'it is well again', quotes: [] },
    headline: titles[trouble.kind === 'vantage' ? 'vantage' : (trouble.probe.split(':')[0] ?? '')] ?? trouble.probe,
    fix: null,
    isSure: true,
    mustTell: false,
  };
  const { incident, happened } = step(last, heard, { confirm: 0, recover: 1 }, moment);
  if (incident !== null) await writeIncident(trx, incident, happened, moment.at);
}

/** Closes what was open of monitors that have left the file. */
export async function closeRetired(trx: Db, now: number): Promise<void> {
  const rows = await trx
    .selectFrom('incident')
    .innerJoin('monitor', 'monitor.id', 'incident.monitorId')
    .select('incident.body')
    .where('monitor.state', '=', 'retired')
    .where('incident.state', '<>', 'closed')
    .execute();
  const because: ClosedBecause = 'retired';
  for (const { body } of rows) {
    const incident: Incident = JSON.parse(body);
    const closed = { ...incident, state: 'closed', closedAt: now, closedBecause: because } as const;
    await writeIncident(trx, closed, [{ what: 'closed', who: null, text: because }], now);
  }
}

type RulesFor = (known: Quieted) => AlertRules;

/** Makes messages of what people have to be told now. */
export async function planAlerts(trx: Db, now: number, rulesFor: RulesFor): Promise<void> {
  await write(trx, await plannedAlerts(trx, now, rulesFor), now);
}

/** What people have to be told now, by the rules as silences and open incidents make them. */
export async function plannedAlerts(db: Db, now: number, rulesFor: RulesFor): Promise<Planned> {
  const pending = await pendingEvents(db);
  const open = (await incidentsOf(db, openOnly)).filter(({ state }) => state === 'open');
  const ids = [...new Set([...pending.map(({ incident }) => incident.id), ...open.map(({ id }) => id)])];
  const [silences, told, recent, paused] = [
    await silencesAt(db, now),
    await toldOf(db, ids),
    await recentOf(db, now),
    await db.selectFrom('monitor').select('id').where('state', '=', 'paused').execute(),
  ];
  const rules = rulesFor({ now, silences, open, paused: new Set(paused.map(({ id }) => id)) });
  return planMessages({ now, pending, open, told, recent }, rules);
}

/** Gives up what waits for channels that the file no longer has. */
export async function dropStrangers(trx: Db, channels: readonly string[], now: number): Promise<void> {
  const waiting = await trx.selectFrom('outbox').select('channel').distinct().where('state', '=', 'waiting').execute();
  for (const { channel } of waiting.filter((one) => !channels.includes(one.channel))) {
    await trx
      .updateTable('outbox')
      .set({ state: 'dead', lastError: 'the file has no such channel any more' })
      .where('channel', '=', channel)
      .where('state', '=', 'waiting')
      .execute();
    await noteSelf(trx, `channel:${channel}`, null, now);
  }
}

async function pendingEvents(trx: Db): Promise<Pending[]> {
  const rows = await trx
    .selectFrom('incidentEvent')
    .innerJoin('incident', 'incident.id', 'incidentEvent.incidentId')
    .select(['incidentEvent.nth', 'incidentEvent.at', 'incidentEvent.what', 'incident.body'])
    .where('incidentEvent.tells', '=', 1)
    .orderBy('incidentEvent.at')
    .orderBy('incidentEvent.incidentId')
    .orderBy('incidentEvent.nth')
    .execute();
  return rows.map(({ body, ...rest }) => ({ ...rest, incident: JSON.parse(body) }));
}

const idsAtOnce = 500;

async function toldOf(trx: Db, ids: readonly string[]): Promise<Told[]> {
  const told: Told[] = [];
  for (let from = 0; from < ids.length; from += idsAtOnce)
    told.push(
      ...(await trx
        .selectFrom('told')
        .innerJoin('outbox', 'outbox.id', 'told.outboxId')
        .select(['told.incidentId as incident', 'told.nth', 'told.channel', 'outbox.createdAt as at'])
        .where('told.incidentId', 'in', ids.slice(from, from + idsAtOnce))
        .execute()),
    );
  return told;
}

async function recentOf(trx: Db, now: number): Promise<Map<string, number>> {
  const rows = await trx
    .selectFrom('outbox')
    .select((select) => ['channel', select.fn.countAll().as('count')])
    .where('createdAt', '>', now - day / 24)
    .groupBy('channel')
    .execute();
  return new Map(rows.map(({ channel, count }) => [channel, Number(count)]));
}

async function write(trx: Db, { messages, settled }: Planned, now: number): Promise<void> {
  for (const { nth, incident } of settled)
    await trx
      .updateTable('incidentEvent')
      .set({ tells: 0 })
      .where('incidentId', '=', incident.id)
      .where('nth', '=', nth)
      .execute();
  for (const { channel, message, tells } of messages) {
    await trx
      .insertInto('outbox')
      .values({
        id: message.id,
        channel,
        kind: message.kind,
        body: JSON.stringify(message),
        createdAt: now,
        notBefore: now,
        attempts: 0,
        state: 'waiting',
        lastError: null,
        sentAt: null,
        notTaken: null,
      })
      .execute();
    for (const { incident, nth, what } of tells) {
      const number = nth ?? (await addEvents(trx, incident, [{ what, who: null, text: channel }], now));
      await trx
        .insertInto('told')
        .values({ incidentId: incident, nth: number, channel, outboxId: message.id })
        .execute();
    }
  }
}

/** What waits, in order, of each channel whose oldest message may be sent now: nothing overtakes that one. */
export async function waiting(db: Db, now: number): Promise<Outgoing[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .where('state', '=', 'waiting')
    .orderBy('createdAt')
    .orderBy('id')
    .execute();
  const oldest = new Map(rows.toReversed().map((row) => [row.channel, row]));
  return rows.filter(({ channel }) => (oldest.get(channel)?.notBefore ?? 0) <= now).map(outgoing);
}

export async function markSent(trx: Db, { id, channel }: Outgoing, now: number): Promise<void> {
  await trx.updateTable('outbox').set({ state: 'sent', sentAt: now, lastError: null }).where('id', '=', id).execute();
  await noteSelf(trx, `channel:${channel}`, null, now);
}

/** What a clock that was ahead has put off is sent now: a message that waits holds up all that come after it. */
export async function sendPutOff(trx: Db, now: number): Promise<void> {
  await trx
    .updateTable('outbox')
    .set({ notBefore: now })
    .where('state', '=', 'waiting')
    .where('notBefore', '>', now)
    .where((at) => at.or([at('createdAt', '>', now), at('notBefore', '>', now + patience.longest)]))
    .execute();
}

const patience = { first: 10_000, longest: 3_600_000, whole: 3 * day };

/** Puts a message off that was not taken: 10 s, twice as long each time, an hour at most; dead after three days. */
export async function markUnsent(
  trx: Db,
  { id, channel, attempts, createdAt, left }: Outgoing,
  why: string,
  now: number,
): Promise<void> {
  const isDead = now - createdAt > patience.whole;
  const wait = Math.min(patience.longest, patience.first * 2 ** attempts);
  await trx
    .updateTable('outbox')
    .set({
      state: isDead ? 'dead' : 'waiting',
      attempts: attempts + 1,
      notBefore: now + wait,
      lastError: why,
      notTaken: left === null ? null : JSON.stringify(left),
    })
    .where('id', '=', id)
    .execute();
  if (isDead || attempts + 1 >= hopeless) await noteSelf(trx, `channel:${channel}`, why, now);
}
