import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { rolldown } from 'rolldown';
import { beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';

/**
 * kill -9 at random moments: what SQLite has promised is there, and the rest is done again. It leaves the page cache, so
 * it does not show what a power failure does: that rests on synchronous=FULL.
 */
const kills = Number(process.env.KILLS ?? 20);
const store = join(mkdtempSync(join(tmpdir(), 'mxprobe-kill-')), 'mxprobe.db');
const folder = join(process.cwd(), 'node_modules', '.cache');
const child = join(folder, 'watch-child.mjs');

beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const bundle = await rolldown({
    input: 'test/support/watch-child.ts',
    external: (id) => id.startsWith('node:') || id === 'libsql',
    platform: 'node',
  });
  await bundle.write({ file: child, format: 'esm', codeSplitting: false });
  await bundle.close();
}, 60_000);

/** Starts it, and gives back how it ended; `after` milliseconds since it was ready it is killed. */
async function lived(after: number | null): Promise<{ code: number | null; err: string }> {
  const one = spawn(process.execPath, [child, store, ...(after === null ? ['end'] : [])]);
  let err = '';
  one.stderr.on('data', (piece) => {
    err += piece;
  });
  const ended = new Promise<number | null>((over) => one.on('exit', over));
  if (after !== null) {
    await new Promise((ready) => one.stdout.once('data', ready));
    await delay(after);
    one.kill('SIGKILL');
  }
  return { code: await ended, err };
}

async function rowsOf<T>(query: string): Promise<T[]> {
  const { db, close } = openDatabase(store, { make: false });
  const { rows } = await sql.raw<T>(query).execute(db);
  await close();
  return rows;
}

test(
  `${kills} times kill -9: each due time is one run, and spans have neither gap nor overlap`,
  async () => {
    for (let nth = 0; nth < kills; nth++)
      expect(await lived(200 + Math.random() * 500)).toEqual({ code: null, err: '' });
    expect(await lived(null)).toEqual({ code: 0, err: '' });

    expect(await rowsOf('pragma integrity_check')).toEqual([{ integrityCheck: 'ok' }]);
    const runs = await rowsOf<{
      monitorId: string;
      dueAt: number;
      missed: number;
      state: string;
      because: string | null;
    }>('select * from run order by due_at');
    expect(runs.length).toBeGreaterThan(3 * kills);
    expect(runs.filter(({ state, because }) => state !== 'done' && (state !== 'skipped' || because === null))).toEqual(
      [],
    );
    for (const monitor of ['a', 'b', 'c']) {
      const own = runs.filter(({ monitorId }) => monitorId === monitor);
      // Every due time is a run, or was missed while nobody ran, and is told by the run after it.
      for (const [at, run] of own.entries())
        if (at > 0) expect(run.dueAt).toBe((own[at - 1]?.dueAt ?? 0) + 200 * (run.missed + 1));
    }
    const spans = await rowsOf<{
      key: string;
      firstRun: string;
      endedRun: string | null;
      firstAt: number;
      lastAt: number;
    }>("select monitor_id || ' ' || probe as key, * from span order by monitor_id, probe, first_at");
    for (const [at, span] of spans.entries()) {
      const next = spans[at + 1];
      const isLast = next?.key !== span.key;
      expect(span.endedRun).toBe(isLast ? null : (next?.firstRun ?? ''));
      if (!isLast) expect(span.lastAt).toBeLessThan(next?.firstAt ?? 0);
    }
    const subjects = new Set(spans.map(({ key }) => key));
    expect(subjects.size).toBe(6);
    // What is steady has one row, whatever happened meanwhile.
    expect(spans.filter(({ key }) => key.endsWith('steady'))).toHaveLength(3);
    const done = runs.filter(({ state }) => state === 'done');
    const [heard] = await rowsOf<{ count: number }>(
      `select count(*) as count from run where state = 'done' and not exists (select 1 from span
      where span.monitor_id = run.monitor_id and probe = 'vrfy' and first_at <= run.finished_at and last_at >= run.finished_at)`,
    );
    expect({ done: done.length > 0, unheard: heard?.count }).toEqual({ done: true, unheard: 0 });
  },
  60_000 + kills * 3000,
);
