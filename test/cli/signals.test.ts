import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { badReport } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const report = JSON.stringify({ ...badReport, endpoints: Array(25_000).fill(badReport.endpoints).flat() });
const saved = file('report.json', report);
const main = file(
  'main.cf',
  `compatibility_level = 3.6\n${many(600_000, (at) => `c${at} = $c${at + 1} $mynetworks\n`)}`,
);
const policy = file('policy.yaml', `waivers:\n${'- {probe: vrfy, until: 2030-01-01, reason: x}\n'.repeat(11_000)}`);
const targets = file(
  'targets',
  many(99_999, (at) => `mx${at}.example.com\n`),
);

/** In hundredths of a second. */
function processorTime(pid: number): number {
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13);
  return Number(user) + Number(system);
}

/** Starts the program, and ends it in the middle of its work. */
async function ended(argv: readonly string[], busyFor: number) {
  const child = spawn(process.execPath, [join(process.cwd(), 'dist/src/cli/main.js'), ...argv], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const exit = new Promise<[number | null, string | null]>((resolve) =>
    child.on('exit', (code, signal) => resolve([code, signal])),
  );
  while (child.exitCode === null && processorTime(child.pid ?? 0) < busyFor) await delay(10);
  const began = performance.now();
  child.kill('SIGTERM');
  const [code, signal] = await exit;
  return { code, signal, err, milliseconds: performance.now() - began };
}

describe('SIGTERM is heard within a second, in the middle of a computation too', () => {
  test.each<[string, number, string[]]>([
    ['a saved report of many megabytes', 40, ['judge', saved]],
    ['a large main.cf', 40, ['verify', '--postconf', main, '--report', saved]],
    ['a policy as large as may be', 40, ['scan', '--plan', '--policy', policy, 'mx.example.com']],
    ['as many targets as may be', 40, ['scan', '--plan', `@${targets}`]],
  ])('%s', async (_, busyFor, argv) => {
    const { code, signal, err, milliseconds } = await ended(argv, busyFor);
    expect({ code, signal, err }).toEqual({ code: null, signal: 'SIGTERM', err: '' });
    expect(milliseconds).toBeLessThan(1000);
  });

  test('and a file that is not whole yet does not stay', async () => {
    const out = mkdtempSync(join(tmpdir(), 'mxprobe-'));
    const { signal, milliseconds } = await ended(['judge', saved, '--output', join(out, 'report.txt')], 60);
    expect(signal).toBe('SIGTERM');
    expect(readdirSync(out)).toEqual([]);
    expect(milliseconds).toBeLessThan(1000);
  });
});
