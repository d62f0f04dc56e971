import { expect, test } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import { defaultRestraint, type EndpointReport, type Report } from '../../src/index.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/**
 * What it costs the server to have its limits measured, over the least that can tell: the events that are allowed and
 * one more; and where the window is to be found as well, one event before its end and two behind it, as one alone is
 * let in by what forgets little by little, too.
 */

const windowSeconds = 11;

const clientLimits = {
  'message-rate': 'main:smtpd_client_message_rate_limit',
  'recipient-rate': 'main:smtpd_client_recipient_rate_limit',
  'auth-rate': 'main:smtpd_client_auth_rate_limit',
  'tls-session-rate': 'main:smtpd_client_new_tls_session_rate_limit',
  'connection-rate': 'main:smtpd_client_connection_rate_limit',
  'connection-count': 'main:smtpd_client_connection_count_limit',
} as const;
type ClientLimit = keyof typeof clientLimits;
const all = Object.keys(clientLimits) as ClientLimit[];

/** One connection more than handshakes: the handshake that is one too many needs it, in the same window. */
const expected = (limit: number) =>
  Object.fromEntries(all.map((id) => [id, id === 'connection-rate' ? limit + 1 : limit]));

test.each([5, 23, 100])('%i messages in a window, and the window', async (limit) => {
  const { report, seconds } = await measure(limit, ['message-rate'], windowSeconds);
  const { limit: measured, tried, events, window } = figures(report, 'message-rate');
  const least = limit + 1 + 3;
  // The silence before, as nothing is known, and the window itself.
  const leastSeconds = (windowSeconds * 7) / 6 + 1.5 + windowSeconds;
  console.log(
    `message-rate ${limit}: ${tried} events in the burst, ${ratio(tried, limit + 1)}; ${events} with the window (${window} s), ${ratio(events, least)}; ${seconds.toFixed(1)} s, ${ratio(seconds, leastSeconds)}`,
  );
  expect(measured).toBe(limit);
  expect(tried / (limit + 1)).toBeLessThanOrEqual(1.2);
  // One run in twenty begins with a second of the server: then the window that comes next must tell its length.
  expect(events / least).toBeLessThanOrEqual(seconds > 1.5 * leastSeconds ? 2.4 : 1.2);
});

test.each([5, 23, 100])('%i of each limit of a client, in one scan', async (limit) => {
  const { report, endpoint, seconds } = await measure(limit, all, windowSeconds);
  console.log(`six limits of ${limit}: ${told(report, endpoint, limit, seconds, windowSeconds)}`);
  expect(found(report)).toEqual(expected(limit));
});

test.each([5, 23, 100])('%i connections at once, where nobody has asked for their rate', async (limit) => {
  const { report } = await measure(limit, ['connection-count'], 3, { [clientLimits['connection-rate']]: '0' });
  const { limit: measured, tried } = figures(report, 'connection-count');
  console.log(`connection-count ${limit} alone: ${tried} connections, ${ratio(tried, limit + 1)}`);
  expect(measured).toBe(limit);
  // Two more tell their number from their rate: see `measureConcurrency`.
  expect(tried).toBe(limit + 3);
});

test('30 of each limit of a client, in one scan, with the window of 60 s that servers have', async () => {
  const { report, endpoint, seconds } = await measure(30, all, 60);
  console.log(`six limits of 30, window of 60 s: ${told(report, endpoint, 30, seconds, 60)}`);
  expect(found(report)).toEqual(expected(30));
  expect(seconds).toBeLessThan(480);
});

/** RFC 5321 §4.5.3.2.7: the longest single wait of these servers, and what all others may add. */
const longestWait = 300 + 60;

test.concurrent.each(['hardened', 'exim-default', 'sendmail-default', 'opensmtpd-default'])(
  'all load probes of %s, with the defaults',
  async (id) => {
    const scenario = scenarios.find((one) => one.id === id);
    if (scenario === undefined) throw new Error(`no scenario ${id}`);
    await using server = await startServer(scenario);
    const began = performance.now();
    await scanScenario(scenario, server, { allow: 'load' });
    const seconds = (performance.now() - began) / 1000;
    console.log(`${id}: all load probes in ${seconds.toFixed(0)} s`);
    expect(seconds).toBeLessThan(longestWait);
  },
);

test('six limits of a client in a window of 20 s, of which nothing is known', async () => {
  const { report, endpoint, seconds } = await measure(13, all, 60, { 'main:anvil_rate_time_unit': '20s' });
  console.log(`six limits of 13: ${told(report, endpoint, 13, seconds, 20)}`);
  expect(found(report)).toEqual(expected(13));
  expect(seconds).toBeLessThan(150);
});

function told(report: Report, { cost }: EndpointReport, limit: number, seconds: number, window: number): string {
  const each = all.map((id) => ({ id, ...figures(report, id) }));
  const spent = each.reduce((sum, { events }) => sum + events, 0);
  const least = all.length * (limit + 1) + 1 + 3;
  const waited = cost.waitedSeconds ?? Number.NaN;
  const list = each.map(({ id, events }) => `${id} ${events}`).join(', ');
  return `${spent} events (${list}), ${ratio(spent, least)}; ${cost.connections} connections, ${cost.commands} commands; ${seconds.toFixed(0)} s, of which ${waited.toFixed(0)} s waiting for windows of ${window} s`;
}

const found = (report: Report) => Object.fromEntries(all.map((id) => [id, figures(report, id).limit]));

const ratio = (spent: number, least: number): string => `${(spent / least).toFixed(2)} times the least`;

async function measure(
  limit: number,
  probes: readonly ClientLimit[],
  unit: number,
  more: Readonly<Record<string, string>> = {},
) {
  const restraint = Object.fromEntries(probes.map((id) => [clientLimits[id], `${expected(limit)[id]}`]));
  const scenario = {
    id: 'limits-bench',
    sentence: 'Postfix with limits.',
    image: 'postfix-dovecot',
    service: 'smtp',
    role: 'mx',
    config: {
      'main:anvil_rate_time_unit': `${unit}s`,
      // More processes than connections that one client may hold.
      'master:smtp/inet': 'smtp inet n - n - 150 smtpd',
      ...restraint,
      ...more,
    },
    expect: {},
  } as const;
  await using server = await startServer(scenario);
  const began = performance.now();
  const report = await scanScenario(scenario, server, {
    allow: 'load',
    vantage: 'outside',
    probes,
    restraint: { ...defaultRestraint, assumedWindowSeconds: unit },
  });
  const [endpoint] = report.endpoints;
  if (endpoint === undefined) throw new Error('no endpoint was scanned');
  return { report, endpoint, seconds: (performance.now() - began) / 1000 };
}

/** `events`: all that were counted, polls included; connections that were held have no polls. */
function figures(report: Report, id: ClientLimit) {
  const finding = report.endpoints[0]?.findings.find(({ probe }) => probe === id);
  const measured = finding?.measured ?? {};
  const number = (value: unknown) => (typeof value === 'number' ? value : Number.NaN);
  if (typeof measured.limit !== 'number') console.log(`${id}: ${finding?.verdict}, ${finding?.because}`);
  return {
    limit: typeof measured.limit === 'number' ? measured.limit : null,
    tried: number(measured.tried),
    events: number(measured.events ?? measured.tried),
    window: measured.windowSeconds ?? `${measured.windowAtLeast} to ${measured.windowAtMost}`,
  };
}
