import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding, Report, TargetReport } from '../../../src/model/report.ts';
import type { Span } from '../../../src/monitor/span.ts';
import { answersIn, type SpanSteps, spanSteps } from '../../../src/monitor/span-steps.ts';
import { endpointReport, finding, report } from '../report/handmade.ts';

/** The spans of a monitor in memory: what the store does with the steps. */
function applied(spans: readonly Span[], steps: SpanSteps, run: string, at: number, schedule: string): Span[] {
  const last = { lastRun: run, lastAt: at, lastSchedule: schedule };
  return [
    ...spans.map((span) => {
      if (steps.extend.includes(span)) return { ...span, ...last };
      return steps.close.includes(span) ? { ...span, endedRun: run } : span;
    }),
    ...steps.open.map((answer) => ({ ...answer, monitor: 'mx', firstRun: run, firstAt: at, ...last, endedRun: null })),
  ];
}

const isOpen = ({ endedRun }: Span): boolean => endedRun === null;

/** What is left after reports, one a run; and what the last of them changed. */
function watched(...runs: readonly (Report | readonly [schedule: string, Report])[]) {
  let spans: Span[] = [];
  let steps: SpanSteps = { extend: [], close: [], open: [], changes: [] };
  for (const [at, one] of runs.entries()) {
    const [schedule, whole] = 'schema' in one ? (['scan', one] as const) : one;
    steps = spanSteps(spans.filter(isOpen), whole, schedule);
    spans = applied(spans, steps, `run ${at}`, at, schedule);
  }
  return { spans, steps, changes: steps.changes.map(({ kind, probe }) => `${kind} ${probe}`) };
}

const of = (...findings: readonly Finding[]) => report([endpointReport(findings)]);
const gone: TargetReport = { input: 'example.com', kind: 'domain', endpoints: [], notes: ['no answer'] };
const limit = (verdict: Finding['verdict'], figure: number) =>
  of(finding('rate', verdict, { measured: { limit: figure } }));
const untold = (doubt: NonNullable<Finding['doubt']>) => of(finding('vrfy', 'inconclusive', { doubt }));
const waived = { until: '2030-01-01', reason: 'mended on Sunday' };

describe('what one answer after another makes', () => {
  test.each<[string, Report[], [rows: number, changes: string[]]]>([
    ['the first pass is a row, and nothing to tell', [of(finding('vrfy', 'pass'))], [1, []]],
    ['the first fail is told', [of(finding('vrfy', 'fail'))], [1, ['new vrfy']]],
    ['the same again is the same row', [of(finding('vrfy', 'fail')), of(finding('vrfy', 'fail'))], [1, []]],
    [
      'other words are no other answer',
      [of(finding('vrfy', 'pass', { because: 'a' })), of(finding('vrfy', 'pass', { because: 'b' }))],
      [1, []],
    ],
    ['mended', [of(finding('vrfy', 'fail')), of(finding('vrfy', 'pass'))], [2, ['gone vrfy']]],
    ['broken', [of(finding('vrfy', 'pass')), of(finding('vrfy', 'fail'))], [2, ['new vrfy']]],
    [
      'worse',
      [of(finding('vrfy', 'fail', { severity: 'low' })), of(finding('vrfy', 'fail', { severity: 'high' }))],
      [2, ['worse vrfy']],
    ],
    ['other figures', [limit('pass', 10), limit('pass', 20)], [2, ['changed rate']]],
    ['told no more', [of(finding('vrfy', 'pass')), untold('timeout')], [2, ['newly-untold vrfy']]],
    ['told again', [untold('timeout'), of(finding('vrfy', 'pass'))], [2, ['told vrfy']]],
    ['another doubt is another row, and nothing to tell', [untold('timeout'), untold('throttled')], [2, []]],
    ['waived', [of(finding('vrfy', 'fail')), of(finding('vrfy', 'fail', { waived }))], [2, ['waived vrfy']]],
    ['the waiver is over', [of(finding('vrfy', 'fail', { waived })), of(finding('vrfy', 'fail'))], [2, ['new vrfy']]],
    ['left out', [of(finding('vrfy', 'fail')), of()], [1, ['not-asked vrfy']]],
    ['not permitted is not asked', [of(finding('vrfy', 'inconclusive', { doubt: 'not-permitted' }))], [0, []]],
    ['the target leads elsewhere', [of(finding('vrfy', 'fail')), report([], [])], [1, []]],
  ])('%s', (_, reports, [rows, changes]) => {
    const made = watched(...reports);
    expect({ rows: made.spans.length, changes: made.changes }).toEqual({ rows, changes });
  });

  test('a domain has spans as its servers have', () => {
    const target: TargetReport = {
      ...gone,
      endpoints: ['mx1.example.com/192.0.2.1:25'],
      domain: 'example.com',
      findings: [finding('spf', 'fail')],
    };
    const { spans } = watched(report([endpointReport([finding('vrfy', 'pass')])], [target]));
    expect(spans.map(({ host, port, address, probe }) => [host, port, address, probe])).toEqual([
      ['example.com', 0, '', 'spf'],
      ['mx1.example.com', 25, '192.0.2.1', 'vrfy'],
    ]);
  });
});

describe('what nobody knows is not closed', () => {
  const before = of(finding('vrfy', 'fail'));
  test.each<[string, Report | readonly [string, Report], boolean]>([
    ['the target led nowhere', report([], [gone]), true],
    ['the scan was cut short', { ...of(), stopped: true }, true],
    ['another schedule does not ask it', ['limits', of()], true],
    [
      'another schedule may not ask it',
      ['limits', of(finding('vrfy', 'inconclusive', { doubt: 'not-permitted' }))],
      true,
    ],
    ['the server has another address', report([endpointReport([], { id: 'x', address: '192.0.2.2' })]), false],
    ['this schedule does not ask it any more', of(), false],
  ])('%s: open %s', (_, second, stays) => {
    const { spans } = watched(before, second);
    expect(spans.filter(isOpen)).toHaveLength(stays ? 1 : 0);
  });
});

const findings = fc.uniqueArray(
  fc.record({
    probe: fc.constantFrom('vrfy', 'expn', 'rate'),
    verdict: fc.constantFrom('pass', 'fail', 'inconclusive', 'not-applicable'),
    severity: fc.constantFrom('low', 'high'),
    doubt: fc.constantFrom('timeout', 'throttled', 'not-permitted'),
    limit: fc.constantFrom(10, 20),
  } as const),
  { selector: ({ probe }) => probe },
);
const addresses = fc.subarray(['192.0.2.1', '192.0.2.2']);
const reports = fc.record({
  schedule: fc.constantFrom('scan', 'limits'),
  servers: addresses.chain((all) =>
    fc.tuple(...all.map((address) => fc.record({ address: fc.constant(address), findings }))),
  ),
  leads: fc.boolean(),
  stopped: fc.boolean(),
});
type Drawn = typeof reports extends fc.Arbitrary<infer T> ? T : never;

function reportFrom({ servers, leads, stopped }: Drawn): Report {
  const endpoints = servers.map(({ address, findings: all }) =>
    endpointReport(
      all.map(({ probe, verdict, severity, doubt, limit: figure }) =>
        finding(probe, verdict, {
          severity,
          measured: { limit: figure },
          ...(verdict === 'inconclusive' ? { doubt } : {}),
        }),
      ),
      { id: `mx/${address}:25`, host: 'mx', address },
    ),
  );
  const targets = [{ ...gone, endpoints: leads ? ['some'] : [] }];
  return { ...report(endpoints, targets), ...(stopped ? { stopped: true as const } : {}) };
}

test('whatever runs say: one open span a subject, no overlap, no gap, and nothing new where nothing changed', () => {
  fc.assert(
    fc.property(fc.array(reports, { maxLength: 12 }), (drawn) => {
      let spans: Span[] = [];
      for (const [at, one] of drawn.entries()) {
        const whole = reportFrom(one);
        const steps = spanSteps(spans.filter(isOpen), whole, one.schedule);
        spans = applied(spans, steps, String(at), at, one.schedule);
        const open = spans.filter(isOpen);
        expect(new Set(open.map(subject)).size).toBe(open.length);
        // Each question that was put is answered by exactly one span that is open now, and heard in this run.
        for (const answer of answersIn(whole).values())
          expect(open.filter((span) => subject(span) === subject(answer) && span.lastRun === String(at))).toMatchObject(
            [{ verdict: answer.verdict, severity: answer.severity }],
          );
        const again = spanSteps(open, whole, one.schedule);
        expect({ ...again, extend: [] }).toEqual({ extend: [], close: [], open: [], changes: [] });
      }
      for (const span of spans) {
        const next = spans.find((other) => subject(other) === subject(span) && other.firstAt > span.firstAt);
        if (next === undefined) continue;
        expect(span.lastAt).toBeLessThan(next.firstAt);
        // It ended where the next began, or earlier where it was known not to be there.
        expect(Number(span.endedRun)).toBeLessThanOrEqual(next.firstAt);
        expect(Number(span.endedRun)).toBeGreaterThan(span.lastAt);
      }
    }),
    { numRuns: 300 },
  );
});

const subject = ({ host, port, address, probe }: { host: string; port: number; address: string; probe: string }) =>
  `${host} ${port} ${address} ${probe}`;
