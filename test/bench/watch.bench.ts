import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openShared } from '../../src/store/sqlite-store.ts';
import { addressesOf, startFarm } from './farm.ts';

const minutes = Number(process.env.MINUTES ?? 10);
const count = 500;

/** What a process has used so far: seconds of processor time, and MB of memory. */
function usedBy(pid: number): { seconds: number; mb: number } {
  const [user = 0, system = 0] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
    .map(Number);
  const [, kb = 0] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { seconds: (user + system) / 100, mb: Math.round(Number(kb) / 1024) };
}

test(`${count} monitors, every minute, for ${minutes} minutes`, async () => {
  const farm = await startFarm();
  const folder = mkdtempSync(join(tmpdir(), 'mxprobe-watch-bench-'));
  const file = join(folder, 'mxprobe.yaml');
  const store = join(folder, 'mxprobe.db');
  const monitors = addressesOf(farm.port, count).map(
    (target, nth) => `  m${nth}: { targets: ['${target}'], private: true, domain: example.test }`,
  );
  writeFileSync(
    file,
    `web: { listen: none }\nschedules: { scan: { every: 1m } }\ndefaults: { helo: scanner.example.com, vantage: outside }\nmonitors:\n${monitors.join('\n')}\n`,
  );
  const child = spawn(process.execPath, ['dist/src/cli/main.js', 'monitor', 'run', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const pid = child.pid ?? 0;
  const began = Date.now();
  // Monitors that are new are due at once, all of them: what is measured comes after that.
  await delay(90_000);
  const first = { ...usedBy(pid), at: Date.now(), bytes: statSync(store).size };
  const sizes: number[] = [];
  while (Date.now() < began + minutes * 60_000) {
    await delay(5000);
    sizes.push(usedBy(pid).mb);
  }
  const last = { ...usedBy(pid), at: Date.now(), bytes: statSync(store).size };
  child.kill('SIGTERM');
  await new Promise((over) => child.on('exit', over));
  await farm[Symbol.asyncDispose]();
  await using opened = await openShared(store);
  const all = await opened.runs({});
  const runs = all.filter(({ dueAt, startedAt }) => dueAt > first.at && startedAt !== null);
  const late = runs.map(({ dueAt, startedAt }) => ((startedAt ?? 0) - dueAt) / 1000).toSorted((a, b) => a - b);
  const worst = late.at(-1) ?? Number.NaN;
  const peak = Math.max(...sizes);
  const spans = (await opened.openSpans()).length;
  console.log(
    [
      `${runs.length} runs of ${count} monitors in ${((last.at - first.at) / 60_000).toFixed(1)} min`,
      `late by ${worst.toFixed(1)} s at most, ${(late[Math.floor(late.length * 0.99)] ?? 0).toFixed(1)} s of 99 %`,
      `memory ${first.mb} to ${last.mb} MB, ${peak} MB at most`,
      `processor ${((100 * (last.seconds - first.seconds)) / ((last.at - first.at) / 1000)).toFixed(0)} % of one`,
      `${((last.bytes - first.bytes) / runs.length).toFixed(0)} bytes a run (${(last.bytes / 1e6).toFixed(1)} MB, ${spans} spans)`,
    ].join('; '),
  );
  expect(all.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(worst).toBeLessThan(5);
  expect(peak).toBeLessThan(250);
});
