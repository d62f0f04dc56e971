import { describe, expect, test } from 'vitest';
import type { Finding } from '../../../src/model/report.ts';
import { exitMeaning, isAtLeast, summarise } from '../../../src/model/summary.ts';
import { finding } from '../report/handmade.ts';

const led = [{ endpoints: ['a'] }];
const pass = finding('hello', 'pass');
const fail = (severity: 'info' | 'low' | 'medium' | 'critical') => finding('open-relay', 'fail', { severity });
const untold = finding('vrfy', 'inconclusive', { doubt: 'timeout' });
const barred = finding('error-limit', 'inconclusive', { doubt: 'not-permitted' });
const broken = finding('expn', 'error');
const moot = finding('auth-on-mx', 'not-applicable');

const agreed = { until: '2026-12-31', reason: 'agreed' };
const waived = (one: Finding): Finding => ({ ...one, waived: agreed });

describe('the exit code', () => {
  test.each([
    ['all passed', [pass, moot], led, 0],
    ['a fail at the threshold', [pass, fail('medium')], led, 1],
    ['a fail below the threshold', [pass, fail('low')], led, 0],
    ['a doubt', [pass, untold], led, 2],
    ['a fail below the threshold and a doubt', [fail('low'), untold], led, 2],
    ['a fail and a doubt: findings first', [fail('critical'), untold], led, 1],
    ['what was not permitted leaves it alone', [pass, barred], led, 0],
    ['nothing but what was not permitted: nothing was told', [barred], led, 2],
    ['an error of ours comes before all', [fail('critical'), untold, broken], led, 3],
    ['a target that led nowhere', [pass], [...led, { endpoints: [] }], 2],
    ['a target that led nowhere, and a fail elsewhere', [fail('critical')], [...led, { endpoints: [] }], 1],
    ['no endpoint at all', [], [{ endpoints: [] }], 2],
    ['nothing asked', [], led, 2],
    ['a fail that is waived', [pass, waived(fail('critical'))], led, 0],
    ['nothing but a fail that is waived', [waived(fail('critical'))], led, 0],
    ['a waived fail beside another', [waived(fail('critical')), fail('medium')], led, 1],
    ['a waived fail and a doubt', [waived(fail('critical')), untold], led, 2],
    ['a fail whose waiver is over', [{ ...fail('medium'), waiverOver: agreed }], led, 1],
    ['a doubt that is waived', [pass, waived(untold)], led, 0],
    ['a doubt that must not be', [pass, { ...untold, mustTell: true }], led, 1],
    ['one about what was not permitted', [pass, { ...barred, mustTell: true }], led, 1],
    ['one that is waived', [pass, waived({ ...untold, mustTell: true })], led, 0],
    ['an error comes before it', [{ ...untold, mustTell: true }, broken], led, 3],
  ] as const)('%s', (_, findings, targets, code) => {
    expect(summarise([{ findings }], targets, 'medium').exitCode).toBe(code);
  });

  test('follows the threshold', () => {
    expect(summarise([{ findings: [fail('info')] }], led, 'info').exitCode).toBe(1);
    expect(summarise([{ findings: [fail('medium')] }], led, 'critical').exitCode).toBe(0);
  });

  test('is explained', () => {
    expect(([0, 1, 2, 3] as const).map((code) => exitMeaning(code, 'high'))).toEqual([
      'nothing found at or above high',
      'something found at or above high',
      'nothing found at or above high, but not everything could be told',
      'an error of our own: the report is not to be relied on',
    ]);
    const wanted = 'nothing found at or above high, but something that the policy wants told could not be told';
    expect(exitMeaning(1, 'high', 'medium')).toBe(wanted);
    expect(exitMeaning(1, 'high', null)).toBe(wanted);
    expect(exitMeaning(1, 'high', 'critical')).toBe('something found at or above high');
  });
});

test('counts verdicts over all endpoints and knows the worst fail, whatever the threshold', () => {
  const { counts, worst } = summarise(
    [{ findings: [pass, fail('low')] }, { findings: [fail('critical'), barred] }],
    led,
    'medium',
  );
  expect(counts).toEqual({ pass: 1, fail: 2, inconclusive: 1, 'not-applicable': 0, error: 0 });
  expect(worst).toBe('critical');
  expect(summarise([{ findings: [pass] }], led, 'medium').worst).toBeNull();
  const some = summarise([{ findings: [waived(fail('critical')), fail('low')] }], led, 'medium');
  expect(some).toMatchObject({ worst: 'low', counts: { fail: 2 } });
});

test('severities are ordered', () => {
  expect(isAtLeast('high', 'medium')).toBe(true);
  expect(isAtLeast('medium', 'medium')).toBe(true);
  expect(isAtLeast('low', 'medium')).toBe(false);
});
