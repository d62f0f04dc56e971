import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Report } from '../../src/model/report.ts';
import { openOwned } from '../../src/store/sqlite-store.ts';
import { dueEvery } from '../support/due-every.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { readPlugin } from '../unit/report/plugin-output.ts';
import { world } from './fake-io.ts';

const hour = 3_600_000;
const file = join(mkdtempSync(join(tmpdir(), 'mxprobe-history-')), 'mxprobe.db');
const failing = report([
  endpointReport([finding('open-relay', 'fail', { severity: 'critical' }), finding('vrfy', 'pass')]),
]);
const mended = report([
  endpointReport([finding('open-relay', 'pass'), finding('vrfy', 'inconclusive', { doubt: 'timeout' })]),
]);
const hearing = { alertOn: 'medium', confirm: 0, recover: 1 } as const;
const ids: string[] = [];

/** Three runs, the last an hour ago: it failed, and failed again, and was mended. */
beforeAll(async () => {
  const now = Date.now();
  const start = now - 3 * hour;
  await using store = await openOwned(file);
  const schedules = [{ name: 'scan', spec: 'every 1h' }];
  await store.mirror(
    ['mx', 'new'].map((id) => ({ id, spec: '{}', schedules })),
    start,
  );
  const times = { ...dueEvery(hour), first: (monitor: string) => (monitor === 'mx' ? start : now + hour) };
  for (const [nth, said] of [failing, failing, mended].entries()) {
    const at = start + nth * hour;
    const [claimed] = await store.claim(at, times);
    const begun = await store.begin(claimed?.id ?? '', at);
    if (begun !== null) await store.record(begun, said, hearing, at + 1500);
    ids.push(begun?.id ?? '');
  }
});

async function told(...words: string[]) {
  const { io, out, err } = world();
  const code = await run(['monitor', ...words, '--store', file], io);
  return { code, out: out(), err: err() };
}

test('a store that may only be read is read', async () => {
  const folder = mkdtempSync(join(tmpdir(), "mxprobe-read-only # 'it%20"));
  const copy = join(folder, 'mxprobe.db');
  await told('backup', copy);
  const [of, other] = await Promise.all([
    readOnly(folder, 'status', '--format', 'json', '--store', copy),
    readOnly(folder, 'pause', 'mx', '--store', copy),
  ]);
  expect(of.err).toBe('');
  expect(JSON.parse(of.out).monitors).toMatchObject([{ monitor: 'mx' }, { monitor: 'new' }]);
  expect(other).toEqual({
    code: 3,
    out: '',
    err: `mxprobe: the store "${copy}" cannot be used: it may not be written to, or its folder\n`,
  });
  expect(await readOnly(folder, 'show', ids[2] ?? '', '--store', copy)).toMatchObject({ code: 2, err: '' });
});

/** What a command does where a folder is on a file system that is read-only; no folder is for root by its mode alone. */
async function readOnly(folder: string, ...words: string[]) {
  const asRoot = ['-m', 'sh', '-c', 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"', folder];
  if (process.getuid?.() !== 0) chmodSync(folder, 0o555);
  const [program = '', ...rest] = [
    ...(process.getuid?.() === 0 ? ['unshare', ...asRoot] : []),
    ...[process.execPath, 'dist/src/cli/main.js', 'monitor', ...words],
  ];
  const child = spawn(program, rest);
  const texts = { out: '', err: '' };
  child.stdout.on('data', (piece) => {
    texts.out += piece;
  });
  child.stderr.on('data', (piece) => {
    texts.err += piece;
  });
  const code = await new Promise((over) => child.on('close', over));
  return { code, ...texts };
}

describe('status', () => {
  test('says what is wrong now, since when, and how old that is', async () => {
    const { code, out, err } = await told('status', 'mx');
    expect(err).toBe('');
    expect(code).toBe(2);
    expect(out).toMatch(/^unsure mx {2}no failure, 1 untold; run [0-9a-f]{8} 60 minutes ago; due now\n/);
    expect(out).toMatch(/vrfy {2}inconclusive, timeout at mx1\.example\.com\/192\.0\.2\.1:25 since .*Z: vrfy is/);
  });

  test('of all: one that was never scanned is not all clear', async () => {
    const { code, out } = await told('status');
    expect(code).toBe(2);
    expect(out).toContain('stale  new  never scanned');
  });

  test('for a program', async () => {
    const { out } = await told('status', 'mx', '--format', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schema: 1,
      kind: 'monitor-status',
      monitors: [{ monitor: 'mx', worst: null, isStale: false, fails: [], untold: [{ probe: 'vrfy' }] }],
    });
  });

  test('for a monitor, the exit code is that of a plugin', async () => {
    const { code, out } = await told('status', 'mx', '--format', 'nagios');
    expect({ code, state: readPlugin(out).state }).toEqual({ code: 3, state: 3 });
  });
});

test('runs, the newest first', async () => {
  const { code, out } = await told('runs');
  expect(code).toBe(0);
  const lines = out.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(
    /^[0-9a-f]{8} {2}\S+ \S+Z {2}exit 2 {3}mx scan: 0 fail, 1 inconclusive, 1 pass; 1\.5 s; report kept$/,
  );
  expect(lines[1]).not.toContain('kept');
  const since = new Date(Date.now() - 1.5 * hour).toISOString();
  expect((await told('runs', '--since', since)).out.trimEnd().split('\n')).toHaveLength(1);
});

test('changes, with both sides and their words', async () => {
  const { code, out } = await told('changes', 'mx');
  expect(code).toBe(0);
  const flat = out.replace(/\s+/g, ' ');
  expect(flat).toMatch(
    /gone open-relay mx, mx1\.example\.com\/192\.0\.2\.1:25, run [0-9a-f]{8}: failure \[critical\]; now pass/,
  );
  expect(flat).toContain('was 220 mx1.example.com ESMTP');
  expect(flat).toMatch(/UNTOLD vrfy .* pass; now inconclusive, timeout/);
  expect(JSON.parse((await told('changes', '--format', 'json')).out)).toMatchObject({
    kind: 'monitor-changes',
    changes: [{ kind: 'gone' }, { kind: 'newly-untold' }, { kind: 'new' }],
  });
});

test('show prints a report as scan does', async () => {
  const { code, out } = await told('show', ids[0] ?? '');
  expect(code).toBe(1);
  expect(out).toContain('FAIL     open-relay');
  const json = await told('show', ids[2]?.slice(0, 8) ?? '', '--format', 'json');
  expect(JSON.parse(json.out) as Report).toEqual(mended);
});

test('diff compares two', async () => {
  const { code, out } = await told('diff', ids[0] ?? '', ids[2] ?? '', '--format', 'json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ kind: 'diff', summary: { better: 1, untold: 1 } });
});

test('export: all as lines, answers as a table', async () => {
  const lines = (await told('export')).out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  const count = (kind: string) => lines.filter((line) => line.kind === kind).length;
  expect({ runs: count('run'), spans: count('span'), changes: count('change'), incidents: count('incident') }).toEqual({
    runs: 3,
    spans: 4,
    changes: 3,
    // The relay, and that VRFY cannot be told any more, which is suspected.
    incidents: 2,
  });
  const table = (await told('export', 'mx', '--format', 'csv')).out.trimEnd().split('\n');
  expect(table[0]).toMatch(/^monitor,host,port,address,probe,verdict,/);
  expect(table).toHaveLength(5);
});

test('a backup is read like the store', async () => {
  const copy = join(mkdtempSync(join(tmpdir(), 'mxprobe-history-')), 'copy.db');
  expect(await told('backup', copy)).toEqual({ code: 0, out: '', err: '' });
  const { io, out } = world();
  await run(['monitor', 'runs', '--store', copy], io);
  expect(out()).toBe((await told('runs')).out);
  expect(readFileSync(copy).subarray(0, 15).toString()).toBe('SQLite format 3');
});

test('pause and resume', async () => {
  expect((await told('pause', 'new')).err).toContain('is paused');
  expect((await told('status', 'new')).out).toContain('paused new');
  expect((await told('resume', 'new')).code).toBe(0);
  expect((await told('status', 'new')).out).toContain('stale  new');
});

test.each<[string[], RegExp]>([
  [['status', 'mxx'], /the store knows no monitor "mxx" - did you mean mx\?; it knows mx, new/],
  [['status', 'mx', 'new'], /one monitor at a time/],
  [['show', 'zzz'], /there is no run "zzz"/],
  [['show'], /show takes one run/],
  [['runs', '--since', 'yesterday'], /--since: "yesterday" is no time/],
  [['stats'], /monitor has no "stats" - did you mean mxprobe monitor status\?/],
])('monitor %j is refused in one line', async (words, message) => {
  const { io, out, err } = world();
  const isCommand = words[0] !== 'stats';
  expect(await run(['monitor', ...words, ...(isCommand ? ['--store', file] : [])], io)).toBe(3);
  expect(err()).toMatch(message);
  expect(err().trimEnd().split('\n')).toHaveLength(1);
  expect(out()).toBe('');
});

test('a report that is not kept is said to be so', async () => {
  expect((await told('show', ids[1] ?? '')).err).toContain('is not kept, for it said nothing new');
});

test('a store that is not there is not made', async () => {
  const { io, err } = world();
  expect(await run(['monitor', 'status', '--store', `${file}.other`], io)).toBe(3);
  expect(err()).toMatch(/there is no store ".*other": mxprobe monitor run makes it\n$/);
});
