import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import * as scanner from '../../src/scan-and-judge.ts';
import { openDatabase } from '../../src/store/database.ts';
import { lockStore } from '../../src/store/lock.ts';
import { openShared } from '../../src/store/sqlite-store.ts';
import { mta } from '../fakes/scripted-server.ts';
import { world } from './fake-io.ts';

/** A file of one monitor, and the program beside it. */
function watched(port: number, more = '') {
  const folder = mkdtempSync(join(tmpdir(), 'mxprobe-watch-'));
  const file = join(folder, 'mxprobe.yaml');
  const store = join(folder, 'mxprobe.db');
  const text = `web: { listen: none }
monitors:
  mx:
    targets: ['127.0.0.1:${port}']
    domain: example.test
    helo: probe.scanner.test
    vantage: outside
    private: true
${more}`;
  writeFileSync(file, text);
  const told = async (...words: string[]) => {
    const { io, out, err } = world();
    const code = await run(['monitor', ...words], { ...io, scanner: async () => scanner });
    return { code, out: out(), err: err() };
  };
  return { folder, file, store, text, told };
}

const probes = `schedules:
  scan: { every: 1h, probes: [hello, open-relay] }
`;

/** An open relay, until it is mended. */
function relay() {
  const state = { isOpen: true };
  const server = mta().onRcpt(() => (state.isOpen ? '250 2.1.5 Ok' : undefined));
  return { state, server };
}

test('what stays the same costs a run row; what is mended is told, and seen again', async () => {
  const { state, server } = relay();
  await using running = await server.start();
  const { file, store, told } = watched(running.port, probes);

  const first = await told('run', file, '--once');
  expect(first.err).toBe('');
  expect(first.code).toBe(1);
  expect(first.out).toMatch(
    /^\S+ \S+Z mx scan, run [0-9a-f]{8}: 1 failure, .*exit 1; NEW open-relay at 127\.0\.0\.1:\d+\n$/,
  );
  await using seen = await openShared(store);
  const spans = await seen.openSpans();
  expect(await told('run', file, '--once')).toEqual({ code: 0, out: '', err: '' });

  expect((await told('now', 'mx', '--file', file)).code).toBe(1);
  expect(await seen.runs({})).toHaveLength(2);
  const again = await seen.openSpans();
  expect(again.map(({ firstRun }) => firstRun)).toEqual(spans.map(({ firstRun }) => firstRun));
  expect(await seen.changes({})).toHaveLength(1);

  state.isOpen = false;
  const mended = await told('now', 'mx', '--file', file);
  expect(mended.code).toBe(0);
  expect(mended.out).toContain('; gone open-relay at 127.0.0.1');
  expect((await seen.changes({}))[0]).toMatchObject({
    kind: 'gone',
    before: { verdict: 'fail' },
    after: { verdict: 'pass' },
  });
  const status = await told('status', '--store', store);
  expect(status.code).toBe(0);
  expect(status.out).toMatch(/^ok {5}mx {2}no failure; run [0-9a-f]{8} \d+ seconds? ago; next in/);
  // Each run said the same as the one before, or is kept.
  const runs = await seen.runs({});
  expect((await told('diff', runs[2]?.id ?? '', runs[0]?.id ?? '', '--store', store)).out).toContain('gone');
  expect(running.withoutQuit).toEqual([]);
});

test('a second one on the same store gets one line, and may ask for a scan', async () => {
  await using running = await mta().start();
  const { file, store, told } = watched(running.port, probes);
  await told('run', file, '--once');
  using _other = lockStore(store);
  expect(await told('run', file)).toEqual({
    code: 3,
    out: '',
    err: `mxprobe: another mxprobe monitor run is at work on the store "${store}": end it, or give this one its own\n`,
  });
  const asked = await told('now', 'mx', '--file', file);
  expect({ code: asked.code, err: asked.err }).toMatchObject({
    code: 0,
    err: expect.stringMatching(/run [0-9a-f]{8} is begun by the mxprobe monitor run that is at work/),
  });
  expect((await told('now', 'mx', '--file', file)).code).toBe(3);
});

test('a file with mistakes is not run', async () => {
  const { file, told } = watched(25, 'schedules: { scan: { every: 1 hour } }\n');
  const { code, out, err } = await told('run', file, '--once');
  expect({ code, out }).toEqual({ code: 3, out: '' });
  expect(err).toMatch(/mxprobe\.yaml:\d+:\d+: /);
});

/** The program as a process of its own; `most`: kB that a file of it may have. */
function started(file: string, most?: number) {
  const words = [process.execPath, join(process.cwd(), 'dist/src/cli/main.js'), 'monitor', 'run', file];
  const limited = ['bash', '-c', `ulimit -S -f ${most}; exec "$@"`, 'bash', ...words];
  const [command = '', ...rest] = most === undefined ? words : limited;
  const child = spawn(command, rest);
  let said = '';
  const take = (piece: Buffer) => {
    said += piece;
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const ended = new Promise<number | null>((over) => child.on('exit', over));
  const hears = async (words: RegExp) => {
    while (!words.test(said)) {
      if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
      await new Promise((over) => setTimeout(over, 20));
    }
  };
  return { child, ended, hears, said: () => said };
}

test('who is to be told is told, when something fails and when it is mended, and once', async () => {
  const { state, server } = relay();
  await using running = await server.start();
  const mails = join(mkdtempSync(join(tmpdir(), 'mxprobe-told-')), 'mails');
  const more = `${probes}defaults: { confirm: 0s }
channels: { log: { exec: { command: [sh, -c, '(cat; echo) >> ${mails}'] } } }
`;
  const { file, told } = watched(running.port, more);
  await told('run', file, '--once');
  await told('run', file, '--once');
  await told('now', 'mx', '--file', file);
  state.isOpen = false;
  await told('now', 'mx', '--file', file);
  const heard = readFileSync(mails, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(heard.map(({ what }) => what)).toEqual(['opened', 'closed']);
  expect(heard[0].items[0].incident).toMatchObject({ probe: 'open-relay', severity: 'critical', before: null });
  expect(heard[1].items[0].incident).toMatchObject({
    closedBecause: 'recovered',
    before: { verdict: 'fail' },
    now: { verdict: 'pass' },
  });
});

/** The first of the pages, asked for at a socket. */
function pageAt(socketPath: string): Promise<string> {
  return new Promise((come, fail) => {
    const asked = request({ socketPath, path: '/', headers: { Host: 'localhost' } }, async (answer) => {
      let html = '';
      for await (const piece of answer) html += piece;
      come(html);
    });
    asked.on('error', fail);
    asked.end();
  });
}

describe('a process', () => {
  test('serves pages, and beats, while it watches', async () => {
    const beats: string[] = [];
    const other = createServer((request, response) => {
      beats.push(request.url ?? '');
      response.end();
    });
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    await using running = await mta().start();
    const { file, folder, text } = watched(running.port, `${probes}heartbeat: http://127.0.0.1:${port}/ping/1\n`);
    const socketPath = join(folder, 'pages');
    writeFileSync(file, text.replace('listen: none', `listen: 'unix:${socketPath}'`));
    const { child, ended, hears } = started(file);
    await hears(/exit 0/);
    expect(await pageAt(socketPath)).toContain('<h1>Monitors</h1><p class="gist">');
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(beats).toEqual(['/ping/1']);
    other.close();
  });

  test('serves its pages elsewhere when the file says so, and stays where they are when it cannot', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    await using running = await mta().start();
    const { file, folder, text } = watched(running.port, probes);
    const writes = (listen: string) => writeFileSync(file, text.replace('listen: none', `listen: '${listen}'`));
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    writes(`unix:${first}`);
    const { child, ended, hears, said } = started(file);
    await hears(/exit 0/);
    const again = async (listen: string, words: RegExp) => {
      writes(listen);
      child.kill('SIGHUP');
      await hears(words);
    };
    await again(`unix:${second}`, /the pages are at unix:\S+second\n.* is in force/s);
    expect(await pageAt(second)).toContain('<h1>Monitors</h1>');
    await expect(pageAt(first)).rejects.toThrow();
    await again(`127.0.0.1:${port}`, /another program listens there; .*: the file in force stays in force/);
    expect(await pageAt(second)).toContain('<h1>Monitors</h1>');
    await again('none', /is in force\n.*is in force/s);
    await expect(pageAt(second)).rejects.toThrow();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said().match(/the pages are at/g)).toHaveLength(3);
    other.close();
  });

  test('that is ended in mid scan says QUIT, is gone within 5 s, and the run is taken up again', async () => {
    let isSlow = true;
    let rcpts = 0;
    const server = mta().onRcpt(() => {
      rcpts += 1;
      return isSlow ? null : undefined;
    });
    await using running = await server.start();
    const { file, store, told } = watched(running.port, probes);
    const { child, ended, hears } = started(file);
    await hears(/watching 1 monitor/);
    while (rcpts === 0) await new Promise((over) => setTimeout(over, 20));
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(5000);
    expect(running.withoutQuit).toEqual([]);
    await using seen = await openShared(store);
    expect(await seen.runs({})).toMatchObject([{ state: 'queued', attempt: 0 }]);
    isSlow = false;
    expect(await told('run', file, '--once')).toMatchObject({ code: 0 });
    expect(await seen.runs({})).toMatchObject([{ state: 'done', attempt: 1 }]);
  });

  test('says once that the disk is full, and loses nothing: it goes on when there is room', async () => {
    await using running = await mta().start();
    const { file, store } = watched(running.port, probes.replace('1h', '10s'));
    // Files may not get larger than this many kB, for this process; the rest of the machine has room.
    const { child, ended, hears, said } = started(file, 360);
    await hears(/cannot be used: the disk/);
    await promisify(execFile)('prlimit', ['--fsize=unlimited', '--pid', String(child.pid)]);
    const before = said().match(/exit 0/g)?.length ?? 0;
    while ((said().match(/exit 0/g)?.length ?? 0) < before + 1) await new Promise((over) => setTimeout(over, 50));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(said().match(/cannot be used/g)).toHaveLength(1);
    await using seen = await openShared(store);
    const runs = await seen.runs({});
    expect(runs.filter(({ state }) => state !== 'done' && state !== 'queued')).toEqual([]);
    const opened = openDatabase(store, { make: false });
    const { rows } = await sql`pragma integrity_check`.execute(opened.db);
    await opened.close();
    expect(rows).toEqual([{ integrityCheck: 'ok' }]);
  });

  test('reads its file again on SIGHUP; one with mistakes changes nothing', async () => {
    await using running = await mta().start();
    const { file, text, store } = watched(running.port, probes);
    const { child, ended, hears, said } = started(file);
    await hears(/exit 0/);
    writeFileSync(file, `${text}nonsense: true\n`);
    child.kill('SIGHUP');
    await hears(/the file in force stays in force/);
    expect(said()).toMatch(/mxprobe\.yaml:\d+:\d+: .*nonsense/);
    writeFileSync(file, text.replace('  mx:', '  other:'));
    child.kill('SIGHUP');
    await hears(/is in force\n.* other scan, run/s);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    await using seen = await openShared(store);
    expect((await seen.monitors()).map(({ id, state }) => [id, state])).toEqual([
      ['mx', 'retired'],
      ['other', 'active'],
    ]);
  });
});
