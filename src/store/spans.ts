import type { ExpressionBuilder } from 'kysely';
import type { Run } from '../monitor/run.ts';
import type { Span, SpanChange, Subject } from '../monitor/span.ts';
import type { SpanSteps } from '../monitor/span-steps.ts';
import type { StoredChange, Wanted } from '../monitor/store.ts';
import { all, type Db } from './database.ts';
import type { SpanTable, Tables } from './tables.ts';

const openNow = (db: Db, monitor?: string) =>
  db
    .selectFrom('span')
    .selectAll()
    .where('endedRun', 'is', null)
    .$if(monitor !== undefined, (query) => query.where('monitorId', '=', monitor ?? ''))
    .orderBy('monitorId')
    .orderBy('host')
    .orderBy('port')
    .orderBy('address')
    .orderBy('probe');

export async function openSpans(db: Db, monitor?: string): Promise<Span[]> {
  return (await openNow(db, monitor).execute()).map(spanOf);
}

export async function troubledSpans(db: Db, monitor?: string): Promise<Span[]> {
  const troubled = openNow(db, monitor).where('verdict', 'in', ['fail', 'inconclusive', 'error']);
  return (await troubled.execute()).map(spanOf);
}

/** Of each monitor: its last change for the better, or where there is none its first run. */
export async function betterSince(db: Db, monitor?: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom('monitor')
    .$if(monitor !== undefined, (query) => query.where('monitor.id', '=', monitor ?? ''))
    .select((at) => [
      'monitor.id',
      at
        .selectFrom('change')
        .select('change.at')
        .whereRef('change.monitorId', '=', 'monitor.id')
        .where('kind', 'in', ['gone', 'told', 'waived'])
        .orderBy('change.at', 'desc')
        .limit(1)
        .as('changedAt'),
      at
        .selectFrom('run')
        .select('finishedAt')
        .whereRef('run.monitorId', '=', 'monitor.id')
        .where('run.state', '=', 'done')
        .orderBy('dueAt')
        .limit(1)
        .as('firstAt'),
    ])
    .execute();
  return new Map(
    rows.flatMap(({ id, changedAt, firstAt }) => {
      const at = changedAt ?? firstAt;
      return at === null ? [] : [[id, at] as const];
    }),
  );
}

/** Spans that began since then or lasted into it, the oldest first. */
export async function* spansSince(db: Db, { monitor, since = 0, until }: Wanted): AsyncIterable<Span> {
  const page = 1000;
  for (let offset = 0; ; offset += page) {
    const rows = await db
      .selectFrom('span')
      .selectAll()
      .where('lastAt', '>=', since)
      .$if(until !== undefined, (query) => query.where('firstAt', '<=', until ?? 0))
      .$if(monitor !== undefined, (query) => query.where('monitorId', '=', monitor ?? ''))
      .orderBy('firstAt')
      .orderBy('monitorId')
      .orderBy('host')
      .orderBy('port')
      .orderBy('address')
      .orderBy('probe')
      .limit(page)
      .offset(offset)
      .execute();
    yield* rows.map(spanOf);
    if (rows.length < page) return;
  }
}

/** The newest first, each with the spans that it parts. */
export async function changesOf(db: Db, { monitor, since, until, limit, skip }: Wanted): Promise<StoredChange[]> {
  const rows = await db
    .selectFrom('change')
    .selectAll()
    .$if(monitor !== undefined, (query) => query.where('monitorId', '=', monitor ?? ''))
    .$if(since !== undefined, (query) => query.where('at', '>=', since ?? 0))
    .$if(until !== undefined, (query) => query.where('at', '<=', until ?? 0))
    .orderBy('at', 'desc')
    .orderBy('runId')
    .orderBy('host')
    .orderBy('port')
    .orderBy('address')
    .orderBy('probe')
    .limit(limit ?? all)
    .offset(skip ?? 0)
    .execute();
  const changes: StoredChange[] = [];
  for (const { monitorId, runId, kind, severity, ...rest } of rows) {
    const spans = db.selectFrom('span').selectAll().where(sameSubject(monitorId, rest));
    const before = await spans.where('endedRun', '=', runId).executeTakeFirst();
    const after = await spans.where('firstRun', '=', runId).executeTakeFirst();
    changes.push({
      ...rest,
      kind: kind as SpanChange['kind'],
      severity: severity as SpanChange['severity'],
      monitor: monitorId,
      run: runId,
      before: before === undefined ? null : spanOf(before),
      after: after === undefined ? null : spanOf(after),
    });
  }
  return changes;
}

/** Writes what a run makes of the spans of its monitor, `open` of which were so. */
export async function writeSteps(trx: Db, run: Run, open: number, steps: SpanSteps, at: number): Promise<void> {
  const last = { lastRun: run.id, lastAt: at, lastSchedule: run.schedule };
  // The usual case, and one statement for it: all that is left was heard again.
  const isAll = steps.extend.length === open - steps.close.length;
  for (const span of steps.close) await updateOpen(trx, span, { endedRun: run.id });
  if (isAll)
    await trx
      .updateTable('span')
      .set(last)
      .where('monitorId', '=', run.monitor)
      .where('endedRun', 'is', null)
      .execute();
  else for (const span of steps.extend) await updateOpen(trx, span, last);
  for (const { waived, measured, doubt, ...answer } of steps.open) {
    const row: SpanTable = {
      ...answer,
      monitorId: run.monitor,
      doubt: doubt ?? null,
      waived: waived === undefined ? null : JSON.stringify(waived),
      measured: measured === undefined ? null : JSON.stringify(measured),
      firstRun: run.id,
      firstAt: at,
      ...last,
      endedRun: null,
    };
    await trx.insertInto('span').values(row).execute();
  }
  for (const change of steps.changes)
    await trx
      .insertInto('change')
      .values({ ...change, runId: run.id, monitorId: run.monitor, at })
      .execute();
}

async function updateOpen(trx: Db, span: Span, set: Partial<SpanTable>): Promise<void> {
  await trx.updateTable('span').set(set).where(sameSubject(span.monitor, span)).where('endedRun', 'is', null).execute();
}

const sameSubject =
  (monitorId: string, { host, port, address, probe }: Subject) =>
  (at: ExpressionBuilder<Tables, 'span'>) =>
    at.and({ monitorId, host, port, address, probe });

function spanOf({ monitorId, doubt, waived, measured, ...row }: SpanTable): Span {
  return {
    ...row,
    monitor: monitorId,
    verdict: row.verdict as Span['verdict'],
    severity: row.severity as Span['severity'],
    ...(doubt === null ? {} : { doubt: doubt as NonNullable<Span['doubt']> }),
    ...(waived === null ? {} : { waived: JSON.parse(waived) }),
    ...(measured === null ? {} : { measured: JSON.parse(measured) }),
  };
}
