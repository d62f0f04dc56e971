import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type LibSql from 'libsql';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import type { Clock } from '../../../src/monitor/clock.ts';
import type { Store } from '../../../src/monitor/store.ts';
import { type Ended, type Plan, watch, watchOnce } from '../../../src/monitor/watch.ts';
import { localDispatch } from '../../../src/store/dispatch.ts';
import { openOwned } from '../../../src/store/sqlite-store.ts';
import { unsent, untold } from '../../support/alerts.ts';
import { dueEvery } from '../../support/due-every.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

const minute = 60_000;
const start = Date.parse('2026-11-02T00:00:00Z');
const passing = report([endpointReport([finding('vrfy', 'pass')])]);
const failing = report([endpointReport([finding('vrfy', 'fail')])]);

const schedules = [{ name: 'scan', spec: 'every 1m' }];
const plan = (scan: Plan['scan'], parts: Partial<Plan> = {}): Plan => ({
  monitors: ['mx', 'submit'].map((id) => ({ id, spec: '{}', schedules })),
  times: dueEvery(minute),
  retention: { runs: 90 * 24 * 60 * minute, changes: 90 * 24 * 60 * minute, reports: 90 * 24 * 60 * minute },
  scan,
  deadline: () => 15 * minute,
  ...untold,
  ...parts,
});

/** A clock that is ahead by a second whenever the loop waits for one; longer waits are never over. */
function quickClock(from = start): Clock & { at: number } {
  const clock = {
    at: from,
    now: () => clock.at,
    wait: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((over) => {
        const end = () => over();
        signal.addEventListener('abort', end, { once: true });
        if (milliseconds > 1000) return;
        setImmediate(() => {
          clock.at += milliseconds;
          signal.removeEventListener('abort', end);
          over();
        });
      }),
  };
  return clock;
}

async function opened(monitors: Plan['monitors']): Promise<Store> {
  const store = await openOwned(join(mkdtempSync(join(tmpdir(), 'mxprobe-watch-')), 'mxprobe.db'));
  await store.mirror(monitors, start);
  return store;
}

function partsOf(store: Store, said: Plan, signal: AbortSignal, clock: Clock = quickClock()) {
  const ended: Ended[] = [];
  const troubles: string[] = [];
  return {
    ended,
    troubles,
    store,
    clock,
    plan: () => said,
    dispatch: localDispatch(2),
    signal,
    send: unsent,
    onRun: (one: Ended) => ended.push(one),
    onTrouble: ({ message }: UsageError) => troubles.push(message),
  };
}

const never = new AbortController().signal;

describe('once', () => {
  test('scans what is due, and no more', async () => {
    const said = plan(async ({ monitor }) => (monitor === 'mx' ? failing : passing));
    await using store = await opened(said.monitors);
    const parts = partsOf(store, said, never, { now: () => start, wait: (_, signal) => aborted(signal) });
    await watchOnce(parts);
    await watchOnce(parts);
    expect(parts.ended.map(({ run, report: whole }) => [run.monitor, whole?.summary.exitCode]).toSorted()).toEqual([
      ['mx', 1],
      ['submit', 0],
    ]);
  });

  test('gives an error of ours three tries', async () => {
    const said = plan(async () => {
      throw new Error('no such thing');
    });
    await using store = await opened(said.monitors.slice(0, 1));
    const clock = quickClock();
    const parts = partsOf(store, said, never, clock);
    await watchOnce(parts);
    expect(parts.ended.map(({ state, because }) => [state, because])).toEqual([
      ['queued', 'no such thing'],
      ['queued', 'no such thing'],
      ['failed', 'no such thing'],
    ]);
    expect(parts.ended.map(({ run }) => (run.startedAt ?? 0) - start)).toEqual([0, 10_000, 70_000]);
  });

  test('says so where the store takes nothing', async () => {
    const said = plan(async () => passing);
    await using store = await opened(said.monitors);
    const full = { ...store, record: () => Promise.reject(new UsageError('the disk is full')) };
    await expect(watchOnce(partsOf(full, said, never))).rejects.toThrow('the disk is full');
    expect(await store.queued(start + minute)).toHaveLength(2);
  });
});

describe('until it is stopped', () => {
  test('each due time is one run, and each monitor has its own', async () => {
    const controller = new AbortController();
    const said = plan(async () => passing);
    await using store = await opened(said.monitors);
    const parts = partsOf(store, said, controller.signal);
    const onRun = (one: Ended) => {
      parts.onRun(one);
      if (parts.ended.length === 10) controller.abort();
    };
    await watch({ ...parts, onRun });
    const runs = await store.runs({});
    expect(runs.filter(({ state }) => state === 'done')).toHaveLength(10);
    expect(new Set(runs.map(({ dueAt }) => (dueAt - start) % minute))).toEqual(new Set([0]));
    expect(await store.openSpans()).toHaveLength(2);
  });

  test('a scan that is stopped is taken up again', async () => {
    const controller = new AbortController();
    const said = plan(async (_, signal) => {
      controller.abort();
      await aborted(signal);
      return passing;
    });
    await using store = await opened(said.monitors.slice(0, 1));
    await watch(partsOf(store, said, controller.signal));
    expect(await store.queued(start + minute)).toMatchObject([{ monitor: 'mx', attempt: 0 }]);
    const parts = partsOf(
      store,
      plan(async () => passing),
      never,
      quickClock(),
    );
    await watchOnce(parts);
    expect(parts.ended).toHaveLength(1);
  });

  test('a scan that takes too long is ended, and never all clear', async () => {
    const said = plan(
      async (_, signal) => {
        await aborted(signal);
        return passing;
      },
      { deadline: () => 500 },
    );
    await using store = await opened(said.monitors.slice(0, 1));
    const parts = partsOf(store, said, never);
    await watchOnce(parts);
    expect(parts.ended).toMatchObject([{ state: 'done', report: { stopped: true, summary: { exitCode: 2 } } }]);
  });

  test('a clock that is set forward and back puts nothing off, and runs nothing twice', async () => {
    const controller = new AbortController();
    const clock = quickClock();
    const said = plan(async () => passing);
    const every: Plan['times'] = {
      ...said.times,
      first: (_, __, now) => Math.ceil(now / minute) * minute,
      // What was missed begins late, as after a downtime.
      start: (_, __, { missed }, now) => (missed > 0 ? now + 5 * minute : now),
    };
    await using store = await opened(said.monitors.slice(0, 1));
    const parts = partsOf(store, { ...said, times: every }, controller.signal, clock);
    let rounds = 0;
    const onRound = () => {
      rounds += 1;
      if (rounds === 80) clock.at += 120 * minute;
      if (rounds === 110) clock.at -= 120 * minute;
      if (rounds === 620) controller.abort();
    };
    await watch({ ...parts, onRound });
    const begun = parts.ended.map(({ run }) => run.dueAt);
    expect(new Set(begun).size).toBe(begun.length);
    expect(begun.map((dueAt) => (dueAt - start) / minute)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('a disk that is full is told once, and nothing is lost when there is room again', async () => {
    const controller = new AbortController();
    const said = plan(async () => failing);
    await using store = await opened(said.monitors.slice(0, 1));
    let refused = 0;
    const refuse = async () => {
      refused += 1;
      throw new UsageError('the disk is full');
    };
    const record: Store['record'] = (...how) => (refused < 3 ? refuse() : store.record(...how));
    const parts = partsOf({ ...store, record }, said, controller.signal);
    const onRun = (one: Ended) => {
      parts.onRun(one);
      controller.abort();
    };
    await watch({ ...parts, onRun });
    expect(parts.troubles).toEqual(['the disk is full']);
    expect(parts.ended).toMatchObject([{ run: { dueAt: start }, changes: [{ kind: 'new' }] }]);
  });

  test('a store that turns read-only is told once, is read meanwhile, and taken up again when it is not', async () => {
    const controller = new AbortController();
    const said = plan(async () => failing);
    const { store, turns } = await openedToTurn(said.monitors.slice(0, 1));
    await using _ = store;
    const parts = partsOf(store, said, controller.signal);
    const isWell: boolean[] = [];
    const read: Promise<unknown>[] = [];
    const onRound = (isOne: boolean) => {
      isWell.push(isOne);
      if (isWell.length === 10) turns('read-only');
      if (isWell.length === 130) read.push(store.runs({}), store.openSpans(), store.incidents({}));
      if (isWell.length === 200) turns('writable');
      if (isWell.length === 400) controller.abort();
    };
    await watch({ ...parts, onRound });
    expect(parts.troubles).toEqual([
      expect.stringMatching(/^the store ".*" cannot be used: it may not be written to, or its folder$/),
    ]);
    expect([isWell[9], isWell[150], isWell[398]]).toEqual([true, false, true]);
    expect(await Promise.all(read)).toMatchObject([[{ state: 'done' }], [{ probe: 'vrfy' }], [{ probe: 'vrfy' }]]);
    // Due after 0, 1, … minutes: what was missed is made up for once.
    expect((await store.runs({})).map(({ dueAt, missed }) => [(dueAt - start) / minute, missed])).toEqual([
      [6, 0],
      [5, 0],
      [4, 0],
      [3, 2],
      [0, 0],
    ]);
  });
});

/** A store that stops taking writes when it is told to, as SQLite says that it does. */
async function openedToTurn(monitors: Plan['monitors']) {
  const { prototype } = createRequire(import.meta.url)('libsql') as typeof LibSql;
  const { pragma } = prototype;
  const connections = new Set<LibSql.Database>();
  prototype.pragma = function (this: LibSql.Database, ...how: Parameters<typeof pragma>) {
    connections.add(this);
    return pragma.apply(this, how);
  } as typeof pragma;
  try {
    const store = await opened(monitors);
    return {
      store,
      turns(how: 'read-only' | 'writable') {
        for (const connection of connections) connection.pragma(`query_only = ${how === 'writable' ? 0 : 1}`);
      },
    };
  } finally {
    prototype.pragma = pragma;
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((over) => {
    if (signal.aborted) over();
    signal.addEventListener('abort', () => over(), { once: true });
  });
