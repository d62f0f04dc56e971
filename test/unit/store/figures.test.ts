import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from '../../../src/model/report.ts';
import type { Run } from '../../../src/monitor/run.ts';
import type { Store } from '../../../src/monitor/store.ts';
import { openOwned } from '../../../src/store/sqlite-store.ts';
import { alertRules } from '../../support/alerts.ts';
import { dueEvery } from '../../support/due-every.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

const minute = 60_000;
const start = Date.parse('2026-11-02T00:00:00Z');
const everyMinute = dueEvery(minute);

async function watched(): Promise<Store> {
  const store = await openOwned(join(mkdtempSync(join(tmpdir(), 'mxprobe-figures-')), 'mxprobe.db'));
  await store.mirror([{ id: 'mx', spec: '{}', schedules: [{ name: 'scan', spec: 'every 1m' }] }], start);
  return store;
}

async function begun(store: Store, now: number): Promise<Run> {
  const [claimed] = await store.claim(now, everyMinute);
  const run = await store.begin(claimed?.id ?? '', now);
  if (run === null) throw new Error('nothing to begin');
  return run;
}

const rules = { alertOn: 'medium', confirm: 0, recover: 1 } as const;
const fails: Report = report([
  endpointReport([
    finding('vrfy', 'fail'),
    finding('banner', 'fail', { waived: { reason: 'old', until: '2027-01-01' } }),
    finding('hello', 'pass'),
    finding('expn', 'pass'),
    finding('error-limit', 'pass', { measured: { limit: 20 } }),
    finding('tls-certificate', 'pass', { measured: { validTo: '2026-12-01T00:00:00.000Z' } }),
    finding('connection-rate', 'inconclusive', { measured: { attempts: 7 } }),
  ]),
]);

test('sums of what stands now: verdicts, what was measured, and what waits', async () => {
  await using store = await watched();
  expect(await store.figures()).toEqual({ answers: [], measured: [], pending: new Map(), queuedSince: null });
  await store.claim(start, everyMinute);
  expect(await store.figures()).toMatchObject({ queuedSince: start });
  const [run] = await store.queued(start);
  const first = await store.begin(run?.id ?? '', start);
  if (first !== null) await store.record(first, fails, rules, start + 1000);
  await store.planAlerts(start + 2000, () => alertRules({ channels: ['mail', 'pager'] }));
  const { answers, measured, pending, queuedSince } = await store.figures();
  const alike = { monitor: 'mx', severity: 'medium' };
  expect(answers.toSorted((a, b) => a.count - b.count || a.verdict.localeCompare(b.verdict))).toEqual([
    { ...alike, verdict: 'fail', isWaived: false, count: 1 },
    { ...alike, verdict: 'fail', isWaived: true, count: 1 },
    { ...alike, verdict: 'inconclusive', isWaived: false, count: 1 },
    { ...alike, verdict: 'pass', isWaived: false, count: 4 },
  ]);
  expect(measured.map(({ probe, measured: figures }) => [probe, figures])).toEqual([
    ['error-limit', { limit: 20 }],
    ['tls-certificate', { validTo: '2026-12-01T00:00:00.000Z' }],
  ]);
  expect(pending).toEqual(
    new Map([
      ['mail', 1],
      ['pager', 1],
    ]),
  );
  expect(queuedSince).toBeNull();
});

test('a run is told once when it has ended, however the clock was put meanwhile', async () => {
  await using store = await watched();
  await store.record(await begun(store, start), fails, rules, start + 1000);
  const beginning = await store.endings(null);
  expect(beginning).toMatchObject({ runs: [], messages: [] });
  const run = await begun(store, start + minute);
  const atWork = await store.endings(beginning.seen);
  expect(atWork.runs).toEqual([]);
  await store.claim(start + 2 * minute, everyMinute);
  await store.record(run, fails, rules, start + minute + 2500);
  const ended = await store.endings(atWork.seen);
  expect(ended.runs).toHaveLength(2);
  expect(ended.runs).toEqual(
    expect.arrayContaining([
      { state: 'done', seconds: 2.5 },
      { state: 'skipped', seconds: null },
    ]),
  );
  expect((await store.endings(ended.seen)).runs).toEqual([]);
});

test('a run that was at work when the counting began is told', async () => {
  await using store = await watched();
  const run = await begun(store, start);
  const { seen } = await store.endings(null);
  await store.record(run, fails, rules, start + 1000);
  expect((await store.endings(seen)).runs).toEqual([{ state: 'done', seconds: 1 }]);
});

test('messages are told as often as they were tried, and when they are over', async () => {
  await using store = await watched();
  const { seen } = await store.endings(null);
  await store.record(await begun(store, start), fails, rules, start + 1000);
  await store.planAlerts(start + 2000, () => alertRules());
  const [message] = await store.waiting(start + 2000);
  if (message === undefined) throw new Error('nothing waits');
  const made = await store.endings(seen);
  expect(made.messages).toEqual([]);
  await store.unsent(message, 'refused', start + 3000);
  await store.unsent({ ...message, attempts: 1 }, 'refused', start + 4000);
  const tried = await store.endings(made.seen);
  expect(tried.messages).toEqual([{ channel: 'mail', result: 'failed', count: 2 }]);
  await store.sent(message, start + 5000);
  const sent = await store.endings(tried.seen);
  expect(sent.messages).toEqual([{ channel: 'mail', result: 'sent', count: 1 }]);
  expect((await store.endings(sent.seen)).messages).toEqual([]);
});
