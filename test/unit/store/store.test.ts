import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Finding, Report } from '../../../src/model/report.ts';
import type { Run } from '../../../src/monitor/run.ts';
import type { Store } from '../../../src/monitor/store.ts';
import { openDatabase } from '../../../src/store/database.ts';
import { lockStore } from '../../../src/store/lock.ts';
import { openOwned, openShared } from '../../../src/store/sqlite-store.ts';
import { asTrouble } from '../../../src/store/trouble.ts';
import { dueEvery } from '../../support/due-every.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

const newFile = () => join(mkdtempSync(join(tmpdir(), 'mxprobe-store-')), 'mxprobe.db');
const minute = 60_000;
const start = Date.parse('2026-11-02T00:00:00Z');

const everyMinute = dueEvery(minute);

const mx = { id: 'mx', spec: '{}', schedules: [{ name: 'scan', spec: 'every 1m' }] };
const of = (...findings: readonly Finding[]): Report => report([endpointReport(findings)]);

async function watched(file = newFile()): Promise<Store> {
  const store = await openOwned(file);
  await store.mirror([mx], start);
  return store;
}

const hearing = { alertOn: 'medium', confirm: 0, recover: 1 } as const;

/** Claims what is due and records that report. */
async function ran(store: Store, now: number, said: Report): Promise<Run> {
  const [run] = await store.claim(now, everyMinute);
  const begun = await store.begin(run?.id ?? '', now);
  if (begun === null) throw new Error('nothing to begin');
  await store.record(begun, said, hearing, now + 1000);
  return begun;
}

describe('the file', () => {
  test('is for its owner alone, and so is all beside it', async () => {
    const file = newFile();
    using _lock = lockStore(file);
    await using store = await watched(file);
    await ran(store, start, of(finding('vrfy', 'pass')));
    for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}.lock`])
      expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600]);
  });

  test('is kept as durable as SQLite can', async () => {
    const file = newFile();
    await using _made = await openOwned(file);
    const { db, close } = openDatabase(file, { make: false });
    const pragma = async (name: string) =>
      Object.values((await sql.raw(`pragma ${name}`).execute(db)).rows[0] as object);
    expect(await pragma('journal_mode')).toEqual(['wal']);
    expect(await pragma('synchronous')).toEqual([2]);
    await close();
  });

  test('has one writer, who need not be asked to let go', () => {
    const file = newFile();
    const first = lockStore(file);
    expect(first).not.toBeNull();
    expect(lockStore(file)).toBeNull();
    first?.[Symbol.dispose]();
    const second = lockStore(file);
    expect(second).not.toBeNull();
    second?.[Symbol.dispose]();
  });

  test('is read by others while it is written', async () => {
    const file = newFile();
    await using store = await watched(file);
    await using other = await openShared(file);
    await ran(store, start, of(finding('vrfy', 'fail')));
    expect(await other.runs({})).toMatchObject([{ monitor: 'mx', state: 'done', exitCode: 1 }]);
  });

  test.each<[string, (file: string) => void | Promise<void>, RegExp]>([
    ['not there', () => {}, /there is no store/],
    ['no database', (file) => writeFileSync(file, 'name: value\n'.repeat(1000)), /it is no mxprobe store/],
    [
      "another program's",
      async (file) => {
        writeFileSync(file, '');
        const { db, close } = openDatabase(file, { make: true });
        await sql`create table address_book (name text)`.execute(db);
        await close();
      },
      /a database of another program/,
    ],
    [
      "a newer version's",
      async (file) => {
        const store = await openOwned(file);
        await store[Symbol.asyncDispose]();
        const { db, close } = openDatabase(file, { make: false });
        await sql`pragma user_version = 99`.execute(db);
        await sql`pragma wal_checkpoint(truncate)`.execute(db);
        await close();
      },
      /written by a newer mxprobe \(version 99/,
    ],
  ])('is refused and left alone where it is %s', async (_, make, words) => {
    const file = newFile();
    await make(file);
    const was = existsSync(file) ? readFileSync(file) : null;
    await expect(openShared(file)).rejects.toThrow(words);
    if (was !== null) await expect(openOwned(file)).rejects.toThrow(words);
    expect(existsSync(file) ? readFileSync(file) : null).toEqual(was);
  });

  test('a folder that is not there is said in one line', async () => {
    await expect(openOwned('/does/not/exist/mxprobe.db')).rejects.toThrow(
      'the store "/does/not/exist/mxprobe.db" cannot be used: there is no such file or folder',
    );
  });

  test('so is one where nothing may be written', async () => {
    await expect(openOwned('/sys/mxprobe.db')).rejects.toThrow(
      /^the store "\/sys\/mxprobe.db" cannot be used: (permission denied|the file system is read-only|.* may not be .*)$/,
    );
  });

  test('so is a full disk, and what was there stays', async () => {
    const file = newFile();
    await (await watched(file))[Symbol.asyncDispose]();
    const { db, close } = openDatabase(file, { make: false });
    await sql`pragma max_page_count = 1`.execute(db);
    const spec = 'x'.repeat(1_000_000);
    const trouble = await db
      .insertInto('monitor')
      .values({ id: 'large', spec, state: 'active' })
      .execute()
      .catch((error) => asTrouble(error, file));
    expect(trouble).toMatchObject({
      name: 'UsageError',
      message: `the store "${file}" cannot be used: the disk is full`,
    });
    await close();
    await using store = await openShared(file);
    expect((await store.monitors()).map(({ id }) => id)).toEqual(['mx']);
  });

  test('is made once, whoever comes first', async () => {
    const file = newFile();
    await (await openOwned(file))[Symbol.asyncDispose]();
    await using again = await openOwned(file);
    expect(await again.monitors()).toEqual([]);
  });
});

describe('what is due', () => {
  test('is claimed once, and the schedule moves on', async () => {
    await using store = await watched();
    expect(await store.claim(start, everyMinute)).toMatchObject([{ monitor: 'mx', schedule: 'scan', dueAt: start }]);
    expect(await store.claim(start, everyMinute)).toEqual([]);
    expect(await store.monitors()).toMatchObject([{ schedules: [{ nextAt: start + minute, lastDueAt: start }] }]);
  });

  test('what was missed is one run that says how many', async () => {
    await using store = await watched();
    await ran(store, start, of());
    const [run] = await store.claim(start + 7.5 * minute, everyMinute);
    expect(run).toMatchObject({ dueAt: start + 7 * minute, missed: 6, state: 'queued' });
  });

  test('or one that is skipped, where it is not to be made up for', async () => {
    await using store = await watched();
    await ran(store, start, of());
    const times = {
      ...everyMinute,
      after: (_: string, __: string, due: number) => due + 60 * minute,
      catchesUp: () => false,
    };
    await store.claim(start + minute, times);
    expect(await store.claim(start + 62.5 * minute, times)).toEqual([]);
    expect((await store.runs({}))[0]).toMatchObject({ state: 'skipped', dueAt: start + 61 * minute });
  });

  test('never beside itself', async () => {
    await using store = await watched();
    await store.claim(start, everyMinute);
    expect(await store.claim(start + minute, everyMinute)).toEqual([]);
    expect(await store.runs({})).toMatchObject([
      { dueAt: start + minute, state: 'skipped', because: 'the run before it was still at work' },
      { dueAt: start, state: 'queued' },
    ]);
  });

  test('a clock that is set back runs nothing twice', async () => {
    await using store = await watched();
    await ran(store, start, of());
    await store.mirror([{ ...mx, schedules: [{ name: 'scan', spec: 'every 60s' }] }], start);
    expect(await store.claim(start, everyMinute)).toEqual([]);
    expect(await store.runs({})).toHaveLength(1);
  });

  test('nor is anything put off by one that was ahead when the last process ended', async () => {
    await using store = await watched();
    const times = { ...everyMinute, first: (_: string, __: string, now: number) => Math.ceil(now / minute) * minute };
    await store.claim(start + 120 * minute, { ...times, start: (_, __, ___, now) => now + 15 * minute });
    await store.ask('mx', start + 120 * minute);
    await store.rewind(start);
    expect(await store.queued(start)).toMatchObject([{ schedule: 'manual' }]);
    expect(await store.claim(start, times)).toMatchObject([{ schedule: 'scan', dueAt: start }]);
    expect(await store.monitors()).toMatchObject([{ schedules: [{ nextAt: start + minute }] }]);
  });

  test('a monitor that rests has none, and what passed meanwhile is not made up for', async () => {
    await using store = await watched();
    await ran(store, start, of());
    await store.pause('mx');
    await store.mirror([mx], start);
    expect(await store.claim(start + 9 * minute, everyMinute)).toEqual([]);
    await store.resume('mx');
    expect(await store.claim(start + 9 * minute, everyMinute)).toMatchObject([{ missed: 0 }]);
  });

  test('a monitor that leaves the file stays known, and its queue is skipped', async () => {
    await using store = await watched();
    await store.claim(start, everyMinute);
    await store.mirror([], start);
    expect(await store.monitors()).toMatchObject([{ id: 'mx', state: 'retired', schedules: [] }]);
    expect(await store.runs({})).toMatchObject([{ state: 'skipped', because: 'its monitor has left the file' }]);
    await store.mirror([mx], start);
    expect(await store.monitors()).toMatchObject([{ state: 'active', schedules: [{ name: 'scan' }] }]);
  });

  test('a person asks for one more, not for two', async () => {
    await using store = await watched();
    expect(await store.ask('mx', start)).toMatchObject({ schedule: 'manual', dueAt: start, state: 'queued' });
    expect(await store.ask('mx', start)).toBeNull();
  });
});

describe('a run', () => {
  test('is begun once and recorded once', async () => {
    await using store = await watched();
    const run = await ran(store, start, of(finding('vrfy', 'fail')));
    expect(await store.begin(run.id, start)).toBeNull();
    expect(await store.record(run, of(), hearing, start)).toBeNull();
    expect(await store.changes({})).toHaveLength(1);
  });

  test('that is left behind is taken up again, three times at most', async () => {
    await using store = await watched();
    const [run] = await store.claim(start, everyMinute);
    for (const left of ['queued', 'queued', 'failed']) {
      await store.begin(run?.id ?? '', start);
      await store.recover(start);
      expect((await store.runs({}))[0]?.state).toBe(left);
    }
  });

  test('that was stopped in good order costs no attempt', async () => {
    await using store = await watched();
    const [run] = await store.claim(start, everyMinute);
    const begun = await store.begin(run?.id ?? '', start);
    await store.requeue(begun as Run);
    expect(await store.queued(start + minute)).toMatchObject([{ attempt: 0, startedAt: null }]);
  });

  test('that meets an error of ours is tried again, and then has failed', async () => {
    await using store = await watched();
    const [run] = await store.claim(start, everyMinute);
    const states: [string, number][] = [];
    for (let nth = 0; nth < 3; nth++) {
      const state = await store.fail((await store.begin(run?.id ?? '', start)) as Run, 'no such thing', start);
      states.push([state, ((await store.runs({}))[0]?.notBefore ?? 0) - start]);
    }
    expect(states).toEqual([
      ['queued', 10_000],
      ['queued', 60_000],
      ['failed', 60_000],
    ]);
    expect(await store.runs({})).toMatchObject([{ because: 'no such thing' }]);
  });

  test('that is tried again begins no earlier than it may', async () => {
    await using store = await watched();
    const [run] = await store.claim(start, everyMinute);
    await store.fail((await store.begin(run?.id ?? '', start)) as Run, 'no such thing', start);
    expect(await store.queued(start + 9999)).toEqual([]);
    expect(await store.queued(start + 10_000)).toHaveLength(1);
  });
});

describe('history', () => {
  test('unchanged costs a run row, and nothing else', async () => {
    await using store = await watched();
    for (let nth = 0; nth < 5; nth++) await ran(store, start + nth * minute, of(finding('vrfy', 'fail')));
    const [span, ...others] = await store.openSpans();
    expect(others).toEqual([]);
    expect(span).toMatchObject({ firstAt: start + 1000, lastAt: start + 4 * minute + 1000 });
    expect(await store.runs({})).toHaveLength(5);
    expect(await store.changes({})).toHaveLength(1);
  });

  test('a change has both sides', async () => {
    await using store = await watched();
    await ran(store, start, of(finding('vrfy', 'fail')));
    await ran(store, start + minute, of(finding('vrfy', 'pass', { measured: { users: ['a'] } })));
    expect((await store.changes({ monitor: 'mx', limit: 1 }))[0]).toMatchObject({
      kind: 'gone',
      before: { verdict: 'fail', quote: '220 mx1.example.com ESMTP' },
      after: { verdict: 'pass', measured: { users: ['a'] } },
    });
  });

  test('reports are kept where they differ, the newest, and the first of a week', async () => {
    await using store = await watched();
    const said: readonly (readonly [number, Finding['verdict']])[] = [
      [0, 'fail'],
      [1, 'fail'],
      [2, 'fail'],
      [3, 'pass'],
      [4, 'pass'],
      [7 * 24 * 60, 'pass'],
      [7 * 24 * 60 + 1, 'pass'],
      [7 * 24 * 60 + 2, 'pass'],
    ];
    for (const [at, verdict] of said) await ran(store, start + at * minute, of(finding('vrfy', verdict)));
    const runs = (await store.runs({})).toReversed();
    expect(runs.map(({ isKept }) => isKept)).toEqual([true, false, false, true, false, true, false, true]);
    expect(await store.report(runs[3]?.id ?? '')).toEqual(of(finding('vrfy', 'pass')));
    expect(await store.report(runs[1]?.id ?? '')).toBeNull();
  });

  test('what is old goes, but for one run a day and what is still spoken of', async () => {
    await using store = await watched();
    for (let nth = 0; nth < 6; nth++) await ran(store, start + nth * minute, of(finding('vrfy', 'pass')));
    const year = 365 * 24 * 60 * minute;
    await store.prune({ runs: year, changes: year, reports: year }, start + 10 * minute);
    expect(await store.runs({})).toHaveLength(6);
    await store.prune({ runs: 0, changes: 0, reports: 0 }, start + 10 * minute);
    // The first of the day, which the span began with too, and the last that it was heard in.
    expect((await store.runs({})).map(({ dueAt }) => (dueAt - start) / minute)).toEqual([5, 0]);
    expect(await store.openSpans()).toHaveLength(1);
    expect((await store.runs({})).map(({ isKept }) => isKept)).toEqual([true, false]);
  });

  test('a run is found by the beginning of its name', async () => {
    await using store = await watched();
    const { id } = await ran(store, start, of());
    expect(await store.runsNamed(id.slice(0, 6))).toMatchObject([{ id }]);
    expect(await store.runsNamed("x' or 1=1")).toEqual([]);
  });

  test('a backup is a whole store, and takes nothing away', async () => {
    await using store = await watched();
    await ran(store, start, of(finding('vrfy', 'fail')));
    const copy = newFile();
    await store.backup(copy);
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    await using other = await openShared(copy);
    expect(await other.changes({})).toEqual(await store.changes({}));
    await expect(store.backup(copy)).rejects.toThrow('is there already');
  });
});
