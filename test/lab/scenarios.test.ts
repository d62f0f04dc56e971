import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { expectationsOf, scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { probes } from '../../src/index.ts';
import type { EndpointReport } from '../../src/model/report.ts';
import { isAllowed } from '../../src/scan/choice.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

afterAll(() => dns[Symbol.asyncDispose]());

describe('every probe says the right thing of every real server', () => {
  it.concurrent.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (_id, scenario) => {
    await using server = await startServer(scenario);
    const report = await scanScenario(scenario, server, { dns: dns.address });
    const endpoint = report.endpoints[0];
    if (endpoint === undefined) throw new Error(`no endpoint was scanned: ${report.targets[0]?.notes.join()}`);
    expect(differences(scenario, endpoint)).toEqual([]);
    expectQuotesToStand(report);
  });
});

/** What was said otherwise than expected. Every probe must have an expectation: one that nobody thought of breaks the test. */
function differences(scenario: Scenario, { findings }: EndpointReport): string[] {
  const expected = expectationsOf(scenario);
  return probes.flatMap(({ id, safety }) => {
    const finding = findings.find(({ probe }) => probe === id);
    const said = finding?.doubt === undefined ? finding?.verdict : `${finding.verdict}(${finding.doubt})`;
    const wanted = expected[id] ?? (isAllowed(safety, 'active') ? 'NO EXPECTATION' : 'inconclusive(not-permitted)');
    const quotes = finding?.evidence.map(({ quote }) => quote).join(' | ');
    return said === wanted ? [] : [`${id}: ${wanted} expected, ${said} said: ${finding?.because} [${quotes}]`];
  });
}
