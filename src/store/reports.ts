import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import type { Report } from '../model/report.ts';
import type { Run } from '../monitor/run.ts';
import type { Db } from './database.ts';

/**
 * Keeps the report of a run: always where it differs from the one before, where it is the first of a week, and else
 * until the next one comes.
 */
export async function keepReport(trx: Db, run: Run, report: Report, differs: boolean, at: number): Promise<void> {
  const ofSchedule = { monitorId: run.monitor, schedule: run.schedule };
  const before = await trx
    .selectFrom('report')
    .select('at')
    .where((where) => where.and(ofSchedule))
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst();
  const isFirstOfWeek = before === undefined || weekOf(before.at) !== weekOf(at);
  await trx
    .deleteFrom('report')
    .where((where) => where.and({ ...ofSchedule, keptBecause: 'newest' as const }))
    .execute();
  await trx
    .insertInto('report')
    .values({
      ...ofSchedule,
      runId: run.id,
      at,
      keptBecause: differs ? 'differs' : isFirstOfWeek ? 'week' : 'newest',
      codec: 'brotli',
      body: brotliCompressSync(JSON.stringify(report), { params }),
    })
    .execute();
}

/** A default report of 135 kB becomes 13 kB with 5, in 3 ms; with 11 it is 10 kB, in 200 ms. */
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 5,
  // 256 kB: more would only cost memory, and a report has seldom more.
  [constants.BROTLI_PARAM_LGWIN]: 18,
};

const day = 86_400_000;

/** Weeks begin on Monday; 1970 began on a Thursday. */
const weekOf = (at: number): number => Math.floor((at / day + 3) / 7);

export async function reportOf(db: Db, run: string): Promise<Report | null> {
  const row = await db.selectFrom('report').select('body').where('runId', '=', run).executeTakeFirst();
  return row === undefined ? null : JSON.parse(brotliDecompressSync(bytes(row.body)).toString('utf8'));
}

const bytes = (body: Uint8Array | ArrayBuffer): Uint8Array =>
  body instanceof ArrayBuffer ? new Uint8Array(body) : body;
