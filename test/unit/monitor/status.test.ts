import { describe, expect, test } from 'vitest';
import { type Run, runId } from '../../../src/monitor/run.ts';
import type { Span } from '../../../src/monitor/span.ts';
import { sinceOf, standingOf, statusOf } from '../../../src/monitor/status.ts';
import type { MonitorRow } from '../../../src/monitor/store.ts';
import { pluginState, statusDocument } from '../../../src/monitor/words/status.ts';
import { incident } from '../../web/world.ts';
import { readPlugin } from '../report/plugin-output.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-02T12:00:00Z');

const row = (parts: Partial<MonitorRow> = {}): MonitorRow => ({
  id: 'mx',
  group: 'mx',
  tags: [],
  state: 'active',
  schedules: [
    { name: 'scan', nextAt: now + hour / 2, lastDueAt: now - hour / 2 },
    { name: 'limits', nextAt: now + 100 * hour, lastDueAt: now - 68 * hour },
  ],
  ...parts,
});
const ended = (age: number, exitCode: Run['exitCode']): Run => ({
  id: runId('mx', 'scan', now - age),
  monitor: 'mx',
  schedule: 'scan',
  dueAt: now - age,
  notBefore: now - age,
  startedAt: now - age,
  finishedAt: now - age,
  state: 'done',
  attempt: 1,
  missed: 0,
  exitCode,
  counts: null,
  cost: null,
  because: null,
  isKept: false,
});
const fails = (severity: Span['severity'], parts: Partial<Span> = {}): Span => ({
  monitor: 'mx',
  host: 'mx1.example.com',
  port: 25,
  address: '192.0.2.1',
  probe: 'open-relay',
  verdict: 'fail',
  severity,
  because: 'a | b',
  quote: null,
  firstRun: 'a',
  firstAt: now - 5 * hour,
  lastRun: 'b',
  lastAt: now,
  lastSchedule: 'scan',
  endedRun: null,
  ...parts,
});
const waived = { until: '2030-01-01', reason: 'known' };

describe('to a monitoring system', () => {
  test.each<[string, MonitorRow[], Run[], Span[], 0 | 1 | 2 | 3]>([
    ['all is well', [row()], [ended(hour, 0)], [], 0],
    ['a failure', [row()], [ended(hour, 1)], [fails('critical')], 2],
    ['a warning', [row()], [ended(hour, 1)], [fails('medium')], 1],
    ['what is waived weighs nothing', [row()], [ended(hour, 0)], [fails('critical', { waived })], 0],
    ['what is untold is not known', [row()], [ended(hour, 2)], [], 3],
    ['just within twice the period', [row()], [ended(2 * hour, 0)], [], 0],
    ['older than that', [row()], [ended(2 * hour + 1, 0)], [], 3],
    ['older than that, and failing', [row()], [ended(9 * hour, 1)], [fails('critical')], 3],
    ['never scanned', [row()], [], [], 3],
    ['it rests', [row({ state: 'paused' })], [], [], 0],
    ['it has left the file', [row({ state: 'retired' })], [ended(hour, 1)], [], 3],
    ['a failure beside one that is not known', [row(), row({ id: 'new' })], [ended(hour, 1)], [fails('high')], 2],
  ])('%s', async (_, rows, runs, spans, state) => {
    const monitors = statusOf(rows, runs, spans, [], now);
    expect(pluginState(monitors)).toBe(state);
    const line = await statusDocument.nagios?.(
      { at: now, monitors, incidents: [] },
      { width: 80, color: false, transcript: false, rules: [] },
    );
    expect(readPlugin([...(line ?? [])].join('')).state).toBe(state);
  });
});

test.each([
  ['critical', 2],
  ['medium', 1],
] as const)('a monitor with a %s incident open is not well, whatever its newest run says', async (severity, state) => {
  const incidents = [incident({ severity, openedAt: now - 3 * hour })];
  const monitors = statusOf([row()], [ended(hour, 0)], [], incidents, now);
  expect(monitors.map(standingOf)).toEqual(['FAIL']);
  expect(monitors.map((one) => sinceOf(one, now))).toEqual([now - 3 * hour]);
  expect(pluginState(monitors)).toBe(state);
  const page = { width: 80, color: false, transcript: false, rules: [] };
  const line = [...((await statusDocument.nagios?.({ at: now, monitors, incidents }, page)) ?? [])].join('');
  expect(line).toContain('mx: FAIL, 1 incident open, no failure; run ');
  for (const other of [{ monitor: 'other' }, { state: 'suspected' }, { state: 'closed' }] as const)
    expect(statusOf([row()], [ended(hour, 0)], [], [incident(other)], now).map(standingOf)).toEqual(['ok']);
});

test('a server that is down is a line, not one a question', async () => {
  const untold = ['hello', 'vrfy', 'expn'].map((probe) =>
    fails('medium', { probe, verdict: 'inconclusive', doubt: 'unreachable' }),
  );
  const monitors = statusOf([row()], [ended(hour, 2)], untold, [], now);
  const text = await statusDocument.terminal?.(
    { at: now, monitors, incidents: [] },
    { width: 200, color: false, transcript: false, rules: [] },
  );
  expect([...(text ?? [])].join('')).toBe(
    `unsure mx  no failure, 3 untold; run ${ended(hour, 2).id.slice(0, 8)} 60 minutes ago; next in 30 minutes
       3 questions  inconclusive, unreachable at mx1.example.com/192.0.2.1:25 since 2026-11-02 07:00Z: hello, vrfy, expn
`,
  );
});
