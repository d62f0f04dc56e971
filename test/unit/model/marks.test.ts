import { describe, expect, test } from 'vitest';
import { idleWaivers, marked } from '../../../src/model/marks.ts';
import type { Waiver } from '../../../src/model/policy.ts';
import { endpointReport, finding } from '../report/handmade.ts';

const where = endpointReport([]); // mx1.example.com/192.0.2.1:25
const waiver: Waiver = { probe: 'vrfy', until: '2026-06-30', reason: 'agreed' };
const fail = finding('vrfy', 'fail');
const doubt = finding('vrfy', 'inconclusive', { doubt: 'timeout' });
const barred = finding('vrfy', 'inconclusive', { doubt: 'not-permitted' });
const mark = (one: typeof fail, waivers: readonly Waiver[], day = '2026-06-01', mustTell: readonly string[] = []) =>
  marked(one, where, { waivers, mustTell }, day);

describe('a waiver', () => {
  test.each(['2026-06-01', '2026-06-30', '2026-06-30T23:59:59.999Z'])(
    'holds on %s, and the fail stays a fail',
    (day) => {
      expect(mark(fail, [waiver], day)).toEqual({ ...fail, waived: { until: '2026-06-30', reason: 'agreed' } });
    },
  );

  test.each(['2026-07-01', '2026-07-01T00:00:00.000Z', '2031-01-01'])('is over on %s, and that is told', (day) => {
    expect(mark(fail, [waiver], day)).toEqual({ ...fail, waiverOver: { until: '2026-06-30', reason: 'agreed' } });
  });

  test.each<[string, boolean]>([
    ['mx1.example.com', true],
    ['MX1.example.com', true],
    ['mx1.example.com:25', true],
    ['192.0.2.1', true],
    ['192.0.2.1:25', true],
    ['mx1.example.com/192.0.2.1:25', true],
    ['mx*', true],
    ['*.example.com:25', true],
    ['*', true],
    ['mx1.example.com:587', false],
    ['mx2.example.com', false],
    ['example.com', false],
    ['mx1xexample.com', false],
    ['mx1.example.com:2', false],
    ['192.0.2.1*1', false],
    ['', false],
    ['m*1.*.com', true],
    ['mx1.example.com*', true],
    ['mx1.*.example.com', false],
    ['mx1.example.com*:25', true],
    ['mx1**.com', true],
    ['m*x1.ex*m', true],
    ['192.0.2.1*2.1', false],
  ])('for endpoint %j: %s', (endpoint, fits) => {
    expect('waived' in mark(fail, [{ ...waiver, endpoint }])).toBe(fits);
  });

  test('for a pattern made to be slow', () => {
    const long = { ...where, host: 'a'.repeat(253) };
    const endpoint = `${'*a'.repeat(40)}*b`;
    expect(marked(fail, long, { waivers: [{ ...waiver, endpoint }], mustTell: [] }, '2026-06-01')).toEqual(fail);
  });

  test.each(['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:25', 'h/[2001:db8::1]:25'])('for IPv6: %s', (endpoint) => {
    const v6 = { id: 'h/[2001:db8::1]:25', host: 'h', address: '2001:db8::1', port: 25 };
    expect(marked(fail, v6, { waivers: [{ ...waiver, endpoint }], mustTell: [] }, '2026-06-01')).toHaveProperty(
      'waived',
    );
  });

  test('covers its own probe and verdict only: one for a doubt never covers a fail', () => {
    expect(mark(fail, [{ ...waiver, probe: 'expn' }])).toEqual(fail);
    expect(mark(doubt, [waiver])).toEqual(doubt);
    expect(mark(fail, [{ ...waiver, verdict: 'inconclusive' }])).toEqual(fail);
    expect(mark(doubt, [{ ...waiver, verdict: 'inconclusive' }])).toHaveProperty('waived');
    expect(mark(finding('vrfy', 'pass'), [waiver])).not.toHaveProperty('waived');
  });

  test('of several the one that holds longest counts, and one in force before one that is over', () => {
    const longer = { ...waiver, until: '2026-12-31', reason: 'longer' };
    expect(mark(fail, [longer, waiver]).waived?.reason).toBe('longer');
    expect(mark(fail, [waiver, longer], '2026-08-01')).toEqual({
      ...fail,
      waived: { until: '2026-12-31', reason: 'longer' },
    });
  });

  test('shows control characters of its reason', () => {
    expect(mark(fail, [{ ...waiver, reason: 'a\x1b[2Jb' }]).waived?.reason).toBe('a\\x1b[2Jb');
  });
});

test('a doubt that must not be is marked, also one about what was not permitted; and nothing else', () => {
  expect(mark(doubt, [], undefined, ['vrfy'])).toEqual({ ...doubt, mustTell: true });
  expect(mark(barred, [], undefined, ['vrfy'])).toEqual({ ...barred, mustTell: true });
  expect(mark(doubt, [], undefined, ['expn'])).toEqual(doubt);
  expect(mark(fail, [], undefined, ['vrfy'])).toEqual(fail);
});

test('marks of an earlier policy come off', () => {
  const earlier = { ...mark(doubt, [{ ...waiver, verdict: 'inconclusive' }], undefined, ['vrfy']) };
  expect(mark(earlier, [])).toEqual(doubt);
});

test('a waiver is idle where its probe was asked and gave no such finding', () => {
  const endpoints = [
    endpointReport([fail, finding('expn', 'pass'), finding('auth-rate', 'inconclusive', { doubt: 'not-permitted' })]),
  ];
  const idle = (parts: Partial<Waiver>) => idleWaivers(endpoints, { waivers: [{ ...waiver, ...parts }] }).length;
  expect(idle({})).toBe(0);
  expect(idle({ endpoint: 'mx2*' })).toBe(1);
  expect(idle({ verdict: 'inconclusive' })).toBe(1);
  expect(idle({ probe: 'expn' })).toBe(1);
  expect(idle({ probe: 'auth-rate' })).toBe(0);
  expect(idle({ probe: 'open-relay' })).toBe(0);
});

describe('a waiver for some of the domains whose mail a server refuses', () => {
  const refuses = (...refused: readonly string[]) => finding('takes-its-mail', 'fail', { measured: { refused } });
  const known: Waiver = { ...waiver, probe: 'takes-its-mail', domains: ['old.example', '*.gone.example'] };

  test.each<[readonly string[], boolean]>([
    [['old.example'], true],
    [['OLD.example', 'a.gone.example'], true],
    [['new.example'], false],
    [['old.example', 'new.example'], false],
    [[], false],
  ])('%j: %s', (refused, holds) => {
    expect(mark(refuses(...refused), [known]).waived !== undefined).toBe(holds);
  });

  test('says nothing of other questions', () => {
    expect(mark(finding('vrfy', 'fail'), [{ ...waiver, domains: ['old.example'] }]).waived).toBeUndefined();
  });
});
