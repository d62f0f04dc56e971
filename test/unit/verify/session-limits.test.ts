import { describe, expect, test } from 'vitest';
import { exchange, measured, notPermitted, rowOf, type Shown, told, untold } from './held.ts';

/** So many errors in one session, answered in so many seconds each. */
function errors(figures: object, seconds: readonly number[] = []): Shown {
  const exchanges = seconds.map((one, index) => ({ ...exchange(`X${index}`, '500 5.5.2 Error'), seconds: one }));
  return {
    findings: [measured('error-limit', 'pass', { limit: null, soft: null, sleepSeconds: null, tried: 20, ...figures })],
    observations: { 'error-limit': { exchanges } },
  };
}

const stock = errors({ limit: 20, soft: 10, sleepSeconds: 1 });
const quick = errors(
  { limit: 20 },
  Array.from({ length: 20 }, () => 0.001),
);

test.each<[string, string, string, Shown, string]>([
  ['smtpd_hard_error_limit', 'the default', '', stock, 'confirmed'],
  ['smtpd_hard_error_limit', 'another', 'smtpd_hard_error_limit = 9', stock, 'contradicted'],
  ['smtpd_hard_error_limit', 'not allowed', '', { findings: [notPermitted('error-limit')] }, 'not-told'],
  ['smtpd_soft_error_limit', 'the default', '', stock, 'confirmed'],
  ['smtpd_soft_error_limit', 'another', 'smtpd_soft_error_limit = 5', stock, 'contradicted'],
  ['smtpd_soft_error_limit', 'nothing held back', '', quick, 'contradicted'],
  ['smtpd_soft_error_limit', 'none before the end', 'smtpd_soft_error_limit = 30', quick, 'confirmed'],
  ['smtpd_error_sleep_time', 'the default', '', stock, 'confirmed'],
  ['smtpd_error_sleep_time', 'another', 'smtpd_error_sleep_time = 3s', stock, 'contradicted'],
  ['smtpd_error_sleep_time', 'nothing held back', '', quick, 'contradicted'],
  ['smtpd_error_sleep_time', 'none wanted', 'smtpd_error_sleep_time = 0', quick, 'confirmed'],
  ['smtpd_error_sleep_time', 'not allowed', '', { findings: [notPermitted('error-limit')] }, 'not-told'],
])('%s: %s', (directive, _, main, shown, verdict) => {
  expect(told(directive, main, shown)).toBe(verdict);
});

describe('smtpd_junk_command_limit', () => {
  const junk = (figures: object, verdict: 'pass' | 'fail' = 'pass'): Shown => ({
    findings: [measured('junk-limit', verdict, { limit: null, errorLimit: 20, tried: 121, ...figures })],
  });
  const directive = 'smtpd_junk_command_limit';
  test.each<[string, string, Shown, string]>([
    ['the default', '', junk({ limit: 100 }), 'confirmed'],
    ['another', `${directive} = 17`, junk({ limit: 100 }), 'contradicted'],
    ['none met, and it should have been', `${directive} = 17`, junk({}, 'fail'), 'contradicted'],
    ['none met as far as was tried', `${directive} = 300`, junk({}, 'fail'), 'not-told'],
    ['not allowed', '', { findings: [notPermitted('junk-limit')] }, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });
});

describe('smtpd_recipient_limit', () => {
  const directive = 'smtpd_recipient_limit';
  const probe = 'recipients-per-message';
  const within = (tried: number): Shown => ({ findings: [untold(probe, 'budget-spent', { limit: null, tried })] });
  test.each<[string, string, Shown, string]>([
    [
      'the number of the file',
      `${directive} = 107`,
      { findings: [measured(probe, 'pass', { limit: 107, tried: 107 })] },
      'confirmed',
    ],
    [
      'another',
      `${directive} = 107`,
      { findings: [measured(probe, 'pass', { limit: 50, tried: 50 })] },
      'contradicted',
    ],
    ['more than was tried', '', within(120), 'not-told'],
    ['fewer than were taken, and it was cut short', `${directive} = 107`, within(120), 'not-told'],
    ['not allowed', '', { findings: [notPermitted(probe)] }, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });

  test('says what the probe says', () => {
    expect(rowOf(directive, '', within(120)).because).toContain(`${probe} could not be told`);
  });
});

describe('time', () => {
  const idle = (figures: object, verdict: 'pass' | 'fail' = 'pass'): Shown => ({
    findings: [measured('idle-timeout', verdict, { limit: null, tried: 330, ...figures })],
  });
  const deadline = (verdict: 'pass' | 'fail'): Shown => ({
    findings: [measured('command-deadline', verdict, { limit: 5 })],
  });
  test.each<[string, string, string, Shown, string]>([
    ['smtpd_timeout', 'the default', '', idle({ limit: 300 }), 'confirmed'],
    ['smtpd_timeout', 'another', 'smtpd_timeout = 5s', idle({ limit: 300 }), 'contradicted'],
    ['smtpd_timeout', 'longer than was waited', 'smtpd_timeout = 1h', idle({}, 'fail'), 'not-told'],
    ['smtpd_timeout', 'shorter than was waited', '', idle({}, 'fail'), 'contradicted'],
    ['smtpd_timeout', 'not allowed', '', { findings: [notPermitted('idle-timeout')] }, 'not-told'],
    ['smtpd_per_request_deadline', 'no, and none', '', deadline('fail'), 'confirmed'],
    ['smtpd_per_request_deadline', 'no, and one', '', deadline('pass'), 'contradicted'],
    ['smtpd_per_request_deadline', 'yes, and one', 'smtpd_per_request_deadline = yes', deadline('pass'), 'confirmed'],
    [
      'smtpd_per_request_deadline',
      'yes, and none',
      'smtpd_per_request_deadline = yes',
      deadline('fail'),
      'contradicted',
    ],
    ['smtpd_per_request_deadline', 'not allowed', '', { findings: [notPermitted('command-deadline')] }, 'not-told'],
  ])('%s: %s', (directive, _, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });
});
