import { describe, expect, test } from 'vitest';
import { disabledBy } from '../../../src/postfix/disabled.ts';
import { hostAndPort, portNames } from '../../../src/postfix/service-port.ts';
import { isYes, listOf, secondsOf, unbraced } from '../../../src/postfix/values.ts';

test.each([
  ['60s', '', 60],
  ['5m', '', 300],
  ['1h', '', 3600],
  ['2d', '', 172_800],
  ['1w', '', 604_800],
  ['100', '', 100],
  ['100', 'smtpd_timeout', 100],
  ['0', 'anvil_rate_time_unit', 0],
  ['2', 'postscreen_greet_ttl', 172_800],
  ['2', 'postscreen_cache_cleanup_interval', 7200],
  ['2', 'postscreen_dnsbl_max_ttl', 7200],
  ['2', 'maximal_queue_lifetime', 172_800],
  ['2', 'constructor', 2],
  ['10sec', '', 10],
  ['', '', null],
  ['s', '', null],
  ['-1s', '', null],
  ['1.5h', '', null],
  ['5y', '', null],
])('%j of %j is %j seconds', (value, parameter, expected) => {
  expect(secondsOf(value, parameter)).toBe(expected);
});

test.each([
  ['', []],
  [' , ', []],
  ['a, b c,,d\te\n', ['a', 'b', 'c', 'd', 'e']],
  ['inline:{x=y, {z = w v}} texthash:/etc/x', ['inline:{x=y, {z = w v}}', 'texthash:/etc/x']],
  ['check_policy_service { inet:h:1, timeout=5s },b', ['check_policy_service', '{ inet:h:1, timeout=5s }', 'b']],
  ['{ open, b', ['{ open, b']],
  ['a} b', ['a}', 'b']],
  ['{a}b c', ['{a}b', 'c']],
])('the members of %j', (value, expected) => {
  expect(listOf(value)).toEqual(expected);
});

test.each([
  ['{ a b }', 'a b'],
  ['a', 'a'],
  ['{a', '{a'],
])('%j without braces', (member, expected) => {
  expect(unbraced(member)).toBe(expected);
});

test.each([
  ['yes', true],
  ['YES', true],
  ['no', false],
  ['No', false],
  ['true', null],
  ['1', null],
  ['', null],
])('%j as a switch', (value, expected) => {
  expect(isYes(value)).toBe(expected);
});

describe('the name of a service', () => {
  test.each([
    ['smtp', null, 25],
    ['25', null, 25],
    ['submission', null, 587],
    ['submissions', null, 465],
    ['smtps', null, 465],
    ['10025', null, 10_025],
    ['127.0.0.1:10025', '127.0.0.1', 10_025],
    ['mx.example.test:smtp', 'mx.example.test', 25],
    ['[::1]:smtp', '::1', 25],
    ['[192.0.2.1]:26', '192.0.2.1', 26],
    [':26', null, 26],
    ['mine', null, 2525],
    ['other', null, null],
    ['65536', null, null],
    ['0', null, null],
    ['constructor', null, null],
  ])('%s', (service, host, port) => {
    expect(hostAndPort(service, portNames('mine=also=2525, x=smtp'))).toEqual({ host, port });
  });

  test('comes from known_tcp_ports', () => {
    expect([...portNames('lmtp=24, smtps=submissions=465 x=y')]).toEqual([
      ['lmtp', 24],
      ['smtps', 465],
      ['submissions', 465],
    ]);
  });
});

test.each([
  ['', false],
  ['inet', true],
  ['INET', true],
  ['unix', false],
  ['smtp/inet', true],
  ['smtp.inet', true],
  ['submission/inet', false],
  ['!smtp/inet, inet', false],
  ['!submission/inet inet', true],
])('master_service_disable = %s: smtp is off: %s', (list, expected) => {
  expect(disabledBy(list)({ name: 'smtp', type: 'inet' })).toBe(expected);
});
