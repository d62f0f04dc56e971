import { expect, test } from 'vitest';
import { startDemo } from '../../src/demo/demo-server.ts';
import { parseTarget, type Report, scan } from '../../src/index.ts';
import { toNagios } from '../../src/report/nagios.ts';
import { readOpenMetrics } from '../support/openmetrics.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { readPlugin } from '../unit/report/plugin-output.ts';
import { configOf, hour, site, start, world } from './world.ts';

/** Limits as `--format nagios` has them, by probe. */
const pluginLimits = (said: Report): (readonly [string, number])[] => {
  const { perfdata } = readPlugin(toNagios(said));
  const first = perfdata.findIndex(({ label }) => label === 'seconds') + 1;
  return perfdata
    .slice(first)
    .filter(({ label }) => label !== 'certificate-days')
    .map(({ label, value }) => [label, value] as const);
};

async function metricLimits(said: Report): Promise<(readonly [string, number])[]> {
  await using all = await world(['mx']);
  await all.ran(start, { mx: said });
  await using pages = await site(all, configOf(['mx']), start + hour / 2);
  const { body } = await pages.ask('/metrics', { headers: { accept: 'application/openmetrics-text' } });
  const samples = readOpenMetrics(body).get('mxprobe_limit')?.samples ?? [];
  return samples.map(({ labels, value }) => [labels.probe ?? '', Math.round(value * 1000) / 1000] as const);
}

const alike = async (said: Report) =>
  expect((await metricLimits(said)).toSorted()).toEqual(pluginLimits(said).toSorted());

test('limits have the same figures in the metrics and in --format nagios: rates a minute, sizes, waits', async () => {
  const said = report([
    endpointReport([
      finding('connection-rate', 'pass', { measured: { limit: 30, windowSeconds: 60 } }),
      finding('message-rate', 'pass', { measured: { limit: 7, windowSeconds: 45 } }),
      finding('auth-rate', 'pass', { measured: { limit: 5, windowSeconds: null, windowAtMost: 300 } }),
      finding('recipient-rate', 'fail', { measured: { limit: null } }),
      finding('idle-timeout', 'pass', { measured: { limit: 300.5 } }),
      finding('message-size', 'pass', { measured: { limit: 52_428_800 } }),
      finding('connection-count', 'inconclusive', { measured: { refusedAfter: 12 } }),
      finding('hello', 'pass', { measured: { limit: 'none' } }),
    ]),
  ]);
  expect(pluginLimits(said)).toHaveLength(5);
  await alike(said);
});

test('so they have for a server whose limits were measured', async () => {
  const demo = await startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    const said = await scan([target], {
      ...demo.options,
      helo: 'scanner.example.net',
      allow: 'load',
      authorized: true,
      probes: ['error-limit', 'message-size', 'recipients-per-message', 'junk-limit'],
    });
    expect(pluginLimits(said)).not.toEqual([]);
    await alike(said);
  } finally {
    await demo.close();
  }
});
