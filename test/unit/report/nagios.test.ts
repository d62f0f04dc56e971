import { describe, expect, test } from 'vitest';
import { pluginStateOf, toNagios, unknownLine } from '../../../src/report/nagios.ts';
import { endpointReport, finding, report } from './handmade.ts';
import { attacks, domainsSaying, reportSaying } from './hostile.ts';
import { readPlugin } from './plugin-output.ts';

describe('the state', () => {
  test.each<[string, Parameters<typeof report>[0], 0 | 1 | 2 | 3]>([
    ['nothing wrong', [endpointReport([finding('hello', 'pass')])], 0],
    ['a fail below --fail-on', [endpointReport([finding('a', 'fail', { severity: 'low' }), finding('b', 'pass')])], 0],
    ['a medium fail', [endpointReport([finding('a', 'fail', { severity: 'medium' })])], 1],
    ['a high one', [endpointReport([finding('a', 'fail', { severity: 'high' }), finding('b', 'inconclusive')])], 2],
    ['a critical one', [endpointReport([finding('a', 'fail', { severity: 'critical' })])], 2],
    [
      'something untold',
      [endpointReport([finding('a', 'pass'), finding('b', 'inconclusive', { doubt: 'timeout' })])],
      3,
    ],
    [
      'a critical fail that is waived',
      [
        endpointReport([
          finding('a', 'fail', { severity: 'critical', waived: { until: '2026-12-31', reason: 'known' } }),
        ]),
      ],
      0,
    ],
    [
      'a doubt that must not be',
      [endpointReport([finding('a', 'inconclusive', { doubt: 'timeout', mustTell: true })])],
      1,
    ],
    ['a bug of ours', [endpointReport([finding('a', 'fail', { severity: 'critical' }), finding('b', 'error')])], 3],
    ['nothing at all', [], 3],
  ])('of %s', (_, endpoints, state) => {
    const whole = report(endpoints);
    expect(pluginStateOf(whole)).toBe(state);
    expect(readPlugin(toNagios(whole)).state).toBe(state);
  });
});

test('the line says what, where and how bad, the worst first', () => {
  const whole = report([
    endpointReport([
      finding('vrfy', 'inconclusive', { doubt: 'timeout', because: 'nothing within 30 s' }),
      finding('auth-weak', 'fail', { because: 'it lists NTLM' }),
      finding('open-relay', 'fail', { severity: 'critical', because: 'it accepts mail for outside' }),
    ]),
  ]);
  expect(toNagios(whole).split('|')[0]).toBe(
    'MXPROBE CRITICAL - 2 failures (worst: critical), 1 could not be told, 0 passed, 0 not applicable. ' +
      'mx1.example.com/192.0.2.1:25 open-relay [critical]: it accepts mail for outside; ' +
      'mx1.example.com/192.0.2.1:25 auth-weak [medium]: it lists NTLM; ' +
      'mx1.example.com/192.0.2.1:25 vrfy [unknown]: nothing within 30 s;',
  );
});

describe('performance data', () => {
  const limits = [
    finding('connection-rate', 'pass', { measured: { limit: 30, windowSeconds: 60 } }),
    finding('message-rate', 'pass', {
      measured: { limit: 10, windowSeconds: null, windowAtLeast: 25, windowAtMost: 30 },
    }),
    finding('connection-count', 'pass', { measured: { limit: 9 } }),
    finding('idle-timeout', 'pass', { measured: { limit: 300.5 } }),
    finding('message-size', 'pass', { measured: { limit: 10_240_000 } }),
    finding('auth-rate', 'fail', { measured: { limit: null } }),
    finding('tls-certificate', 'fail', { measured: { daysLeft: -3 } }),
  ];

  test('has what it cost, and each limit under the ceiling of the policy', () => {
    const { perfdata } = readPlugin(toNagios(report([endpointReport(limits)])));
    expect(perfdata).toEqual([
      { label: 'failed', value: 2, unit: '', warn: '', crit: '', min: '0' },
      { label: 'warnings', value: 0, unit: '', warn: '', crit: '', min: '0' },
      { label: 'notes', value: 0, unit: '', warn: '', crit: '', min: '0' },
      { label: 'untold', value: 0, unit: '', warn: '', crit: '', min: '0' },
      { label: 'passed', value: 5, unit: '', warn: '', crit: '', min: '0' },
      { label: 'connections', value: 3, unit: '', warn: '', crit: '', min: '0' },
      { label: 'commands', value: 61, unit: '', warn: '', crit: '', min: '0' },
      { label: 'sent', value: 950, unit: 'B', warn: '', crit: '', min: '0' },
      { label: 'received', value: 4210, unit: 'B', warn: '', crit: '', min: '0' },
      { label: 'seconds', value: 1.5, unit: 's', warn: '', crit: '', min: '0' },
      { label: 'connection-rate', value: 30, unit: '', warn: '100', crit: '', min: '0' },
      { label: 'message-rate', value: 20, unit: '', warn: '100', crit: '', min: '0' },
      { label: 'connection-count', value: 9, unit: '', warn: '50', crit: '', min: '0' },
      { label: 'idle-timeout', value: 300.5, unit: 's', warn: '300', crit: '', min: '0' },
      { label: 'message-size', value: 10_240_000, unit: 'B', warn: '104857600', crit: '', min: '0' },
      { label: 'certificate-days', value: -3, unit: '', warn: '14:', crit: '0:', min: '' },
    ]);
  });

  test.each([1e21, 1e300])('writes %d in digits', (limit) => {
    const huge = [endpointReport([finding('message-size', 'pass', { measured: { limit } })])];
    const { perfdata } = readPlugin(toNagios(report(huge)));
    expect(perfdata.find(({ label }) => label === 'message-size')?.value).toBe(limit);
  });

  test('tells endpoints apart', () => {
    const two = [
      endpointReport(limits.slice(0, 1)),
      endpointReport(limits.slice(0, 1), { id: "o'brien=x/192.0.2.2:25" }),
    ];
    const labels = readPlugin(toNagios(report(two))).perfdata.map(({ label }) => label);
    expect(labels).toEqual(
      expect.arrayContaining([
        'mx1.example.com/192.0.2.1:25 connection-rate',
        'o_brien_x/192.0.2.2:25 connection-rate',
      ]),
    );
  });
});

test.each(attacks)('no server writes a status, a figure or a line of its own: %j', (attack) => {
  const { state, text, perfdata } = readPlugin(toNagios(reportSaying(attack)));
  expect(state).toBe(3);
  expect(text).not.toMatch(/[<>`$]/);
  expect(perfdata.filter(({ label }) => label === 'failed')).toMatchObject([{ value: 2 }]);
  const ofDomains = readPlugin(toNagios(domainsSaying(attack)));
  expect(ofDomains.state).toBe(3);
  expect(ofDomains.perfdata.filter(({ label }) => label === 'failed')).toMatchObject([{ value: 5 }]);
  expect(readPlugin(unknownLine(attack))).toMatchObject({ state: 3, perfdata: [] });
});
