import { expect, test } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { defaultLimits, type Report } from '../../src/index.ts';
import type { Finding } from '../../src/model/report.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** What it costs the server to have its limits measured, over the least that can tell: one event more than the limit. */

const windowSeconds = 11;

test.each([5, 23, 100])('%i messages in a window', async (limit) => {
  const { report, seconds } = await measure({ 'main:smtpd_client_message_rate_limit': `${limit}` }, ['message-rate']);
  const { events, tried } = figures(report, 'message-rate');
  const burst = tried / (limit + 1);
  // Beside the burst, one event before the end of the window and one behind it.
  const whole = events / (limit + 3);
  console.log(
    `message-rate ${limit}: ${tried} events in the burst, ${burst.toFixed(2)} times the least; ${events} with the window, ${whole.toFixed(2)} times the least; ${seconds.toFixed(0)} s`,
  );
  expect(figures(report, 'message-rate').limit).toBe(limit);
  expect(burst).toBeLessThanOrEqual(1.2);
});

test('all limits of a client, 30 each', async () => {
  const ids = [
    'message-rate',
    'recipient-rate',
    'auth-rate',
    'tls-session-rate',
    'connection-count',
    'connection-rate',
  ] as const;
  const { report, seconds } = await measure(
    {
      'main:smtpd_client_message_rate_limit': '30',
      'main:smtpd_client_recipient_rate_limit': '30',
      'main:smtpd_client_auth_rate_limit': '30',
      'main:smtpd_client_new_tls_session_rate_limit': '30',
      'main:smtpd_client_connection_count_limit': '30',
      // Three connections more tell the number at once, and those of the rate must not be used up by then.
      'main:smtpd_client_connection_rate_limit': '33',
    },
    ids,
  );
  const found = ids.map((id) => figures(report, id));
  const spent = found.reduce((sum, { tried }) => sum + tried, 0);
  const least = found.reduce((sum, { limit }) => sum + (limit ?? 0) + 1, 0);
  console.log(
    `all six limits: ${spent} events, ${(spent / least).toFixed(2)} times the least; ${seconds.toFixed(0)} s, of which ${(seconds / windowSeconds).toFixed(1)} windows of ${windowSeconds} s`,
  );
  expect(found.map(({ limit }) => limit)).toEqual([30, 30, 30, 30, 30, 33]);
  expect(spent / least).toBeLessThanOrEqual(1.2);
});

async function measure(config: Readonly<Record<string, string>>, probes: readonly string[]) {
  const scenario = {
    id: 'limits-bench',
    sentence: 'Postfix with limits.',
    image: 'postfix-dovecot',
    service: 'smtp',
    role: 'mx',
    config: { 'main:anvil_rate_time_unit': `${windowSeconds}s`, ...config },
    expect: {},
  } as const;
  await using server = await startServer(scenario);
  const began = performance.now();
  const report = await scanScenario(scenario, server, {
    allow: 'load',
    vantage: 'outside',
    probes,
    limits: { ...defaultLimits, assumedWindowSeconds: windowSeconds },
  });
  return { report, seconds: (performance.now() - began) / 1000 };
}

function figures(report: Report, id: string): { limit: number | null; tried: number; events: number } {
  const measured = report.endpoints[0]?.findings.find(({ probe }: Finding) => probe === id)?.measured ?? {};
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  return {
    limit: typeof measured.limit === 'number' ? measured.limit : null,
    tried: number(measured.tried),
    events: number(measured.events),
  };
}
