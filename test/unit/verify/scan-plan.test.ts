import { expect, test } from 'vitest';
import { readPostfix } from '../../../src/postfix/configuration.ts';
import { scanPlanOf } from '../../../src/verify/scan-plan.ts';

const planOf = (text: string) => scanPlanOf(readPostfix({ name: 'main.cf', text }));

test('what the files set comes first', () => {
  const stock = planOf('myhostname = mx.example.test\n').probes;
  const { probes } = planOf('smtpd_client_connection_rate_limit = 30\nsmtpd_timeout = 100s\n');
  expect(probes.toSorted()).toEqual(stock.toSorted());
  expect(probes.indexOf('connection-rate')).toBeLessThan(probes.indexOf('message-rate'));
  expect(probes.indexOf('idle-timeout')).toBeLessThan(probes.indexOf('junk-limit'));
});

test.each([
  ['none that is set', 'myhostname = mx.example.test\n', null],
  ['one that is set to none', 'smtpd_client_message_rate_limit = 0\n', null],
  ['the highest of two', 'smtpd_client_message_rate_limit = 200\nsmtpd_client_auth_rate_limit = 7\n', 201],
  ['not those of a message', 'message_size_limit = 10000\n', null],
])('events for limits: %s', (_, text, events) => {
  expect(planOf(text).events).toBe(events);
});
