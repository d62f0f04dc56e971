import { describe, expect, test } from 'vitest';
import { held, measured, notPermitted, rowOf, type Shown, told, untold } from './held.ts';

const rates = [
  ['smtpd_client_connection_rate_limit', 'connection-rate'],
  ['smtpd_client_message_rate_limit', 'message-rate'],
  ['smtpd_client_recipient_rate_limit', 'recipient-rate'],
  ['smtpd_client_auth_rate_limit', 'auth-rate'],
  ['smtpd_client_new_tls_session_rate_limit', 'tls-session-rate'],
] as const;

describe.each(rates)('%s', (directive, probe) => {
  const found = (limit: number): Shown => ({
    findings: [measured(probe, 'pass', { limit, windowSeconds: 60, tried: limit + 1 })],
  });
  const none = (tried: number): Shown => ({
    findings: [measured(probe, 'fail', { limit: null, tried }, '220 hello')],
  });

  test.each<[string, string, Shown, string]>([
    ['the very number', '17', found(17), 'confirmed'],
    ['another number', '17', found(30), 'contradicted'],
    ['a limit where the file has none', '0', found(30), 'contradicted'],
    ['none, and the file has none', '0', none(120), 'confirmed'],
    ['none, and the file has one', '17', none(120), 'contradicted'],
    ['none as far as was tried', '300', none(120), 'not-told'],
    ['nothing, as it was not allowed', '17', { findings: [notPermitted(probe)] }, 'not-told'],
    ['nothing, as another limit came first', '17', { findings: [untold(probe, 'throttled')] }, 'not-told'],
    ['nothing, as the probe did not run', '17', {}, 'not-told'],
  ])('%s', (_, value, shown, verdict) => {
    expect(told(directive, `${directive} = ${value}`, shown)).toBe(verdict);
  });

  test('the default is none', () => {
    expect(rowOf(directive, '', none(120))).toMatchObject({
      verdict: 'confirmed',
      configured: { value: '0', where: 'default of 3.7' },
      seen: expect.stringContaining('none within 120'),
    });
  });

  test('the way on is named', () => {
    expect(rowOf(directive, `${directive} = 300`, none(120)).because).toContain('--max-events 301');
    expect(rowOf(directive, `${directive} = 3`, { findings: [notPermitted(probe)] }).because).toContain('--allow load');
  });
});

describe('a limit that leaves us out', () => {
  const main = 'smtpd_client_connection_rate_limit = 3\nsmtpd_client_event_limit_exceptions = 0.0.0.0/0';
  const shown = { findings: [measured('connection-rate', 'fail', { limit: null, tried: 30 }, '220 hello')] };

  test('says so, with the line of the file', () => {
    const row = rowOf('smtpd_client_connection_rate_limit', main, shown);
    expect(row.verdict).toBe('not-told');
    expect(row.because).toContain('smtpd_client_event_limit_exceptions = 0.0.0.0/0 (main.cf:6)');
  });

  test('and confirms the exceptions', () => {
    expect(told('smtpd_client_event_limit_exceptions', main, shown)).toBe('confirmed');
  });

  test('is not taken for none where the scan may be trusted', () => {
    const none = {
      findings: [untold('connection-rate', 'ambiguous', { limit: null, tried: 120 })],
      observations: { 'connection-rate': { result: { outcome: 'none' } } },
    };
    const directive = 'smtpd_client_connection_rate_limit';
    expect(told(directive, `${directive} = 0`, none)).toBe('not-told');
    expect(told(directive, `${directive} = 9`, none)).toBe('not-told');
  });

  test('nor is a limit that was met, and not measured', () => {
    const doubtful = {
      findings: [untold('connection-rate', 'ambiguous', { limit: null, tried: 10 }, 'no window of one length')],
      observations: { 'connection-rate': { result: { outcome: 'doubt' } } },
    };
    const directive = 'smtpd_client_connection_rate_limit';
    expect(rowOf(directive, `${directive} = 30`, doubtful)).toMatchObject({
      verdict: 'not-told',
      because: 'no window of one length',
    });
  });
});

describe('smtpd_client_event_limit_exceptions', () => {
  const directive = 'smtpd_client_event_limit_exceptions';
  const limit = 'smtpd_client_connection_rate_limit = 3\n';
  const text = '421 4.7.0 mx Error: too many connections from 198.51.100.7';
  const refused: Shown = {
    findings: [measured('connection-rate', 'pass', { limit: 3, tried: 4 }, text)],
    sessions: [{ id: 's1', events: [{ at: 0, from: 'them', tls: false, probe: 'connection-rate', text }] }],
  };

  test.each<[string, string, Shown, string]>([
    ['we are counted, and not in it', `${limit}${directive} = 10.0.0.0/8`, refused, 'confirmed'],
    ['we are counted, and in it', `${limit}${directive} = 198.51.100.0/24`, refused, 'contradicted'],
    [
      'we are counted, but for a negation in it',
      `${limit}${directive} = !198.51.100.7, 0.0.0.0/0`,
      refused,
      'confirmed',
    ],
    ['we are counted, and a table may hold us', `${limit}${directive} = cidr:/etc/x`, refused, 'not-told'],
    ['no limit is set', 'smtpd_client_connection_count_limit = 0', {}, 'not-visible'],
    ['limits were not tried', limit, {}, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });
});

describe('anvil_rate_time_unit', () => {
  const limit = 'smtpd_client_message_rate_limit = 5\n';
  const window = (figures: object): Shown => ({
    findings: [measured('message-rate', 'pass', { limit: 5, ...figures })],
  });
  const between = window({ windowSeconds: null, windowAtLeast: 58, windowAtMost: 61 });

  test.each<[string, string, Shown, string]>([
    ['to the second', '60s', window({ windowSeconds: 60 }), 'confirmed'],
    ['another', '60s', window({ windowSeconds: 7 }), 'contradicted'],
    ['a minute is 60 s', '1m', window({ windowSeconds: 60 }), 'confirmed'],
    ['within what was measured', '60s', between, 'confirmed'],
    ['outside of what was measured', '30s', between, 'contradicted'],
    ['nothing was allowed', '60s', { findings: [notPermitted('message-rate')] }, 'not-told'],
  ])('%s', (_, unit, shown, verdict) => {
    expect(told('anvil_rate_time_unit', `${limit}anvil_rate_time_unit = ${unit}`, shown)).toBe(verdict);
  });

  test('does not show where no limit counts in it', () => {
    expect(told('anvil_rate_time_unit', '', {})).toBe('not-visible');
  });
});

describe('connections at once', () => {
  const directive = 'smtpd_client_connection_count_limit';
  const count = (figures: object, verdict: 'pass' | 'fail' = 'pass'): Shown => ({
    findings: [measured('connection-count', verdict, { tried: 9, ...figures })],
  });
  const pool = count({ limit: null, kind: 'process-pool', held: 8 }, 'fail');
  const none = count({ limit: null, kind: null, held: 120 }, 'fail');

  test.each<[string, string, Shown, string]>([
    ['the number of the file', `${directive} = 7`, count({ limit: 7, held: 7 }), 'confirmed'],
    ['another', `${directive} = 7`, count({ limit: 50, held: 50 }), 'contradicted'],
    ['the default', '', count({ limit: 50, held: 50 }), 'confirmed'],
    ['none', `${directive} = 0`, none, 'confirmed'],
    ['none, and the file has one', `${directive} = 7`, none, 'contradicted'],
    ['fewer processes than that', 'default_process_limit = 8', pool, 'not-visible'],
    ['more held than allowed', `${directive} = 3`, pool, 'not-told'],
  ])('%s', (_, main, shown, verdict) => {
    expect(told(directive, main, shown)).toBe(verdict);
  });

  test.each<[string, string, Shown, string]>([
    ['as many as there are processes', 'default_process_limit = 8', pool, 'confirmed'],
    ['more than there are', 'default_process_limit = 5', pool, 'contradicted'],
    ['fewer: others may hold the rest', 'default_process_limit = 20', pool, 'not-told'],
    ['hidden by the limit of a client', '', count({ limit: 50, held: 50 }), 'not-visible'],
    ['not used up', `${directive} = 0\ndefault_process_limit = 200`, none, 'not-told'],
  ])('processes: %s', (_, main, shown, verdict) => {
    expect(told('default_process_limit', main, shown)).toBe(verdict);
  });

  test('maxproc of master.cf comes before default_process_limit', () => {
    const row = rowOf('default_process_limit', { master: 'smtp inet n - n - 8 smtpd\n' }, pool);
    expect(row).toMatchObject({ verdict: 'confirmed', configured: { value: '8', where: 'maxproc, master.cf:1' } });
  });
});

test('every confirmed and every contradicted row has a quote', () => {
  const findings = rates.map(([, probe]) => measured(probe, 'pass', { limit: 9, tried: 10, windowSeconds: 60 }));
  const { endpoints } = held({ main: 'smtpd_client_connection_rate_limit = 9' }, { findings });
  const proven = endpoints.flatMap(({ rows }) => rows).filter(({ verdict }) => /^con/.test(verdict));
  expect(proven.length).toBeGreaterThan(5);
  for (const { directive, evidence } of proven) expect(evidence, directive).not.toEqual([]);
});
