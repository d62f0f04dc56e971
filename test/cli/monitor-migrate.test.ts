import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { runId } from '../../src/monitor/run.ts';
import { backup } from '../../src/store/backup.ts';
import { migrate, openDatabase, versionOf } from '../../src/store/database.ts';
import { lockStore } from '../../src/store/lock.ts';
import { migrations } from '../../src/store/migrations.ts';
import { openOwned, openShared } from '../../src/store/sqlite-store.ts';
import { dueEvery } from '../support/due-every.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { world } from './fake-io.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'mxprobe-migrate-')), 'mxprobe.db');
const minute = 60_000;
const start = Date.parse('2026-11-02T00:00:00Z');
const said = report([endpointReport([finding('open-relay', 'fail', { severity: 'critical' })])]);
const id = runId('mx', 'scan', start);
const newest = migrations.length;

/** What the first version wrote, statement by statement: a monitor, a run with its report, and what it found. */
const rows = [
  sql`insert into monitor values ('mx', '{"group":"mx","targets":["example.com"]}', 'active')`,
  sql`insert into schedule values ('mx', 'scan', 'every 1m', ${start + minute}, ${start})`,
  sql`insert into run values (${id}, 'mx', 'scan', ${start}, ${start}, ${start}, ${start + 900}, 'done', 1, 0, 1,
    '{"fail":1,"inconclusive":0,"pass":0,"not-applicable":0}', null, null)`,
  sql`insert into report values (${id}, 'mx', 'scan', ${start + 900}, 'differs', 'brotli',
    ${brotliCompressSync(JSON.stringify(said))})`,
  sql`insert into span values ('mx', 'mx1.example.com', 25, '192.0.2.1', 'open-relay', 'fail', 'critical', null, null,
    null, 'open-relay is fail', '220 mx1.example.com ESMTP', ${id}, ${start + 900}, ${id}, ${start + 900}, 'scan', null)`,
  sql`insert into change values (${id}, 'mx', ${start + 900}, 'mx1.example.com', 25, '192.0.2.1', 'open-relay', 'new',
    'critical')`,
];

/** A store as the first version left it. */
async function storeOfOld(): Promise<string> {
  const file = newFile();
  const { db, close } = openDatabase(file, { make: true });
  await migrate(db, migrations.slice(0, 1));
  for (const row of rows) await row.execute(db);
  await close();
  return file;
}

async function versionIn(file: string): Promise<number> {
  const { db, close } = openDatabase(file, { make: false });
  const version = await versionOf(db);
  await close();
  return version;
}

async function told(...words: string[]) {
  const { io, out, err } = world();
  const code = await run(['monitor', ...words], io);
  return { code, out: out(), err: err() };
}

test('a store of the first version becomes one of this, and a copy stays as it was', async () => {
  const file = await storeOfOld();
  expect(await versionIn(file)).toBe(1);
  const copy = `${file}.version-1`;
  expect(await told('migrate', '--store', file)).toEqual({
    code: 0,
    out: '',
    err: `mxprobe: the store "${file}" was of version 1, and is of version ${newest}; as it was: "${copy}"\n`,
  });
  expect([await versionIn(file), await versionIn(copy), statSync(copy).mode & 0o777]).toEqual([newest, 1, 0o600]);
  const again = await told('migrate', '--store', file);
  expect(again).toMatchObject({ code: 0, err: expect.stringContaining(`of this version (${newest}): nothing was to`) });
});

test('all that was in it is found again, by any command, and what failed then is told from now on', async () => {
  const file = await storeOfOld();
  expect(await told('runs', '--since', '2026-11-01', '--store', file)).toMatchObject({ code: 0, err: '' });
  expect(existsSync(`${file}.version-1`)).toBe(false);
  expect(JSON.parse((await told('show', id, '--format', 'json', '--store', file)).out)).toEqual(said);
  await using store = await openShared(file);
  expect(await store.monitors()).toMatchObject([{ id: 'mx', schedules: [{ nextAt: start + minute }] }]);
  expect(await store.runs({})).toMatchObject([{ id, state: 'done', exitCode: 1, isKept: true }]);
  expect(await store.openSpans()).toMatchObject([{ probe: 'open-relay', verdict: 'fail', firstRun: id }]);
  expect(await store.changes({})).toMatchObject([{ kind: 'new', after: { probe: 'open-relay' } }]);
  expect(await store.incidents({})).toEqual([]);
  const [next] = await store.claim(start + minute, { ...dueEvery(minute), first: () => null });
  const begun = await store.begin(next?.id ?? '', start + minute);
  if (begun === null) throw new Error('nothing to begin');
  const hearing = { alertOn: 'medium', confirm: 0, recover: 1 } as const;
  expect(await store.record(begun, said, hearing, start + minute)).toEqual({ changes: [] });
  expect(await store.incidents({})).toMatchObject([{ probe: 'open-relay', state: 'open' }]);
});

test('one of a newer version is left as it is, byte by byte', async () => {
  const file = newFile();
  await (await openOwned(file))[Symbol.asyncDispose]();
  const { db, close } = openDatabase(file, { make: false });
  await sql.raw(`pragma user_version = ${newest + 1}`).execute(db);
  await sql`pragma wal_checkpoint(truncate)`.execute(db);
  await close();
  const was = readFileSync(file);
  const { code, err } = await told('migrate', '--store', file);
  expect(code).toBe(3);
  expect(err).toMatch(
    /was written by a newer mxprobe \(version \d+ of its tables, this one knows \d+\): update mxprobe\n$/,
  );
  expect(readFileSync(file).equals(was)).toBe(true);
});

test('an old one stays as it is where somebody is at work on it', async () => {
  const file = await storeOfOld();
  using _held = lockStore(file);
  const { code, err } = await told('migrate', '--store', file);
  expect(code).toBe(3);
  expect(err).toMatch(/is held by an older mxprobe monitor run/);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  expect([await versionIn(file), existsSync(`${file}.version-1`)]).toEqual([1, false]);
});

test('a copy that is there already stays as it is, and the new one has a name of its own', async () => {
  const file = await storeOfOld();
  for (const copy of ['version-1', 'version-1-2']) writeFileSync(`${file}.${copy}`, 'mine');
  expect(await told('migrate', '--store', file)).toMatchObject({
    code: 0,
    err: expect.stringContaining(`; as it was: "${file}.version-1-3"\n`),
  });
  expect([await versionIn(file), await versionIn(`${file}.version-1-3`)]).toEqual([newest, 1]);
  for (const copy of ['version-1', 'version-1-2']) expect(readFileSync(`${file}.${copy}`, 'utf8')).toBe('mine');
});

test('one that is killed while it copies is begun anew by the next, and leaves nothing that looks like a copy', async () => {
  const file = await storeOfOld();
  const { db, close } = openDatabase(file, { make: false });
  // Large enough to be in the middle of it.
  for (let nth = 0; nth < 60; nth++)
    await sql`insert into report values (${`r${nth}`}, 'mx', 'scan', 1, 'week', 'brotli', randomblob(1000000))`.execute(
      db,
    );
  await close();
  const copies = () => readdirSync(dirname(file)).filter((name) => name.startsWith('mxprobe.db.version-1'));
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'monitor', 'migrate', '--store', file]);
  const ended = new Promise((over) => child.on('exit', (_, signal) => over(signal)));
  while (copies().length === 0 && child.exitCode === null) await delay(1);
  child.kill('SIGKILL');
  expect([await ended, await versionIn(file)]).toEqual(['SIGKILL', 1]);
  expect(copies()).not.toContain('mxprobe.db.version-1');
  expect(await told('migrate', '--store', file)).toMatchObject({
    code: 0,
    err: expect.stringContaining(`as it was: "${file}.version-1"\n`),
  });
  expect(copies()).toEqual(['mxprobe.db.version-1']);
  const copy = openDatabase(`${file}.version-1`, { make: false });
  const { rows: check } = await sql<{ n: number }>`select count(*) as n from report`.execute(copy.db);
  await copy.close();
  expect([check[0]?.n, await versionIn(file)]).toEqual([61, newest]);
});

test('one that is killed after it copied keeps that copy', async () => {
  const file = await storeOfOld();
  const { db, close } = openDatabase(file, { make: false });
  await backup(db, `${file}.version-1`);
  await close();
  const was = readFileSync(`${file}.version-1`);
  expect(await told('migrate', '--store', file)).toMatchObject({ code: 0 });
  expect([await versionIn(file), readFileSync(`${file}.version-1`).equals(was)]).toEqual([newest, true]);
});

test.each([
  [['migrate', 'mx'], /migrate takes no "mx"/] as const,
  [['migrate', '--store', '/nowhere/x.db'], /there is no store/] as const,
])('monitor %j is refused in one line', async (words, message) => {
  const { code, err } = await told(...words);
  expect(code).toBe(3);
  expect(err).toMatch(message);
});
