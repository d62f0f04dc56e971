import { expect, test } from 'vitest';
import { startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { startDelayProxy } from '../support/delay-proxy.ts';
import { median, mostErrors, mxprobe, nmap, reportOf, times } from './measure.ts';

/** Beside nmap's smtp-open-relay, in one run, so that only the ratio counts. */

test('stock Postfix: the relay question as a whole process', async () => {
  await using server = await startServer(stock());
  const target = `127.0.0.1:${server.port('smtp')}`;
  const ours = await times(7, () => mxprobe(target, '--probe', 'open-relay'));
  const theirs = await times(1, () => nmap(server.port('smtp'), '+smtp-open-relay'));
  const ratio = median(theirs) / median(ours);
  const shapes = figures(reportOf(ours[0] ?? fail()));
  console.log(
    `open-relay on stock Postfix: mxprobe ${ms(ours)}, ${shapes.refused} shapes refused; nmap ${ms(theirs)}, 16 shapes; ratio ${ratio.toFixed(0)}`,
  );
  expect(shapes.refused).toBeGreaterThan(16);
  expect(ratio).toBeGreaterThan(50);
});

const first = ['hello', 'starttls-works', 'starttls-offer', 'open-relay'].flatMap((id) => ['--probe', id]);

test('stock Postfix: the relay question and TLS, at most 8 connections', async () => {
  await using server = await startServer(stock());
  const runs = await times(5, () => mxprobe(`127.0.0.1:${server.port('smtp')}`, ...first));
  const { cost } = reportOf(runs[0] ?? fail()).endpoints[0] ?? fail();
  console.log(`relay and STARTTLS: ${ms(runs)}, ${cost.connections} connections, ${cost.commands} commands`);
  expect(cost.connections).toBeLessThanOrEqual(8);
});

test('stock Postfix: what the whole default scan costs the server', async () => {
  await using server = await startServer(stock());
  const runs = await times(5, () => mxprobe(`127.0.0.1:${server.port('smtp')}`));
  const report = reportOf(runs[0] ?? fail());
  const { connections, commands, bytesSent } = report.endpoints[0]?.cost ?? fail();
  console.log(
    `whole default scan: ${ms(runs)}, ${connections} connections, ${commands} commands, ${bytesSent} bytes sent, at most ${mostErrors(report)} errors in a session`,
  );
  // Four of them end with the first answer to a ClientHello.
  expect(connections).toBeLessThanOrEqual(18);
  expect(mostErrors(report)).toBeLessThan(10);
});

test('50 ms away, a server that tarpits nothing', async () => {
  await using server = await startServer({
    ...stock(),
    config: { ...stock().config, 'main:smtpd_error_sleep_time': '0' },
  });
  await using proxy = await startDelayProxy({ port: server.port('smtp') }, 50);
  const relay = await times(3, () => mxprobe(`127.0.0.1:${proxy.port}`, ...first));
  const theirs = await times(1, () => nmap(proxy.port, '+smtp-open-relay'));
  const inScan = reportOf(relay[0] ?? fail()).endpoints[0]?.cost.seconds ?? 0;
  const ratio = median(theirs) / median(relay);
  console.log(
    `100 ms round trip: mxprobe ${ms(relay)} (${(inScan / 0.1).toFixed(1)} round trips in the scan), nmap ${ms(theirs)}; ratio ${ratio.toFixed(1)}`,
  );
  expect(inScan / 0.1).toBeLessThanOrEqual(17);
  expect(ratio).toBeGreaterThan(3);
});

test('50 ms away: the whole default scan beside nmap smtp-commands, smtp-enum-users and smtp-open-relay together', async () => {
  await using server = await startServer({
    ...stock(),
    config: { ...stock().config, 'main:smtpd_error_sleep_time': '0' },
  });
  await using proxy = await startDelayProxy({ port: server.port('smtp') }, 50);
  const ours = await times(3, () => mxprobe(`127.0.0.1:${proxy.port}`));
  const theirs = await times(1, () => nmap(proxy.port, '+smtp-commands,+smtp-enum-users,+smtp-open-relay'));
  const { cost, findings } = reportOf(ours[0] ?? fail()).endpoints[0] ?? fail();
  const ratio = median(theirs) / median(ours);
  const trips = (cost.seconds / 0.1).toFixed(1);
  console.log(
    `100 ms round trip, ${findings.length} probes: mxprobe ${ms(ours)} (${trips} round trips, ${cost.connections} connections); nmap, three scripts: ${ms(theirs)}; ratio ${ratio.toFixed(1)}`,
  );
  expect(cost.seconds / 0.1).toBeLessThanOrEqual(40);
  expect(cost.connections).toBeLessThanOrEqual(12);
});

function stock(): Scenario {
  return scenarios.find(({ id }) => id === 'debian-default') ?? fail();
}

function figures(report: ReturnType<typeof reportOf>): { refused: number } {
  const measured = report.endpoints[0]?.findings.find(({ probe }) => probe === 'open-relay')?.measured;
  return { refused: Array.isArray(measured?.refused) ? measured.refused.length : 0 };
}

const ms = (runs: Parameters<typeof median>[0]): string => `${median(runs).toFixed(0)} ms`;

function fail(): never {
  throw new Error('nothing was measured');
}
