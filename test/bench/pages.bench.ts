import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import type { Incident } from '../../src/monitor/alerts/incident.ts';
import { runId } from '../../src/monitor/run.ts';
import { openDatabase } from '../../src/store/database.ts';
import { writeIncident } from '../../src/store/incidents.ts';
import { openOwned } from '../../src/store/sqlite-store.ts';
import { configOf, hour, incident, type Site, site } from '../web/world.ts';

/**
 * What each page takes over 90 days of 500 monitors that are scanned every hour: a million runs. Each monitor has 37
 * answers at each of two addresses; one answer in some turns every few days, and a day without network turns them all.
 */
const monitors = 500;
const days = 90;
const end = Date.parse('2026-11-02T00:00:00Z');
const begin = end - days * 24 * hour;
const most = 200;

test('every page over 90 days of 500 monitors', async () => {
  const names = Array.from({ length: monitors }, (_, nth) => `monitor-${String(nth).padStart(3, '0')}`);
  const folder = mkdtempSync(join(tmpdir(), 'mxprobe-pages-'));
  using _ = { [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
  const file = join(folder, 'mxprobe.db');
  await using store = await openOwned(file);
  await store.mirror(
    names.map((id) => ({ id, spec: '{}', schedules: [{ name: 'scan', spec: 'every 1h' }] })),
    begin,
  );
  const filled = await fill(file, names);
  await using pages = await site({ store }, configOf(names, { publicStatus: [names[0] ?? ''] }), end + 1);
  const paths = [
    '/',
    `/m/${names[0]}`,
    `/m/${names[7]}?days=90`,
    `/m/${names[7]}?days=90&until=2026-09-01`,
    '/i',
    `/i/${'0'.repeat(12)}`,
    `/status/${names[0]}`,
    `/badge/${names[0]}.svg`,
    '/feed.atom',
    '/api/v1/monitors',
    '/api/v1/runs',
    '/api/v1/changes',
    '/api/v1/incidents',
    '/healthz',
  ];
  const took: Record<string, Awaited<ReturnType<typeof timed>>> = {};
  for (const path of paths) took[path] = await timed(pages, path);
  console.table(took);
  console.log(`${filled} rows, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  const slow = Object.entries(took).filter(([, { median }]) => median > most);
  expect(slow).toEqual([]);
});

async function timed(pages: Site, path: string) {
  const times: number[] = [];
  let size = 0;
  for (let nth = 0; nth < 9; nth++) {
    const from = performance.now();
    size = (await pages.ask(path)).body.length;
    times.push(performance.now() - from);
  }
  const [first = 0] = times;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    median: Math.round(sorted[4] ?? 0),
    worst: Math.round(sorted[8] ?? 0),
    first: Math.round(first),
    kB: Math.round(size / 1000),
  };
}

/** Rows as the store would have written them, but all at once. */
async function fill(file: string, names: readonly string[]): Promise<string> {
  const { db, close } = openDatabase(file, { make: false });
  let [runs, spans, changes] = [0, 0, 0];
  const insert = async (table: string, columns: string, rows: readonly (readonly unknown[])[]) => {
    for (let at = 0; at < rows.length; at += 400)
      await sql`insert into ${sql.raw(`${table} (${columns})`)} values ${sql.join(
        rows.slice(at, at + 400).map((row) => sql`(${sql.join(row)})`),
      )}`.execute(db);
  };
  await sql`pragma synchronous = off`.execute(db);
  for (const [index, name] of names.entries()) {
    await sql`begin`.execute(db);
    const ids = Array.from({ length: days * 24 }, (_, nth) => runId(name, 'scan', begin + nth * hour));
    const at = (nth: number) => begin + nth * hour + 5000;
    const counts = JSON.stringify({ pass: 24, fail: 3, inconclusive: 2, 'not-applicable': 8, error: 0 });
    const cost = JSON.stringify({ connections: 9, commands: 120, bytesSent: 4000, bytesReceived: 9000, seconds: 4 });
    await insert(
      'run',
      'id, monitor_id, schedule, due_at, not_before, started_at, finished_at, state, attempt, missed, exit_code, counts, cost, because',
      ids.map((id, nth) => [
        id,
        name,
        'scan',
        begin + nth * hour,
        begin + nth * hour,
        begin + nth * hour,
        at(nth),
        'done',
        1,
        0,
        index % 5 === 0 ? 1 : 0,
        counts,
        cost,
        null,
      ]),
    );
    runs += ids.length;
    const rows: unknown[][] = [];
    const turned: unknown[][] = [];
    for (let probe = 0; probe < 74; probe++) {
      const where = [`mx.${name}.example`, 25, probe < 37 ? '192.0.2.1' : '192.0.2.2', `probe-${probe % 37}`];
      // A day without network for all, and an answer that comes and goes for every tenth.
      const turns = [
        0,
        1000,
        1012,
        ...(probe % 10 === 0 ? Array.from({ length: 12 }, (_, nth) => 1100 + nth * 80) : []),
      ];
      for (const [nth, from] of turns.entries()) {
        const to = turns[nth + 1];
        const isBad = nth % 2 === 1 || (to === undefined && probe % 12 === 0 && index % 5 === 0);
        const verdict = isBad ? (nth === 1 ? 'inconclusive' : 'fail') : 'pass';
        const last = (to ?? ids.length) - 1;
        rows.push([
          name,
          ...where,
          verdict,
          'medium',
          nth === 1 ? 'timeout' : null,
          null,
          JSON.stringify({ limit: 30 }),
          'it says so',
          '250 Ok',
          ids[from],
          at(from),
          ids[last],
          at(last),
          'scan',
          to === undefined ? null : ids[to],
        ]);
        if (nth > 0) turned.push([ids[from], name, at(from), ...where, isBad ? 'new' : 'gone', 'medium']);
      }
    }
    await insert(
      'span',
      'monitor_id, host, port, address, probe, verdict, severity, doubt, waived, measured, because, quote, first_run, first_at, last_run, last_at, last_schedule, ended_run',
      rows,
    );
    await insert('change', 'run_id, monitor_id, at, host, port, address, probe, kind, severity', turned);
    spans += rows.length;
    changes += turned.length;
    await sql`commit`.execute(db);
  }
  for (let nth = 0; nth < 1000; nth++)
    await writeIncident(db, incidentNo(nth, names), [{ what: 'opened', who: null, text: '' }], end - nth * hour);
  await sql`update schedule set last_due_at = ${end - hour}, next_at = ${end}`.execute(db);
  await close();
  return `${runs} runs, ${spans} spans, ${changes} changes, 1000 incidents,`;
}

const incidentNo = (nth: number, names: readonly string[]): Incident =>
  incident({
    id: nth.toString(16).padStart(12, '0'),
    monitor: names[nth % monitors] ?? '',
    openedAt: end - nth * hour,
    ...(nth < 50 ? {} : { state: 'closed', closedAt: end - nth * hour + 2 * hour, closedBecause: 'recovered' }),
  });
