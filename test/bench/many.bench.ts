import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { median, mxprobe, reportOf, times } from './measure.ts';

test('200 endpoints at once on loopback', async () => {
  const server = new SMTPServer({
    name: 'mx.example.test',
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    maxClients: 5000,
    onRcptTo: (_to, _session, done) => done(Object.assign(new Error('Relay access denied'), { responseCode: 554 })),
  });
  // Handshakes with old versions end in errors, as they should.
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening));
  const { port } = server.server.address() as AddressInfo;
  const targets = (count: number) =>
    Array.from({ length: count }, (_, nth) => `127.0.${1 + Math.floor(nth / 200)}.${1 + (nth % 200)}:${port}`);
  const relay = ['hello', 'starttls-works', 'starttls-offer', 'open-relay'].flatMap((id) => ['--probe', id]);
  const ours = await times(3, () => mxprobe(...targets(200), ...relay));
  const whole = await times(1, () => mxprobe(...targets(200)));
  const tell = (what: string, runs: typeof ours) => {
    const perSecond = ((200 * 1000) / median(runs)).toFixed(0);
    const peak = Math.max(...runs.map(({ peakMb }) => peakMb));
    console.log(
      `200 endpoints, ${what}: ${median(runs).toFixed(0)} ms, ${perSecond} endpoints/s, peak memory ${peak} MB`,
    );
    return peak;
  };
  const peak = tell('relay and STARTTLS', ours);
  tell('whole default scan', whole);
  const report = reportOf(ours[0] ?? fail());
  await new Promise<void>((closed) => server.close(() => closed()));
  expect(report.endpoints).toHaveLength(200);
  expect(peak).toBeLessThan(200);
});

function fail(): never {
  throw new Error('nothing was measured');
}
