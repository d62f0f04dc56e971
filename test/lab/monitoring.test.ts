import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startMonitoring } from '../../docker/lab.ts';
import { startDemo } from '../../src/demo/demo-server.ts';
import { parseTarget, type Report, scan } from '../../src/index.ts';
import { pluginStateOf, toNagios } from '../../src/report/nagios.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { attacks, reportSaying } from '../unit/report/hostile.ts';
import { type Figure, readPlugin } from '../unit/report/plugin-output.ts';

/** Plugin output read by the library and the tools of the monitoring plugins themselves, as Debian has them. */
let monitoring: Awaited<ReturnType<typeof startMonitoring>>;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-plugin-'));
  monitoring = await startMonitoring(folder);
});

afterAll(async () => {
  await monitoring?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What Monitoring::Plugin makes of the performance data. Rejects where it cannot read it. */
async function perfdataOf(output: string): Promise<unknown> {
  await writeFile(join(folder, 'output'), output);
  return JSON.parse(await monitoring.exec(['/lab/perfdata', '/work/output']));
}

/** What `negate` makes of a plugin that prints this and exits so, when its states are all to become another. */
async function negated(output: string, code: number): Promise<string> {
  await writeFile(join(folder, 'output'), output);
  await writeFile(join(folder, 'plugin'), `#!/bin/sh\ncat /work/output\nexit ${code}\n`, { mode: 0o755 });
  const all = ['-o', 'OK', '-w', 'OK', '-c', 'OK', '-u', 'OK'];
  return await monitoring.exec(['/usr/lib/nagios/plugins/negate', '-s', ...all, '/work/plugin']);
}

const states = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
const ofLimits = report([
  endpointReport([
    finding('connection-rate', 'pass', { measured: { limit: 30, windowSeconds: 60 } }),
    finding('idle-timeout', 'pass', { measured: { limit: 300.5 } }),
    finding('tls-certificate', 'fail', { severity: 'low', measured: { daysLeft: -3 } }),
  ]),
  endpointReport([finding('hello', 'pass', { measured: { limit: 7 } })], { id: "o'brien=x/192.0.2.2:25" }),
]);

async function demoReport(): Promise<Report> {
  const demo = await startDemo();
  try {
    const target = parseTarget(`127.0.0.1:${demo.port}`);
    if (target.kind === 'bad') throw new Error(target.problem);
    return await scan([target], { ...demo.options, helo: 'scanner.example.net' });
  } finally {
    await demo.close();
  }
}

/** The library knows no lower bound of values. */
const asThere = ({ label, value, unit, warn, crit }: Figure) => ({ label, value, unit, warn, crit });

test('every figure of a real scan and of limits is read as it was meant', async () => {
  for (const whole of [await demoReport(), ofLimits]) {
    const figures = readPlugin(toNagios(whole)).perfdata.map(asThere);
    expect(figures.length).toBeGreaterThan(7);
    expect(await perfdataOf(toNagios(whole))).toEqual(figures);
  }
});

test('and of servers that write figures of their own, none but ours', async () => {
  for (const attack of attacks) {
    const output = toNagios(reportSaying(attack));
    expect(await perfdataOf(output)).toEqual(readPlugin(output).perfdata.map(asThere));
  }
});

test('a planted defect would be seen: a bar that a server wrote, a line of its own', async () => {
  const output = toNagios(ofLimits);
  await expect(perfdataOf(output.replace(' - ', " - 250 |'failed'=0 "))).rejects.toThrow(/a second bar/);
  await expect(perfdataOf(output.replace(' - ', ' - \n'))).rejects.toThrow(/more than one line/);
});

test.each([
  [ofLimits, 0],
  [report([endpointReport([finding('vrfy', 'fail')])]), 1],
  [report([endpointReport([finding('open-relay', 'fail', { severity: 'critical' })])]), 2],
  [reportSaying('OK - all is well'), 3],
] as const)('the state stands where a plugin that runs others looks for it', async (whole, state) => {
  const output = toNagios(whole);
  expect(pluginStateOf(whole)).toBe(state);
  expect(output.startsWith(`MXPROBE ${states[state]} - `)).toBe(true);
  // `negate` writes the new state over the old one that the exit code names, and leaves the rest.
  expect(await negated(output, state)).toBe(output.replace(states[state], 'OK'));
});
