import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios, expectationsOf } from '../../docker/scenarios/index.ts';
import { scanScenario } from '../support/scan-scenario.ts';
let dns: Awaited<ReturnType<typeof startDns>>;
beforeAll(async () => { dns = await startDns(); });
afterAll(() => dns[Symbol.asyncDispose]());
const id = process.env.PROBE ?? '';
describe('one', () => {
  it.concurrent.each(scenarios.map((s) => [s.id, s] as const))('%s', async (_id, scenario) => {
    await using server = await startServer(scenario);
    const report = await scanScenario(scenario, server, { dns: dns.address, probes: [id] });
    const f = report.endpoints[0]?.findings.find(({ probe }) => probe === id);
    const said = f?.doubt === undefined ? f?.verdict : `${f.verdict}(${f.doubt})`;
    const wanted = expectationsOf(scenario)[id];
    appendFileSync('/tmp/one.log', `${said === wanted ? 'ok ' : 'DIFF'} ${_id} ${wanted} -> ${said} ${f?.severity} ${f?.because} [${f?.evidence.map(({ quote }) => quote).join(' | ')}]\n`);
  });
});
