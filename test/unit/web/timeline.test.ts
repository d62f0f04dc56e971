import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src/monitor/run.ts';
import type { Span } from '../../../src/monitor/span.ts';
import { cursorOf, nextCursor } from '../../../src/web/cursor.ts';
import { columnsOf, dayMarks, placesIn } from '../../../src/web/timeline.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-02T20:00:00Z');
const idOf = (nth: number) => `run${nth}`;

const runs = (count: number): Run[] =>
  Array.from({ length: count }, (_, nth) => ({
    id: idOf(nth),
    monitor: 'mx',
    schedule: 'scan',
    dueAt: start + nth * hour,
    notBefore: start,
    startedAt: start + nth * hour,
    finishedAt: start + nth * hour + 5000,
    state: 'done',
    attempt: 1,
    missed: 0,
    exitCode: 0,
    counts: null,
    cost: null,
    because: null,
    isKept: false,
  }));

/** From one run to another, both included; `ended`: the run that heard something else. */
const span = (from: number, to: number, ended: number | null, parts: Partial<Span> = {}): Span => ({
  monitor: 'mx',
  host: 'mx1.example.com',
  port: 25,
  address: '192.0.2.1',
  probe: 'vrfy',
  verdict: 'pass',
  severity: 'medium',
  because: '',
  quote: null,
  firstRun: idOf(from),
  firstAt: start + from * hour + 5000,
  lastRun: idOf(to),
  lastAt: start + to * hour + 5000,
  lastSchedule: 'scan',
  endedRun: ended === null ? null : idOf(ended),
  ...parts,
});

const rowsOf = (spans: readonly Span[], count = 10) => placesIn(spans, columnsOf(runs(count)));
const bad = { verdict: 'fail', severity: 'high' } as const;

describe('rows of a timeline', () => {
  test('are as long as what was asked, with gaps where it was not', () => {
    const [place] = rowsOf([span(0, 2, 3), span(3, 3, 5, bad), span(7, 9, null)]);
    expect(place?.rows[0]?.stretches.map(({ from, to, kind }) => [from, to, kind])).toEqual([
      [0, 3, 'pass'],
      [3, 4, 'high'],
      [7, 10, 'pass'],
    ]);
  });

  test('begin where the time shown begins', () => {
    const later = columnsOf(runs(10).slice(4));
    const [place] = placesIn([span(0, 2, 3), span(3, 6, 7, bad), span(7, 9, null)], later);
    expect(place?.rows[0]?.stretches.map(({ from, to }) => [from, to])).toEqual([
      [0, 3],
      [3, 6],
    ]);
  });

  test('stand in the order of what fails now, is untold now, has failed; what never did is apart', () => {
    const at = (probe: string, ...spans: readonly Span[]) => spans.map((one) => ({ ...one, probe }));
    const [place] = rowsOf([
      ...at('well', span(0, 9, null)),
      ...at('failed', span(0, 3, 4, bad), span(4, 9, null)),
      ...at('untold', span(0, 9, null, { verdict: 'inconclusive', doubt: 'timeout' })),
      ...at('waived', span(0, 9, null, { ...bad, waived: { until: '2027-01-01', because: 'x' } as never })),
      ...at('low', span(0, 9, null, { verdict: 'fail', severity: 'low' })),
      ...at('critical', span(0, 9, null, { verdict: 'fail', severity: 'critical' })),
    ]);
    expect(place?.rows.map(({ probe }) => probe)).toEqual(['critical', 'low', 'untold', 'waived', 'failed']);
    expect(place?.well.map(({ probe }) => probe)).toEqual(['well']);
  });

  test('of places with the worst come first', () => {
    const at = (host: string, parts: Partial<Span>) => span(0, 9, null, { host, ...parts });
    const places = rowsOf([at('a', {}), at('c', bad), at('b', {}), at('d', { verdict: 'fail', severity: 'critical' })]);
    expect(places.map(({ name }) => name.slice(0, 1))).toEqual(['d', 'c', 'a', 'b']);
  });

  test('say what the answer was when that time ended, unless it was not asked any more', () => {
    const [place] = rowsOf([span(0, 9, 12, bad), span(0, 5, 6, { ...bad, probe: 'expn' })]);
    expect(place?.rows.map(({ probe, isAsked }) => [probe, isAsked])).toEqual([
      ['vrfy', true],
      ['expn', false],
    ]);
  });

  test('never overlap, and cover each run that has an answer', () => {
    const turns = fc.uniqueArray(fc.integer({ min: 1, max: 49 }), { maxLength: 12 });
    fc.assert(
      fc.property(turns, fc.integer({ min: 0, max: 49 }), (some, skipped) => {
        const cuts = [0, ...some.toSorted((a, b) => a - b)];
        const spans = cuts.map((from, nth) =>
          span(from, (cuts[nth + 1] ?? 50) - 1, cuts[nth + 1] ?? null, nth % 2 === 0 ? bad : {}),
        );
        const [place] = placesIn(spans, columnsOf(runs(50).slice(skipped)));
        const stretches = place?.rows[0]?.stretches ?? [];
        let at = 0;
        for (const { from, to } of stretches) {
          expect(from).toBe(at);
          at = to;
        }
        expect(at).toBe(50 - skipped);
      }),
    );
  });

  test('have a mark where a day begins', () => {
    expect(dayMarks(runs(30))).toEqual([4, 28]);
    expect(dayMarks([])).toEqual([]);
  });
});

describe('a cursor', () => {
  test('leads through all, each once, however many have the same time', () => {
    const times = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 7 }), (some, most) => {
        const all = some.toSorted((a, b) => b - a).map((at, id) => ({ at, id }));
        const seen: number[] = [];
        let cursor = cursorOf(undefined);
        for (let turn = 0; turn < 50; turn++) {
          const { until, skip } = cursor ?? { until: Number.POSITIVE_INFINITY, skip: 0 };
          const found = all.filter(({ at }) => at <= until).slice(skip, skip + most + 1);
          seen.push(...found.slice(0, most).map(({ id }) => id));
          const next = nextCursor(found, most, cursor, ({ at }) => at);
          if (next === null) break;
          cursor = cursorOf(next);
        }
        expect(seen).toEqual(all.map(({ id }) => id));
      }),
    );
  });

  test.each(['', 'x', '-1', '1-', '1-2-3', '1e3-0', '9'.repeat(16)])('%j is none', (text) => {
    expect(cursorOf(text)).toBeNull();
  });
});
