import { mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { cleanReport, world } from './fake-io.ts';

/** What only an unlucky or a hostile file system does. */
const odd = vi.hoisted(() => ({ nextName: null as Buffer | null, mayChown: true }));
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return { ...crypto, randomBytes: (size: number) => odd.nextName ?? crypto.randomBytes(size) };
});
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const fchownSync = (...args: Parameters<typeof fs.fchownSync>) => {
    if (!odd.mayChown) throw Object.assign(new Error('no'), { code: 'EPERM' });
    fs.fchownSync(...args);
  };
  // Everybody's files but our own are another user's.
  const statSync = (...args: Parameters<typeof fs.statSync>) => {
    const found = fs.statSync(...args);
    return odd.mayChown || found === undefined ? found : Object.assign(found, { uid: Number(found.uid) + 1 });
  };
  return { ...fs, fchownSync, statSync };
});

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxprobe-part-'));
  odd.nextName = null;
  odd.mayChown = true;
});

test('a link under the very name that was chosen is not followed', async () => {
  odd.nextName = Buffer.alloc(8, 7);
  const seen: string[] = [];
  const scan = async () => {
    seen.push(...readdirSync(folder));
    return cleanReport;
  };
  await run(['scan', 'example.com', '--output', join(folder, 'r')], world({ scan }).io);
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(folder, seen[0] ?? ''));
  const { io, err, scans } = world();
  expect(await run(['scan', 'example.com', '--output', join(folder, 'r')], io)).toBe(3);
  expect(err()).toMatch(/"[^"]*r" cannot be written: there is a file of that name already\n$/);
  expect([readFileSync(victim, 'utf8'), scans]).toEqual(['precious', []]);
});

test('an owner that cannot be kept is said, and the report is written', async () => {
  odd.mayChown = false;
  const file = join(folder, 'r.json');
  writeFileSync(file, 'old');
  const { io, err } = world();
  expect(await run(['scan', 'example.com', '--output', file], io)).toBe(0);
  expect(err()).toBe(`mxprobe: "${file}" belongs to another user, and will be ours\n`);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(cleanReport);
});
