import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
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
