import type { Run } from '../monitor/run.ts';
import { confirm, longestRetry, manual } from '../monitor/run.ts';
import { newestDue } from '../monitor/schedule/catch-up.ts';
import type { DueTimes, MirroredMonitor, MonitorRow } from '../monitor/store.ts';
import type { Db } from './database.ts';
import { insertRun, isOpen } from './runs.ts';

/** Makes monitors and schedules what the file says; what was seen of those that left it stays. */
export async function mirror(trx: Db, monitors: readonly MirroredMonitor[]): Promise<void> {
  const ids = monitors.map(({ id }) => id);
  await trx
    .updateTable('monitor')
    .set({ state: 'retired' })
    .$if(ids.length > 0, (query) => query.where('id', 'not in', ids))
    .execute();
  await trx
    .deleteFrom('schedule')
    .$if(ids.length > 0, (query) => query.where('monitorId', 'not in', ids))
    .execute();
  for (const { id, spec, schedules } of monitors) {
    await trx
      .insertInto('monitor')
      .values({ id, spec, state: 'active' })
      .onConflict((row) => row.column('id').doUpdateSet({ spec }))
      .execute();
    await trx
      .updateTable('monitor')
      .set({ state: 'active' })
      .where('id', '=', id)
      .where('state', '=', 'retired')
      .execute();
    await mirrorSchedules(trx, id, schedules);
  }
  await skipOrphans(trx);
}

async function mirrorSchedules(trx: Db, monitorId: string, schedules: MirroredMonitor['schedules']): Promise<void> {
  const rows = await trx.selectFrom('schedule').selectAll().where('monitorId', '=', monitorId).execute();
  for (const { name } of rows.filter((row) => schedules.every((one) => one.name !== row.name)))
    await trx.deleteFrom('schedule').where('monitorId', '=', monitorId).where('name', '=', name).execute();
  for (const { name, spec } of schedules) {
    if (rows.some((row) => row.name === name && row.spec === spec)) continue;
    await trx
      .insertInto('schedule')
      .values({ monitorId, name, spec, nextAt: null, lastDueAt: null })
      .onConflict((row) => row.columns(['monitorId', 'name']).doUpdateSet({ spec, nextAt: null }))
      .execute();
  }
}

/** Runs that wait for a monitor which has left the file are not scanned, nor forgotten. */
async function skipOrphans(trx: Db): Promise<void> {
  await trx
    .updateTable('run')
    .set({ state: 'skipped', because: 'its monitor has left the file' })
    .where('state', '=', 'queued')
    .where('monitorId', 'in', trx.selectFrom('monitor').select('id').where('state', '=', 'retired'))
    .execute();
}

async function moveOn(
  trx: Db,
  monitorId: string,
  name: string,
  to: { readonly nextAt: number | null; readonly lastDueAt?: number },
): Promise<void> {
  await trx.updateTable('schedule').set(to).where('monitorId', '=', monitorId).where('name', '=', name).execute();
}

const tooLate = 'nobody ran then, and this schedule is not made up for';
const overlapping = 'the run before it was still at work';

/** Milliseconds that a due time may be past and still be on time. */
const grace = 60_000;

/** Makes a run of each schedule that is due, and moves the schedule on. */
export async function claim(trx: Db, now: number, times: DueTimes): Promise<Run[]> {
  const rows = await trx
    .selectFrom('schedule')
    .innerJoin('monitor', 'monitor.id', 'schedule.monitorId')
    .where('monitor.state', '=', 'active')
    .where((at) => at.or([at('nextAt', 'is', null), at('nextAt', '<=', now)]))
    .selectAll('schedule')
    .orderBy('nextAt')
    .orderBy('monitorId')
    .execute();
  const claimed: Run[] = [];
  for (const { monitorId, name, nextAt, lastDueAt } of rows) {
    const first = nextAt ?? times.first(monitorId, name, now, lastDueAt === null);
    const isDue = first !== null && first <= now;
    if (!isDue) {
      if (first !== nextAt) await moveOn(trx, monitorId, name, { nextAt: first });
      continue;
    }
    const { dueAt: due, missed, next } = newestDue(first, now, (at) => times.after(monitorId, name, at));
    const isLate = now - due > grace && !times.catchesUp(monitorId, name);
    const because = isLate ? tooLate : (await isOpen(trx, monitorId, name)) ? overlapping : null;
    const notBefore = times.start(monitorId, name, { dueAt: due, missed }, now);
    const run = { monitor: monitorId, schedule: name, dueAt: due, notBefore, missed, because };
    claimed.push(...(await insertRun(trx, run)));
    await moveOn(trx, monitorId, name, { nextAt: next, lastDueAt: due });
  }
  return claimed.filter(({ state }) => state === 'queued');
}

/**
 * Takes back what a clock that was ahead has put off. A run of a due time to come goes, and comes again at its time: it
 * would keep its schedule from running until then. One that was begun is over, and is not made twice.
 */
export async function rewind(trx: Db, now: number): Promise<void> {
  await trx.updateTable('schedule').set({ nextAt: null }).where('nextAt', '>', now).execute();
  await trx
    .deleteFrom('run')
    .where('state', '=', 'queued')
    .where('dueAt', '>', now)
    .where('schedule', 'not in', [manual, confirm])
    .execute();
  await trx
    .updateTable('run')
    .set({ notBefore: now })
    .where('state', '=', 'queued')
    .where('notBefore', '>', now + longestRetry)
    .where((at) => at.or([at('schedule', '=', manual), at('attempt', '>', 0)]))
    .execute();
}

/** A run that a person asked for, beside all schedules; null where the monitor has one that is not over. */
export async function ask(trx: Db, monitor: string, now: number): Promise<Run | null> {
  if (await isOpen(trx, monitor, manual)) return null;
  const [run] = await insertRun(trx, {
    monitor,
    schedule: manual,
    dueAt: now,
    notBefore: now,
    missed: 0,
    because: null,
  });
  return run ?? (await ask(trx, monitor, now + 1));
}

/** A monitor that rests has no due times; those that passed meanwhile are not made up for. */
export async function setPaused(trx: Db, monitor: string, isPaused: boolean): Promise<void> {
  await trx
    .updateTable('monitor')
    .set({ state: isPaused ? 'paused' : 'active' })
    .where('id', '=', monitor)
    .where('state', '!=', 'retired')
    .execute();
  await trx.updateTable('schedule').set({ nextAt: null }).where('monitorId', '=', monitor).execute();
}

export async function monitorRows(db: Db): Promise<MonitorRow[]> {
  const monitors = await db.selectFrom('monitor').selectAll().orderBy('id').execute();
  const schedules = await db.selectFrom('schedule').selectAll().orderBy('name').execute();
  const by = new Map<string, MonitorRow['schedules'][number][]>();
  for (const { monitorId, name, nextAt, lastDueAt } of schedules)
    by.set(monitorId, [...(by.get(monitorId) ?? []), { name, nextAt, lastDueAt }]);
  return monitors.map(({ id, spec, state }) => {
    const { group = id, tags = [] } = JSON.parse(spec) as Partial<Pick<MonitorRow, 'group' | 'tags'>>;
    return { id, group, tags, state, schedules: by.get(id) ?? [] };
  });
}
