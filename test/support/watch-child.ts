/**
 * A process that watches, to be killed: three monitors that are due five times a second, scans that take up to 150 ms,
 * and answers that change every second or so. `node child.js <store> [end]`; with `end` it scans what is left, and ends.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../src/monitor/run.ts';
import { type Plan, type WatchParts, watch, watchOnce } from '../../src/monitor/watch.ts';
import { localDispatch } from '../../src/store/dispatch.ts';
import { lockStore } from '../../src/store/lock.ts';
import { openOwned } from '../../src/store/sqlite-store.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { unsent, untold } from './alerts.ts';

const period = 200;
const [, , file = '', end] = process.argv;

const lock = lockStore(file);
if (lock === null) throw new Error('somebody else has the lock');
const store = await openOwned(file);
const now = Date.now();
await store.recover(now);
const year = 365 * 86_400_000;
const day = 86_400_000;

const said = (monitor: string) => {
  const verdict = Math.floor(Date.now() / 700) % 2 === 0 ? 'pass' : 'fail';
  return report([endpointReport([finding('vrfy', verdict), finding(`${monitor}-steady`, 'pass')])]);
};

const plan: Plan = {
  monitors: ['a', 'b', 'c'].map((id) => ({ id, spec: '{}', schedules: [{ name: 'scan', spec: '200 ms' }] })),
  times: {
    first: (_monitor, _schedule, at) => Math.ceil(at / period) * period,
    after: (_monitor, _schedule, due) => due + period,
    start: (_monitor, _schedule, _due, at) => at,
    catchesUp: () => true,
  },
  retention: { runs: year, changes: year, reports: day },
  async scan({ monitor }: Run) {
    await delay(Math.random() * 150);
    return said(monitor);
  },
  deadline: () => 60_000,
  ...untold,
};

const parts: WatchParts = {
  store,
  clock: { now: Date.now, wait: (ms, signal) => delay(ms === 1000 ? 50 : ms, undefined, { signal }).catch(() => {}) },
  plan: () => plan,
  dispatch: localDispatch(3),
  signal: new AbortController().signal,
  send: unsent,
  onRun: () => {},
  onTrouble: ({ message }) => process.stderr.write(`${message}\n`),
};

await store.mirror(plan.monitors, now);
process.stdout.write('ready\n');
if (end === undefined) await watch(parts);
else await watchOnce(parts);
await store[Symbol.asyncDispose]();
