import type { Report } from '../model/report.ts';
import type { Run } from '../monitor/run.ts';
import { spanSteps } from '../monitor/span-steps.ts';
import type { HearingRules, Recorded, Store } from '../monitor/store.ts';
import { closeRetired, dropStrangers, hear, markSent, markUnsent, noteSelf, sendPutOff, waiting } from './alerts.ts';
import { backup } from './backup.ts';
import { type Database, type Db, migrate, openDatabase, versionOf, writing } from './database.ts';
import { endingsSince, figuresOf } from './figures.ts';
import {
  ackIncident,
  addSilence,
  endSilence,
  incidentEvents,
  incidentsNamed,
  incidentsOf,
  outgoingOf,
  silencesAt,
} from './incidents.ts';
import { migrations } from './migrations.ts';
import { planning } from './planning.ts';
import { prune } from './prune.ts';
import { keepReport, reportOf } from './reports.ts';
import { begin, failRun, newestRuns, queued, recover, requeue, runsNamed, runsOf } from './runs.ts';
import { ask, claim, mirror, monitorRows, rewind, setPaused } from './schedules.ts';
import { betterSince, changesOf, openSpans, spansSince, troubledSpans, writeSteps } from './spans.ts';
import { asTrouble } from './trouble.ts';
import { migrateAlone } from './upgrade.ts';

/**
 * Opens the store for one who holds its lock, and makes it where there is none; its tables become what this version
 * needs. Rejects with a `UsageError`.
 */
export async function openOwned(file: string): Promise<Store> {
  const database = openDatabase(file, { make: true });
  try {
    await migrate(database.db);
  } catch (error) {
    await database.close();
    throw asTrouble(error, file);
  }
  return storeOf(database);
}

/**
 * Opens a store that is there, whoever else is at work on it: to read, and for writes that any process may do at any
 * time, such as `ask` and `pause`. One of an older version becomes one of this where nobody is at work on it. Rejects
 * with a `UsageError`.
 */
export async function openShared(file: string): Promise<Store> {
  const database = openDatabase(file, { make: false });
  try {
    if ((await versionOf(database.db)) < migrations.length) await migrateAlone(database);
  } catch (error) {
    await database.close();
    throw asTrouble(error, file);
  }
  return storeOf(database);
}

function storeOf({ file, db, close }: Database): Store {
  /** Every answer of the store, and every error of it, passes here. */
  const reading = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw asTrouble(error, file);
    }
  };
  const write = <T>(work: (trx: Db) => Promise<T>): Promise<T> => reading(writing(db, work));
  const plan = planning(db, (work) => writing(db, work));
  return {
    monitors: () => reading(monitorRows(db)),
    newestRuns: (monitor) => reading(newestRuns(db, monitor)),
    runs: (wanted) => reading(runsOf(db, wanted)),
    runsNamed: (prefix) => reading(runsNamed(db, prefix)),
    changes: (wanted) => reading(changesOf(db, wanted)),
    openSpans: (monitor) => reading(openSpans(db, monitor)),
    troubledSpans: (monitor) => reading(troubledSpans(db, monitor)),
    betterSince: (monitor) => reading(betterSince(db, monitor)),
    spans: (wanted) => spansSince(db, wanted),
    report: (run) => reading(reportOf(db, run)),
    incidents: (wanted) => reading(incidentsOf(db, wanted)),
    incidentsNamed: (prefix) => reading(incidentsNamed(db, prefix)),
    incidentEvents: (id) => reading(incidentEvents(db, id)),
    silences: (now) => reading(silencesAt(db, now)),
    outgoing: (wanted) => reading(outgoingOf(db, wanted)),
    figures: () => reading(figuresOf(db)),
    endings: (seen) => reading(endingsSince(db, seen)),
    mirror: (monitors, now) => write((trx) => mirror(trx, monitors).then(() => closeRetired(trx, now))),
    claim: (now, times) => write((trx) => claim(trx, now, times)),
    ask: (monitor, now) => write((trx) => ask(trx, monitor, now)),
    queued: (now) => reading(queued(db, now)),
    begin: (run, now) => write((trx) => begin(trx, run, now)),
    record: (run, report, rules, now) => write((trx) => record(trx, run, report, rules, now)),
    fail: (run, because, now) => write((trx) => failRun(trx, run, because, now)),
    requeue: (run) => write((trx) => requeue(trx, run)),
    recover: (now) => write((trx) => recover(trx, now)),
    rewind: (now) => write((trx) => rewind(trx, now).then(() => sendPutOff(trx, now))),
    prune: (keep, now) => write((trx) => prune(trx, keep, now)),
    pause: (monitor) => write((trx) => setPaused(trx, monitor, true)),
    resume: (monitor) => write((trx) => setPaused(trx, monitor, false)),
    noteSelf: (what, wrong, now) => write((trx) => noteSelf(trx, what, wrong, now)),
    planAlerts: (now, rulesFor) => reading(plan(now, rulesFor)),
    dropStrangers: (channels, now) => write((trx) => dropStrangers(trx, channels, now)),
    waiting: (now) => reading(waiting(db, now)),
    sent: (message, now) => write((trx) => markSent(trx, message, now)),
    unsent: (message, why, now) => write((trx) => markUnsent(trx, message, why, now)),
    ack: (incident, who, until, now) => write((trx) => ackIncident(trx, incident, who, until, now)),
    silence: (silence) => write((trx) => addSilence(trx, silence)),
    unsilence: (id, now) => write((trx) => endSilence(trx, id, now)),
    backup: (to) => backup(db, to),
    [Symbol.asyncDispose]: close,
  };
}

/** All that one run says, in one transaction: how it ended, the spans, what changed, and its report. */
async function record(trx: Db, run: Run, report: Report, rules: HearingRules, now: number): Promise<Recorded | null> {
  const { exitCode, counts } = report.summary;
  const { numUpdatedRows } = await trx
    .updateTable('run')
    .set({
      state: 'done',
      finishedAt: now,
      exitCode,
      counts: JSON.stringify(counts),
      cost: JSON.stringify(costOf(report)),
      because: null,
    })
    .where('id', '=', run.id)
    .where('state', '=', 'running')
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return null;
  const open = await openSpans(trx, run.monitor);
  const steps = spanSteps(open, report, run.schedule);
  await writeSteps(trx, run, open.length, steps, now);
  await hear(trx, run, report, open, rules, now);
  await keepReport(trx, run, report, steps.close.length + steps.open.length > 0, now);
  return { changes: steps.changes };
}

/** What a scan cost all its servers together. */
function costOf({ endpoints }: Report): Run['cost'] {
  const sum = (of: (cost: Report['endpoints'][number]['cost']) => number) =>
    endpoints.reduce((total, { cost }) => total + of(cost), 0);
  return {
    connections: sum((cost) => cost.connections),
    commands: sum((cost) => cost.commands),
    bytesSent: sum((cost) => cost.bytesSent),
    bytesReceived: sum((cost) => cost.bytesReceived),
    seconds: sum((cost) => cost.seconds),
  };
}
