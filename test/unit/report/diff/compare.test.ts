import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../../src/model/report.ts';
import { compareReports } from '../../../../src/report/diff/compare.ts';
import { endpointReport, finding, report } from '../handmade.ts';

const compare = (before: readonly Finding[], after: readonly Finding[]) =>
  compareReports(report([endpointReport(before)]), report([endpointReport(after)]));

const pass = finding('vrfy', 'pass');
const fail = finding('vrfy', 'fail');
const high = finding('vrfy', 'fail', { severity: 'high' });
const untold = finding('vrfy', 'inconclusive', { doubt: 'timeout' });
const barred = finding('vrfy', 'inconclusive', { doubt: 'not-permitted' });
const apart = finding('vrfy', 'not-applicable');
const broken = finding('vrfy', 'error');
const refuses = (...refused: readonly string[]) => finding('takes-its-mail', 'fail', { measured: { refused } });
const waived = finding('vrfy', 'fail', { waived: { until: '2026-12-31', reason: 'known' } });

describe('a question', () => {
  test.each<[string, readonly Finding[], readonly Finding[], string[], 0 | 1 | 2]>([
    ['right, then wrong', [pass], [fail], ['new'], 1],
    ['untold, then wrong', [untold], [fail], ['new'], 1],
    ['not asked, then wrong', [], [fail], ['new'], 1],
    ['not allowed, then wrong', [barred], [fail], ['new'], 1],
    ['waived, then no more', [waived], [fail], ['new'], 1],
    ['wrong, then worse', [fail], [high], ['worse'], 1],
    ['wrong, then less so', [high], [fail], ['changed'], 0],
    ['wrong all the time', [fail], [fail], [], 0],
    ['the mail of one more domain refused', [refuses('a.test')], [refuses('a.test', 'b.test')], ['worse'], 1],
    ['the mail of another domain refused', [refuses('a.test')], [refuses('b.test')], ['worse'], 1],
    ['the mail of one domain less refused', [refuses('a.test', 'b.test')], [refuses('b.test')], ['changed'], 0],
    ['right, then untold', [pass], [untold], ['newly-untold'], 2],
    ['wrong, then untold: not gone', [fail], [untold], ['newly-untold'], 2],
    ['right, then a bug of ours', [pass], [broken], ['newly-untold'], 2],
    ['wrong, then not allowed to ask: not gone, and not untold', [fail], [barred], ['not-asked'], 0],
    ['wrong, then left out', [fail], [], ['not-asked'], 0],
    ['right, then not allowed to ask', [pass], [barred], [], 0],
    ['right, then left out', [pass], [], [], 0],
    ['wrong, then waived', [fail], [waived], ['waived'], 0],
    ['wrong, then right', [fail], [pass], ['gone'], 0],
    ['wrong, then beside the point', [fail], [apart], ['gone'], 0],
    ['untold, then right', [untold], [pass], ['told'], 0],
    ['untold all the time', [untold], [untold], [], 0],
    ['beside the point, then untold', [apart], [untold], [], 0],
  ])('%s', (_, before, after, kinds, exitCode) => {
    const diff = compare(before, after);
    expect(diff.changes.map(({ kind }) => kind)).toEqual(kinds);
    expect(diff.summary.exitCode).toBe(exitCode);
  });
});

describe('figures', () => {
  const rate = (measured: NonNullable<Finding['measured']>) => finding('connection-rate', 'pass', { measured });

  test('that are the server’s own are compared', () => {
    const before = rate({
      limit: 30,
      windowSeconds: 60,
      kind: 'window',
      tried: 31,
      seconds: 2.1,
      reply: '421 at 10:00',
    });
    const after = rate({
      limit: 100,
      windowSeconds: 60,
      kind: 'window',
      tried: 101,
      seconds: 9,
      reply: '421 at 11:00',
    });
    expect(compare([before], [after]).changes).toMatchObject([
      { kind: 'changed', probe: 'connection-rate', figures: [{ name: 'limit', before: 30, after: 100 }] },
    ]);
    expect(compare([before], [rate({ ...before.measured, seconds: 3, tried: 35 })]).changes).toEqual([]);
  });

  test('that come or go are compared too', () => {
    const figures = compare([rate({ limit: null })], [rate({ limit: 9, soft: 2 })]).changes[0]?.figures;
    expect(figures).toEqual([
      { name: 'limit', before: null, after: 9 },
      { name: 'soft', before: null, after: 2 },
    ]);
  });

  test('of names differ by what is in them: no order, and no name that we make up', () => {
    const before = rate({ accepted: ['b', 'a', 'mxprobe-0123456789ab@x.example'] });
    const after = rate({ accepted: ['a', 'mxprobe-ba9876543210@x.example', 'b'] });
    expect(compare([before], [after]).changes).toEqual([]);
    expect(compare([before], [rate({ accepted: ['a'] })]).changes).toHaveLength(1);
  });

  test('of a clock have some play', () => {
    const idle = (limit: number) => finding('idle-timeout', 'pass', { measured: { limit } });
    expect(compare([idle(300)], [idle(301)]).changes).toEqual([]);
    expect(compare([idle(300)], [idle(10)]).changes).toHaveLength(1);
    expect(compare([rate({ limit: 100 })], [rate({ limit: 101 })]).changes).toHaveLength(1);
  });
});

test('changes come worst first, each with the words of both', () => {
  const cite = (quote: string) => [{ session: 's1', event: 0, quote }];
  const diff = compare(
    [
      finding('a', 'fail'),
      finding('b', 'pass'),
      finding('c', 'pass', { evidence: cite('550 no') }),
      finding('d', 'pass'),
    ],
    [
      finding('a', 'pass'),
      finding('b', 'inconclusive', { doubt: 'throttled' }),
      finding('c', 'fail', { severity: 'low', evidence: cite('250 yes') }),
      finding('d', 'fail', { severity: 'critical' }),
    ],
  );
  expect(diff.changes.map(({ kind, probe }) => `${kind} ${probe}`)).toEqual([
    'new d',
    'new c',
    'newly-untold b',
    'gone a',
  ]);
  expect(diff.changes[1]).toMatchObject({
    before: { verdict: 'pass', because: 'c is pass', quotes: ['S: 550 no'] },
    after: { verdict: 'fail', severity: 'low', because: 'c is fail', quotes: ['S: 250 yes'] },
  });
  expect(diff.summary).toEqual({ worse: 2, untold: 1, better: 1, other: 0, exitCode: 1 });
});

describe('endpoints and targets', () => {
  const one = endpointReport([fail]);
  const other = endpointReport([finding('vrfy', 'fail', { fingerprint: 'x' })], { id: 'mx2.example.com/192.0.2.2:25' });

  test('an endpoint that is new brings its fails', () => {
    const diff = compareReports(report([one]), report([one, other]));
    expect(diff.endpointsNew).toEqual([other.id]);
    expect(diff.changes).toMatchObject([{ kind: 'new', endpoint: other.id, before: null }]);
  });

  test('of one that is gone nothing is known: its fails are not mended', () => {
    const diff = compareReports(report([one, other]), report([one]));
    expect(diff.endpointsGone).toEqual([other.id]);
    expect([diff.changes, diff.summary.exitCode]).toEqual([[], 0]);
  });

  test('a target that leads nowhere any more is untold', () => {
    const target = { input: 'example.com', kind: 'domain', endpoints: [], notes: ['no answer'] } as const;
    const diff = compareReports(report([one]), report([], [target]));
    expect(diff.targetsLost).toEqual(['example.com']);
    expect(diff.summary).toMatchObject({ untold: 1, exitCode: 2 });
  });
});

describe('what is hard to compare is said', () => {
  const base = report([endpointReport([pass])]);
  test.each([
    [
      'another class',
      { ...base, options: { ...base.options, allow: 'passive' as const } },
      'allowed was active, and is passive',
    ],
    [
      'another policy',
      { ...base, options: { ...base.options, policy: 'strict' } },
      'the policies differ (default, strict)',
    ],
    ['another version', { ...base, tool: { ...base.tool, version: '9.9.9' } }, 'judged by versions 0.1.0 and 9.9.9'],
    ['another EHLO name', { ...base, options: { ...base.options, helo: 'x.example' } }, 'the EHLO name was'],
    ['the wrong order', { ...base, startedAt: '2025-01-01T00:00:00.000Z' }, 'the second report is the older one'],
    ['other servers', report([]), 'the two have no endpoint in common'],
  ])('%s', (_, after, expected) => {
    expect(compareReports(base, after).notes.join('\n')).toContain(expected);
    expect(compareReports(base, base).notes).toEqual([]);
  });
});
