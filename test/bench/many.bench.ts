import { expect, test } from 'vitest';
import { addressesOf, startFarm } from './farm.ts';
import { median, mxprobe, reportOf, times } from './measure.ts';

test('200 endpoints at once on loopback', async () => {
  const farm = await startFarm();
  const targets = (count: number) => addressesOf(farm.port, count);
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
  await farm[Symbol.asyncDispose]();
  expect(report.endpoints).toHaveLength(200);
  expect(peak).toBeLessThan(200);
});

function fail(): never {
  throw new Error('nothing was measured');
}
