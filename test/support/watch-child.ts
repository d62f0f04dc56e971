/**
 * A process that watches, to be killed: three monitors that are due five times a second, scans that really connect, and
 * answers that change every second or so. `node child.js <store> [end|points]`; with `end` it scans what is left, tells
 * what there is to tell, and ends; with `points` it ends after two seconds, and prints every statement that writes.
 *
 * WORLD_PORT: where the world is that counts scans and takes alerts. CRASH: where to die, as JSON.
 */
import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type LibSql from 'libsql';
import type { Run } from '../../src/monitor/run.ts';
import { type Plan, type WatchParts, watch, watchOnce } from '../../src/monitor/watch.ts';
import { localDispatch } from '../../src/store/dispatch.ts';
import { localLeases } from '../../src/store/leases.ts';
import { lockStore } from '../../src/store/lock.ts';
import { openOwned } from '../../src/store/sqlite-store.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { alertRules } from './alerts.ts';
import { dueEvery } from './due-every.ts';

/** Where a life ends: the nth time that this is about to happen, or has happened. */
export interface Crash {
  readonly what: string;
  readonly when: 'before' | 'after';
  readonly nth: number;
}

/** What it says when it dies where it was to: who is killed for being late has not said it. */
const reached = 'here\n';

const crash: Crash | null = process.env.CRASH === undefined ? null : JSON.parse(process.env.CRASH);
const points = new Set<string>();
let times = 0;

function passes(what: string, when: Crash['when']): void {
  points.add(what);
  if (crash === null || crash.what !== what || crash.when !== when) return;
  times += 1;
  if (times !== crash.nth) return;
  writeSync(1, reached);
  process.kill(process.pid, 'SIGKILL');
}

/** Every statement that writes passes by here, and the code of the store knows nothing of it. */
const Driver = createRequire(import.meta.url)('libsql') as typeof LibSql;
const { prepare } = Driver.prototype;
Driver.prototype.prepare = function (this: LibSql.Database, sql: string) {
  const statement = prepare.call(this, sql);
  if (!/^\s*(begin|commit|insert|update|delete|create|pragma \w+ =)/i.test(sql)) return statement;
  const what = sql.replace(/\s+/g, ' ').replace(/= \d+/g, '= n');
  return new Proxy(statement, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'run' && name !== 'all') return value.bind(target);
      return (...values: unknown[]) => {
        passes(what, 'before');
        const result = value.apply(target, values);
        passes(what, 'after');
        return result;
      };
    },
  });
} as typeof prepare;

const period = 200;
const [, , file = '', mode] = process.argv;
const worldPort = Number(process.env.WORLD_PORT);
const year = 365 * 86_400_000;
const day = 86_400_000;

/** Says something to the world, and waits for its answer. */
function tells(line: string, during = 0): Promise<void> {
  return new Promise((done, fail) => {
    const socket = connect(worldPort, '127.0.0.1', () => socket.write(`${line}\n`));
    socket.once('data', () => setTimeout(() => socket.end(), during));
    socket.on('close', () => done());
    socket.on('error', fail);
  });
}

const lock = lockStore(file);
if (lock === null) throw new Error('somebody else has the lock');
const store = await openOwned(file);
const now = Date.now();
await store.recover(now);

const leases = localLeases();
/** Two monitors are about one address. */
const addressOf = (monitor: string) => (monitor === 'c' ? '192.0.2.2' : '192.0.2.1');

/** One question that comes and goes, one that is broken for good, one that is well, and one that is new every time. */
function said(monitor: string) {
  const at = Date.now();
  const isWell = Math.floor(at / 700) % 2 === 0;
  return report([
    endpointReport([
      finding('vrfy', isWell ? 'pass' : 'fail'),
      finding(`${monitor}-broken`, 'fail'),
      finding(`${monitor}-steady`, 'pass'),
      finding(`new-${Math.floor(at / 1400)}`, isWell ? 'fail' : 'pass'),
    ]),
  ]);
}

const plan: Plan = {
  monitors: ['a', 'b', 'c'].map((id) => ({ id, spec: '{}', schedules: [{ name: 'scan', spec: '200 ms' }] })),
  times: { ...dueEvery(period), first: (_monitor, _schedule, at) => Math.ceil(at / period) * period },
  retention: { runs: year, changes: year, reports: day },
  async scan({ monitor }: Run, signal) {
    const lease = await leases.take(addressOf(monitor), signal);
    // Who was stopped while it waited holds nothing, and asks nothing.
    if (!signal.aborted) await tells(`scan ${file} ${addressOf(monitor)}`, Math.random() * 60);
    lease[Symbol.dispose]();
    return said(monitor);
  },
  deadline: () => 60_000,
  hearing: () => ({ alertOn: 'medium', confirm: 0, recover: 1 }),
  alerts: () => alertRules({ mostAnHour: Number.POSITIVE_INFINITY }),
};

const parts: WatchParts = {
  store,
  clock: { now: Date.now, wait: (ms, signal) => delay(ms === 1000 ? 50 : ms, undefined, { signal }).catch(() => {}) },
  plan: () => plan,
  dispatch: localDispatch(3),
  signal: mode === 'points' ? AbortSignal.timeout(2000) : new AbortController().signal,
  async send({ id, message }) {
    passes('send', 'before');
    await tells(`alert ${file} ${id} ${message.kind}`);
    passes('send', 'after');
  },
  onRun: () => {},
  onTrouble: ({ message }) => process.stderr.write(`${message}\n`),
};

/** What only a stop brings about is not met by a life that is killed. */
let untilStopped: readonly string[] = [];
parts.signal.addEventListener('abort', () => {
  untilStopped = [...points];
});

await store.mirror(plan.monitors, now);
process.stdout.write('ready\n');
if (mode === 'end') {
  await watchOnce(parts);
  // What was told is settled in the next round.
  await store.planAlerts(Date.now(), plan.alerts);
} else await watch(parts);
if (mode === 'points') process.stdout.write(JSON.stringify(untilStopped));
await store[Symbol.asyncDispose]();
