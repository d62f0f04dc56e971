import { sql } from 'kysely';
import { mostAttempts, type Run, type RunState, retryAfter, runId } from '../monitor/run.ts';
import type { Wanted } from '../monitor/store.ts';
import { all, type Db, mayBeId } from './database.ts';
import type { RunTable } from './tables.ts';

/** What a new run is made of; `because` makes it one that is skipped. */
type NewRun = Pick<Run, 'monitor' | 'schedule' | 'dueAt' | 'notBefore' | 'missed' | 'because'>;

/** Nothing where that due time has a run already, as after a clock was set back. */
export async function insertRun(
  trx: Db,
  { monitor, schedule, dueAt, notBefore, missed, because }: NewRun,
): Promise<Run[]> {
  const row: RunTable = {
    id: runId(monitor, schedule, dueAt),
    monitorId: monitor,
    schedule,
    dueAt,
    notBefore,
    startedAt: null,
    finishedAt: null,
    state: because === null ? 'queued' : 'skipped',
    attempt: 0,
    missed,
    exitCode: null,
    counts: null,
    cost: null,
    because,
  };
  const { rows } = await sql`
    insert into run ${sql.raw(`(${columns.join(', ')})`)} values (${sql.join(Object.values(row))})
    on conflict do nothing returning id`.execute(trx);
  return rows.length === 0 ? [] : [runOf({ ...row, isKept: 0 })];
}

/** In the order of `RunTable`. */
const columns =
  'id monitor_id schedule due_at not_before started_at finished_at state attempt missed exit_code counts cost because'.split(
    ' ',
  );

/** Whether a schedule has a run that is not over. */
export async function isOpen(trx: Db, monitorId: string, schedule: string): Promise<boolean> {
  const open = await trx
    .selectFrom('run')
    .select('id')
    .where('monitorId', '=', monitorId)
    .where('schedule', '=', schedule)
    .where('state', 'in', ['queued', 'running'])
    .limit(1)
    .execute();
  return open.length > 0;
}

const withKept = (db: Db) =>
  db
    .selectFrom('run')
    .leftJoin('report', 'report.runId', 'run.id')
    .selectAll('run')
    .select((at) => at('report.runId', 'is not', null).as('isKept'));

type RunRow = RunTable & { readonly isKept: unknown };

function runOf({ monitorId, counts, cost, exitCode, isKept, ...row }: RunRow): Run {
  return {
    ...row,
    monitor: monitorId,
    exitCode: exitCode as Run['exitCode'],
    counts: counts === null ? null : JSON.parse(counts),
    cost: cost === null ? null : JSON.parse(cost),
    isKept: Boolean(isKept),
  };
}

export async function queued(db: Db, now: number): Promise<Run[]> {
  const rows = await withKept(db)
    .where('state', '=', 'queued')
    .where('notBefore', '<=', now)
    .orderBy('dueAt')
    .orderBy('id')
    .execute();
  return rows.map(runOf);
}

/** The newest first. */
export async function runsOf(db: Db, { monitor, since, until, limit, skip }: Wanted): Promise<Run[]> {
  const rows = await withKept(db)
    .$if(monitor !== undefined, (query) => query.where('run.monitorId', '=', monitor ?? ''))
    .$if(since !== undefined, (query) => query.where('dueAt', '>=', since ?? 0))
    .$if(until !== undefined, (query) => query.where('dueAt', '<=', until ?? 0))
    .orderBy('dueAt', 'desc')
    .orderBy('id')
    .limit(limit ?? all)
    .offset(skip ?? 0)
    .execute();
  return rows.map(runOf);
}

/** A few are enough to say that a name is not clear. */
const namesakes = 5;

export async function runsNamed(db: Db, prefix: string): Promise<Run[]> {
  if (!mayBeId(prefix)) return [];
  const rows = await withKept(db)
    .where('id', '>=', prefix)
    .where('id', '<', `${prefix}g`)
    .orderBy('id')
    .limit(namesakes)
    .execute();
  return rows.map(runOf);
}

/** The newest run of each monitor that ended in a report. */
export async function newestRuns(db: Db, monitor?: string): Promise<Run[]> {
  const newest = db
    .selectFrom('monitor')
    .$if(monitor !== undefined, (query) => query.where('monitor.id', '=', monitor ?? ''))
    .select((at) =>
      at
        .selectFrom('run as one')
        .select('one.id')
        .whereRef('one.monitorId', '=', 'monitor.id')
        .where('one.state', '=', 'done')
        .orderBy('one.dueAt', 'desc')
        .limit(1)
        .as('id'),
    );
  const rows = await withKept(db).where('run.id', 'in', newest).orderBy('run.monitorId').execute();
  return rows.map(runOf);
}

export async function begin(trx: Db, id: string, now: number): Promise<Run | null> {
  const row = await trx
    .updateTable('run')
    .set((at) => ({ state: 'running' as const, startedAt: now, attempt: at('attempt', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'queued')
    .returningAll()
    .executeTakeFirst();
  return row === undefined ? null : runOf({ ...row, isKept: 0 });
}

export async function failRun(trx: Db, { id, attempt }: Run, because: string, now: number): Promise<RunState> {
  const state = attempt < mostAttempts ? 'queued' : 'failed';
  await trx
    .updateTable('run')
    .set(
      state === 'failed'
        ? { state, because, finishedAt: now }
        : { state, because, notBefore: now + retryAfter(attempt) },
    )
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
  return state;
}

/** What was stopped in good order does not count as an attempt. */
export async function requeue(trx: Db, { id }: Run): Promise<void> {
  await trx
    .updateTable('run')
    .set((at) => ({ state: 'queued' as const, startedAt: null, attempt: at('attempt', '-', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute();
}

/** What a process that is no more left at work is queued again; a run that several ended with has failed. */
export async function recover(trx: Db, now: number): Promise<void> {
  await trx
    .updateTable('run')
    .set({ state: 'failed', finishedAt: now, because: `mxprobe ended ${mostAttempts} times while it was at work` })
    .where('state', '=', 'running')
    .where('attempt', '>=', mostAttempts)
    .execute();
  await trx.updateTable('run').set({ state: 'queued', startedAt: null }).where('state', '=', 'running').execute();
}
