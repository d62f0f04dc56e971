import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { cleanReport, world } from './fake-io.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
  file = join(folder, 'report.json');
});

test('goes to the file, whole, and not to stdout', async () => {
  const { io, out } = world({ terminal: true });
  expect(await run(['scan', 'example.com', '--format', 'json', '--output', file], io)).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(cleanReport);
  expect(out()).toBe('');
  expect(readdirSync(folder)).toEqual(['report.json']);
});

test('for people has no colours in a file', async () => {
  const { io } = world({ terminal: true });
  await run(['scan', 'example.com', '--output', file], io);
  expect(readFileSync(file, 'utf8')).not.toContain('\x1b');
});

test('is not there before the scan is done, and the old one stays until then', async () => {
  writeFileSync(file, 'old');
  const { io } = world({
    scan: async () => {
      expect(readFileSync(file, 'utf8')).toBe('old');
      return cleanReport;
    },
  });
  await run(['scan', 'example.com', '--format', 'ndjson', '--output', file], io);
  expect(readFileSync(file, 'utf8')).not.toBe('old');
});

test('leaves nothing behind when the scan breaks down', async () => {
  writeFileSync(file, 'old');
  const { io } = world({
    scan: async () => {
      throw new Error('bug');
    },
  });
  expect(await run(['scan', 'example.com', '--output', file], io)).toBe(3);
  expect(readFileSync(file, 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['report.json']);
  expect(io.cleanups.size).toBe(0);
});

test('can be cleaned up by whoever kills us', async () => {
  const { io } = world({
    scan: async () => {
      for (const cleanup of io.cleanups) cleanup();
      expect(readdirSync(folder)).toEqual([]);
      throw new Error('killed');
    },
  });
  await run(['scan', 'example.com', '--output', file], io);
});

test('follows a link and leaves it a link', async () => {
  writeFileSync(file, 'old');
  const link = join(folder, 'link');
  symlinkSync(file, link);
  await run(['scan', 'example.com', '--format', 'json', '--output', link], world().io);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(cleanReport);
  expect(JSON.parse(readFileSync(link, 'utf8'))).toEqual(cleanReport);
});

test('to a device writes to the device, and does not take its place', async () => {
  const { io } = world();
  expect(await run(['scan', 'example.com', '--output', '/dev/null'], io)).toBe(0);
  expect(readFileSync('/dev/null', 'utf8')).toBe('');
});

describe('a file of other people', () => {
  const scanTo = (path: string, io = world().io) =>
    run(['scan', 'example.com', '--format', 'json', '--output', path], io);

  test('keeps its mode and its owner', async () => {
    const [uid, gid] = process.getuid?.() === 0 ? [12_345, 23_456] : [statSync(folder).uid, statSync(folder).gid];
    writeFileSync(file, 'old');
    chownSync(file, uid, gid);
    chmodSync(file, 0o604);
    await scanTo(file);
    const { mode, ...kept } = statSync(file);
    expect([mode & 0o777, kept.uid, kept.gid]).toEqual([0o604, uid, gid]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(cleanReport);
  });

  test('that is new has the mode that the user wants of new files', async () => {
    await scanTo(file);
    expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask());
  });

  test('is not written through a link that was put in our way', async () => {
    const victim = join(folder, 'victim');
    writeFileSync(victim, 'precious');
    symlinkSync(victim, join(folder, `.report.json.${process.pid}.part`));
    await scanTo(file);
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  });

  test('a link that leads nowhere is refused, and stays', async () => {
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'nowhere'), link);
    const { io, err, scans } = world();
    expect(await scanTo(link, io)).toBe(3);
    expect(err()).toBe(`mxprobe: --output: "${link}" cannot be written: it is a symbolic link that leads nowhere\n`);
    expect([lstatSync(link).isSymbolicLink(), existsSync(join(folder, 'nowhere')), scans]).toEqual([true, false, []]);
  });

  test('links in a circle are refused', async () => {
    symlinkSync(file, `${file}2`);
    symlinkSync(`${file}2`, file);
    const { io, err } = world();
    expect(await scanTo(file, io)).toBe(3);
    expect(err()).toContain('too many symbolic links');
  });
});

describe('a name', () => {
  const named = async (length: number) => {
    const name = join(folder, `${'r'.repeat(length - '.json'.length)}.json`);
    const { io, err, scans } = world();
    return {
      code: await run(['scan', 'example.com', '--output', name], io),
      err: err(),
      scans,
      there: existsSync(name),
    };
  };

  test('may be as long as the file system takes', async () => {
    expect(await named(255)).toMatchObject({ code: 0, err: '', there: true });
  });

  test('that is longer is refused before the scan', async () => {
    const { code, err, scans } = await named(256);
    expect([code, scans]).toEqual([3, []]);
    expect(err).toContain('cannot be written: the name is too long');
  });

  test('behind a folder that is a link is the same file', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync(join(folder, 'real'), join(folder, 'alias'));
    const pairs = ['--output', join(folder, 'real', 'r.json'), '--output', join(folder, 'alias', 'r.json')];
    const { io, err } = world();
    expect(await run(['scan', 'example.com', ...pairs], io)).toBe(3);
    expect(err()).toContain('is named twice');
  });
});

describe('what a process that was killed left behind', () => {
  const main = join(process.cwd(), 'dist/src/cli/main.js');
  const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));
  const killed = async (child: ChildProcess) => {
    if (child.signalCode !== null) return;
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGKILL');
    await closed;
  };

  test('is cleaned up by the next scan into that folder; what a living one writes stays', async () => {
    // Nobody says a word there, so that the scan lasts; what has happened so far is written at once.
    const silent = createServer().listen(0, '127.0.0.1');
    await new Promise((listening) => silent.on('listening', listening));
    const address = silent.address();
    const target = `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    const child = spawn(process.execPath, [main, 'scan', target, '--format', 'ndjson', '--output', file], {
      stdio: 'ignore',
    });
    try {
      await expect.poll(parts, { timeout: 20_000 }).toHaveLength(1);
      const [alive] = parts();
      await run(['scan', 'example.com', '--output', `${file}2`], world().io);
      expect(parts()).toEqual([alive]);
      await killed(child);
      expect(parts()).toEqual([alive]);
      await run(['scan', 'example.com', '--output', `${file}2`], world().io);
      expect(readdirSync(folder)).toEqual(['report.json2']);
    } finally {
      await killed(child);
      silent.close();
    }
  });
});
