import { randomBytes } from 'node:crypto';
import { eventOf, type Happened } from '../monitor/alerts/happened.ts';
import type { Incident, IncidentEvent, Silence } from '../monitor/alerts/incident.ts';
import type { Outgoing } from '../monitor/alerts/message.ts';
import type { Wanted } from '../monitor/store.ts';
import { all, type Db, mayBeId } from './database.ts';
import type { IncidentTable, OutboxTable } from './tables.ts';

/** Those that are not closed, or all; the newest first. */
export async function incidentsOf(
  db: Db,
  { monitor, since, until, limit, skip, isOpen = false }: Wanted & { readonly isOpen?: boolean },
): Promise<Incident[]> {
  const rows = await db
    .selectFrom('incident')
    .select('body')
    .$if(isOpen, (query) => query.where('state', '<>', 'closed'))
    // What was over before it was confirmed was nothing.
    .where((where) => where.or([where('state', '<>', 'closed'), where('confirmedAt', 'is not', null)]))
    .$if(monitor !== undefined, (query) => query.where('monitorId', '=', monitor ?? ''))
    .$if(since !== undefined, (query) =>
      query.where((where) => where.or([where('state', '<>', 'closed'), where('closedAt', '>=', since ?? 0)])),
    )
    .$if(until !== undefined, (query) => query.where('openedAt', '<=', until ?? 0))
    .orderBy('openedAt', 'desc')
    .orderBy('id')
    .limit(limit ?? all)
    .offset(skip ?? 0)
    .execute();
  return rows.map(({ body }) => JSON.parse(body));
}

export async function incidentsNamed(db: Db, prefix: string): Promise<Incident[]> {
  if (!mayBeId(prefix)) return [];
  const rows = await db
    .selectFrom('incident')
    .select('body')
    .where('id', '>=', prefix)
    .where('id', '<', `${prefix}g`)
    .orderBy('id')
    .limit(10)
    .execute();
  return rows.map(({ body }) => JSON.parse(body));
}

export async function incidentEvents(db: Db, id: string): Promise<IncidentEvent[]> {
  const rows = await db
    .selectFrom('incidentEvent')
    .select(['incidentId as incident', 'nth', 'at', 'what', 'who', 'text'])
    .where('incidentId', '=', id)
    .orderBy('nth')
    .execute();
  return rows;
}

/** Writes an incident as it is now, and what has happened to it. */
export async function writeIncident(trx: Db, incident: Incident, happened: readonly Happened[], at: number) {
  const {
    id,
    kind,
    monitor: monitorId,
    host,
    port,
    probe,
    state,
    severity,
    openedAt,
    confirmedAt,
    closedAt,
  } = incident;
  const body = JSON.stringify(incident);
  const keys = { id, kind, monitorId, host, port, probe, openedAt };
  const rest = { state, severity, confirmedAt, closedAt, body };
  const row: IncidentTable = { ...keys, ...rest };
  await trx
    .insertInto('incident')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(rest))
    .execute();
  if (happened.length > 0) await addEvents(trx, id, happened, at);
}

/** Writes what has happened to an incident; the number of the first. */
export async function addEvents(
  trx: Db,
  incidentId: string,
  happened: readonly Happened[],
  at: number,
): Promise<number> {
  const { last } = await trx
    .selectFrom('incidentEvent')
    .select((select) => select.fn.max('nth').as('last'))
    .where('incidentId', '=', incidentId)
    .executeTakeFirstOrThrow();
  const first = Number(last ?? 0) + 1;
  for (const [index, one] of happened.entries())
    await trx
      .insertInto('incidentEvent')
      .values({ incidentId, nth: first + index, at, ...eventOf(one) })
      .execute();
  return first;
}

export async function silencesAt(db: Db, now: number): Promise<Silence[]> {
  const rows = await db.selectFrom('silence').selectAll().where('untilAt', '>', now).orderBy('fromAt').execute();
  return rows.map(({ fromAt: from, untilAt: until, ...rest }) => ({ ...rest, from, until }));
}

export async function addSilence(trx: Db, { from, until, ...rest }: Omit<Silence, 'id'>): Promise<Silence> {
  const id = randomBytes(4).toString('hex');
  await trx
    .insertInto('silence')
    .values({ ...rest, id, fromAt: from, untilAt: until })
    .execute();
  return { ...rest, id, from, until };
}

export async function endSilence(trx: Db, id: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('silence')
    .set({ untilAt: now })
    .where('id', '=', id)
    .where('untilAt', '>', now)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function ackIncident(trx: Db, id: string, who: string, until: number | null, now: number): Promise<void> {
  const row = await trx.selectFrom('incident').select('body').where('id', '=', id).executeTakeFirstOrThrow();
  const incident: Incident = JSON.parse(row.body);
  const acked = { ackedAt: now, ackedBy: who, ackedUntil: until };
  await writeIncident(trx, { ...incident, ...acked }, [{ what: 'acked', who, text: '' }], now);
}

export async function outgoingOf(db: Db, { since, limit }: Pick<Wanted, 'since' | 'limit'>): Promise<Outgoing[]> {
  const rows = await db
    .selectFrom('outbox')
    .selectAll()
    .$if(since !== undefined, (query) => query.where('createdAt', '>=', since ?? 0))
    .$if(limit !== undefined, (query) => query.limit(limit ?? 0))
    .orderBy('createdAt', 'desc')
    .orderBy('id')
    .execute();
  return rows.map(outgoing);
}

export const outgoing = ({ kind: _, body, notTaken, ...row }: OutboxTable): Outgoing => ({
  ...row,
  message: JSON.parse(body),
  left: notTaken === null ? null : JSON.parse(notTaken),
});
