import { beforeAll, describe, expect, it } from 'vitest';
import { buildImages, startServer } from '../../docker/lab.ts';
import { baselineExpectations, scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { probes } from '../../src/index.ts';
import type { EndpointReport } from '../../src/model/report.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

beforeAll(() => buildImages());

describe('every probe says the right thing of every real server', () => {
  it.concurrent.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (_id, scenario) => {
    await using server = await startServer(scenario);
    const report = await scanScenario(scenario, server);
    const endpoint = report.endpoints[0];
    if (endpoint === undefined) throw new Error('no endpoint was scanned');
    expect(verdictsOf(endpoint), whyOf(endpoint)).toEqual(expectedOf(scenario));
    expectQuotesToStand(report);
  });
});

/** All probes must have an expectation: one that nobody thought of breaks the test. */
function expectedOf(scenario: Scenario): Record<string, string> {
  const expected: Record<string, string> = { ...baselineExpectations[scenario.role], ...scenario.expect };
  return Object.fromEntries(probes.map(({ id }) => [id, expected[id] ?? 'NO EXPECTATION']));
}

function verdictsOf({ findings }: EndpointReport): Record<string, string> {
  return Object.fromEntries(
    findings.map(({ probe, verdict, doubt }) => [probe, doubt === undefined ? verdict : `${verdict}(${doubt})`]),
  );
}

function whyOf({ findings, cost }: EndpointReport): string {
  const lines = findings.map(
    ({ probe, verdict, because, evidence }) =>
      `${probe} ${verdict}: ${because} ${evidence.map(({ quote }) => quote).join(' | ')}`,
  );
  return [...lines, JSON.stringify(cost)].join('\n');
}
