import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { readPlugin } from '../unit/report/plugin-output.ts';
import { badReport, cleanReport, world } from './fake-io.ts';

const mediumReport = report([endpointReport([finding('vrfy', 'fail')])]);
const untoldReport = report([endpointReport([finding('vrfy', 'inconclusive', { doubt: 'timeout' })])]);

test.each([
  [cleanReport, 0, 0],
  [mediumReport, 1, 1],
  [badReport, 2, 1],
  [untoldReport, 3, 2],
])('on stdout, the exit code is that of a plugin and says what the line says', async (whole, asPlugin, asScan) => {
  const { io, out, err } = world({ scan: async () => whole });
  expect(await run(['scan', 'example.com', '--format', 'nagios'], io)).toBe(asPlugin);
  expect(readPlugin(out()).state).toBe(asPlugin);
  expect(err()).toBe('');
  const stdin = JSON.stringify(whole);
  expect(await run(['judge', '-', '--format', 'nagios'], world({ stdin }).io)).toBe(asPlugin);
  expect(await run(['scan', 'example.com'], world({ scan: async () => whole }).io)).toBe(asScan);
});

test('in a file, the exit code stays that of scan', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mxprobe-')), 'status');
  const { io, out } = world({ scan: async () => badReport });
  expect(await run(['scan', 'example.com', '--format', 'nagios', '--output', file, '--format', 'json'], io)).toBe(1);
  expect(readPlugin(readFileSync(file, 'utf8')).state).toBe(2);
  expect(JSON.parse(out())).toEqual(badReport);
});

test.each([
  ['a target that is none', ['scan', 'example..com', '--format', 'nagios']],
  ['an unknown option', ['scan', 'example.com', '--format=nagios', '--nonsense']],
  ['two formats on stdout', ['scan', 'example.com', '--format', 'nagios', '--format', 'json']],
])('%s is UNKNOWN on stdout as well, for a monitor reads nothing else', async (_, argv) => {
  const { io, out, err, scans } = world();
  expect(await run(argv, io)).toBe(3);
  expect(readPlugin(out()).state).toBe(3);
  expect(err()).toMatch(/^mxprobe: [^\n]+\n$/);
  expect(scans).toEqual([]);
});

test('so is a bug of ours', async () => {
  const { io, out } = world({
    scan: async () => {
      throw new Error('x | y');
    },
  });
  expect(await run(['scan', 'example.com', '--format', 'nagios'], io)).toBe(3);
  expect(out()).toBe('MXPROBE UNKNOWN - internal error: x \\x7c y\n');
});

test('bad usage keeps stdout empty where the line would go to a file', async () => {
  const { io, out } = world();
  expect(await run(['scan', 'example..com', '--output', 'status', '--format', 'nagios'], io)).toBe(3);
  expect(out()).toBe('');
});

test('the list of what there is keeps to 80 columns', async () => {
  const { io, out } = world();
  expect(await run(['monitor', '--help'], io)).toBe(0);
  const rows = out()
    .split('\n')
    .filter((line) => /^ *[a-z-]+ .* {2}/.test(line));
  expect(rows.length).toBeGreaterThan(15);
  const { monitorRows } = await import('../../src/cli/monitor/rows.ts');
  for (const { name, about } of monitorRows)
    expect(out()).toMatch(new RegExp(`^ *${name} .*${about.slice(-20)}$`, 'm'));
});
