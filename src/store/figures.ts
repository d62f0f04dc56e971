import { sql } from 'kysely';
import type { Measured, Severity, Verdict } from '../model/judgement.ts';
import type { Endings, MeasuredHere, MessageEnding, Seen, SeenRows, StoreFigures } from '../monitor/store.ts';
import type { Db } from './database.ts';
import type { OutboxTable, RunTable } from './tables.ts';

/** Sums that a monitoring system asks for again and again. */
export async function figuresOf(db: Db): Promise<StoreFigures> {
  const answers = await db
    .selectFrom('span')
    .select((select) => [
      'monitorId as monitor',
      'verdict',
      'severity',
      select('waived', 'is not', null).as('isWaived'),
      select.fn.countAll().as('count'),
    ])
    .where('endedRun', 'is', null)
    .groupBy(['monitorId', 'verdict', 'severity', 'isWaived'])
    .execute();
  const pending = await db
    .selectFrom('outbox')
    .select((select) => ['channel', select.fn.countAll().as('count')])
    .where('state', '=', 'waiting')
    .groupBy('channel')
    .execute();
  const queued = await db
    .selectFrom('run')
    .select((select) => select.fn.min('notBefore').as('since'))
    .where('state', '=', 'queued')
    .executeTakeFirst();
  return {
    answers: answers.map(({ monitor, verdict, severity, isWaived, count }) => ({
      monitor,
      verdict: verdict as Verdict,
      severity: severity as Severity,
      isWaived: Boolean(isWaived),
      count: Number(count),
    })),
    measured: await measuredHere(db),
    pending: new Map(pending.map(({ channel, count }) => [channel, Number(count)])),
    queuedSince: queued?.since ?? null,
  };
}

/** What open spans measured of limits and certificates. */
async function measuredHere(db: Db): Promise<MeasuredHere[]> {
  const rows = await db
    .selectFrom('span')
    .select(['monitorId as monitor', 'host', 'port', 'probe', 'measured'])
    .where('endedRun', 'is', null)
    .where((where) => where.or([where('measured', 'like', '%"limit":%'), where('measured', 'like', '%"validTo":%')]))
    .execute();
  return rows.map(({ measured, ...row }) => ({ ...row, measured: JSON.parse(measured ?? '{}') as Measured }));
}

/**
 * What has ended since the last look, by the order in which rows were made and not by the clock, which may be put back:
 * each is told once. Where `seen` is null nothing has, and the next look begins here.
 */
export async function endingsSince(db: Db, seen: Seen | null): Promise<Endings> {
  const runs = await look<RunRow>(db, { table: 'run', open: ['queued', 'running'] }, seen?.runs ?? null);
  const messages = await look<MessageRow>(db, { table: 'outbox', open: ['waiting'] }, seen?.messages ?? null);
  return {
    seen: { runs: runs.seen, messages: messages.seen },
    runs: runs.rows.flatMap(({ state, startedAt, finishedAt }) =>
      state === 'queued' || state === 'running' ? [] : [{ state, seconds: secondsOf(startedAt, finishedAt) }],
    ),
    messages: messages.rows.flatMap((row) => endingsOf(row, seen?.messages.open.get(row.id) ?? 0)),
  };
}

type RunRow = Pick<RunTable, 'id' | 'state' | 'startedAt' | 'finishedAt'>;
type MessageRow = Pick<OutboxTable, 'id' | 'channel' | 'state' | 'attempts'>;

const secondsOf = (from: number | null, to: number | null): number | null =>
  from === null || to === null ? null : Math.max(0, to - from) / 1000;

/** A message that was tried in vain since, as often as it was, and what became of it. */
function endingsOf({ channel, state, attempts }: MessageRow, triedBefore: number): MessageEnding[] {
  return [
    { channel, result: 'failed' as const, count: attempts - triedBefore },
    ...(state === 'waiting' ? [] : [{ channel, result: state, count: 1 }]),
  ].filter(({ count }) => count > 0);
}

interface Rows {
  readonly table: 'run' | 'outbox';
  /** The states of what is not over. */
  readonly open: readonly string[];
}

/** Rows that were made since, and those that were not over then. */
async function look<R extends { readonly id: string; readonly state: string }>(
  db: Db,
  { table, open }: Rows,
  seen: SeenRows | null,
): Promise<{ readonly seen: SeenRows; readonly rows: readonly R[] }> {
  const from = sql.table(table);
  const wanted =
    seen === null
      ? sql`state in (${sql.join(open)}) or rowid = (select max(rowid) from ${from})`
      : sql`rowid > ${seen.last} or id in (select value from json_each(${JSON.stringify([...seen.open.keys()])}))`;
  const { rows } = await sql<R & Numbered>`select *, rowid as nth from ${from} where ${wanted}`.execute(db);
  const left = rows.filter(({ state }) => open.includes(state));
  return {
    seen: {
      last: rows.reduce((last, { nth }) => Math.max(last, nth), seen?.last ?? 0),
      open: new Map(left.map(({ id, attempts = 0 }) => [id, attempts])),
    },
    rows: seen === null ? [] : rows,
  };
}

interface Numbered {
  readonly nth: number;
  readonly attempts?: number;
}
