import { sql } from 'kysely';
import type { Store } from '../monitor/store.ts';
import { planAlerts, plannedAlerts } from './alerts.ts';
import type { Db } from './database.ts';

/** Milliseconds that nothing is looked for, at most, where nothing has happened: reminders come as much later. */
const longestRest = 10_000;

/** When there was nothing to tell, and why it need not be looked for again. */
interface Rest {
  readonly from: number;
  readonly until: number;
  readonly known: string;
  readonly rulesFor: Parameters<Store['planAlerts']>[1];
}

/**
 * Looks for what people have to be told without holding up who writes, and writes only where there is something. Open
 * incidents may be thousands: where nothing has happened since they were read, they are read again after ten seconds,
 * or when something that waits is due.
 */
export function planning(db: Db, write: <T>(work: (trx: Db) => Promise<T>) => Promise<T>): Store['planAlerts'] {
  let rest: Rest | null = null;
  return async (now, rulesFor) => {
    const known = await whatHappened(db);
    if (rest?.known === known && rest.rulesFor === rulesFor && rest.from <= now && now < rest.until) return;
    rest = null;
    const { messages, settled, nextAt } = await plannedAlerts(db, now, rulesFor);
    if (messages.length + settled.length > 0) return await write((trx) => planAlerts(trx, now, rulesFor));
    rest = { from: now, until: Math.min(nextAt, now + longestRest), known, rulesFor };
  };
}

/** Changes with whatever happens to an incident, to a silence and to a monitor that rests, in any process. */
async function whatHappened(db: Db): Promise<string> {
  const { rows } = await sql`select
    (select max(rowid) from incident_event) as events,
    (select json_group_array(id || until_at) from silence) as silences,
    (select json_group_array(id) from monitor where state = 'paused') as paused`.execute(db);
  return JSON.stringify(rows);
}
