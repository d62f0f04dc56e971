import { chownSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { openAside } from '../../src/cli/aside.ts';

/** What only an unlucky or a hostile file system does. */
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxprobe-aside-'));
});

test('a link under the very name that was chosen is not followed', () => {
  const unforeseen = '0123456789abcdef';
  const first = openAside(join(folder, 'r'), { unforeseen });
  const [name = ''] = readdirSync(folder);
  expect(name).toContain(unforeseen);
  first.remove();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'precious');
  symlinkSync(victim, join(folder, name));
  expect(() => openAside(join(folder, 'r'), { unforeseen })).toThrow(/EEXIST/);
  expect(readFileSync(victim, 'utf8')).toBe('precious');
});

test('an owner that cannot be kept is known, and the file takes its place all the same', () => {
  const file = join(folder, 'r.json');
  writeFileSync(file, 'old');
  // Only root can make a file another user's.
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(file, 12_345, statSync(file).gid);
  const chown = () => {
    throw new Error('EPERM');
  };
  const aside = openAside(file, { chown });
  expect(aside.keepsOwner).toBe(!isRoot);
  aside.write('new');
  aside.keep();
  expect(readFileSync(file, 'utf8')).toBe('new');
});
