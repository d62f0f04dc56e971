import { sql } from 'kysely';
import type { Retention } from '../monitor/store.ts';
import type { Db } from './database.ts';

/**
 * Drops what has been kept for long enough. Of old runs one a day and schedule stays, and every one that a span, a
 * change or a report still speaks of; the newest report of a schedule stays however old it is, and so do open spans
 * and incidents.
 */
export async function prune(trx: Db, { runs, changes, reports }: Retention, now: number): Promise<void> {
  await sql`delete from report where at < ${now - reports} and at <
    (select max(at) from report as r where r.monitor_id = report.monitor_id and r.schedule = report.schedule)`.execute(
    trx,
  );
  await sql`delete from change where at < ${now - changes}`.execute(trx);
  await sql`delete from span where ended_run is not null and last_at < ${now - changes}`.execute(trx);
  await sql`delete from incident where state = 'closed' and closed_at < ${now - changes}`.execute(trx);
  await sql`delete from incident_event where incident_id not in (select id from incident)`.execute(trx);
  await sql`delete from told where incident_id not in (select id from incident)`.execute(trx);
  await sql`delete from outbox where state <> 'waiting' and created_at < ${now - changes}
    and id not in (select outbox_id from told)`.execute(trx);
  await sql`delete from silence where until_at < ${now - changes}`.execute(trx);
  await sql`delete from run where due_at < ${now - runs} and state not in ('queued', 'running')
    and id not in (select run_id from report) and id not in (select run_id from change)
    and id not in (select first_run from span) and id not in (select last_run from span)
    and id not in (select ended_run from span where ended_run is not null)
    and due_at > (select min(due_at) from run as r where r.monitor_id = run.monitor_id and r.schedule = run.schedule
      and r.due_at / 86400000 = run.due_at / 86400000)`.execute(trx);
}
