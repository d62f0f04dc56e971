import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import type { Scenario } from '../../docker/scenarios/scenario.ts';
import { readReport } from '../../src/index.ts';
import type { EndpointReport } from '../../src/model/report.ts';
import { compared } from '../support/expected.ts';
import { startFail2ban } from '../support/fail2ban.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';
import { expectTextIsLast } from '../support/text-is-last.ts';

let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

afterAll(() => dns[Symbol.asyncDispose]());

/** What the servers wrote while they were scanned. */
const logs: { readonly id: string; readonly image: Scenario['image']; readonly log: string }[] = [];

describe('every probe says the right thing of every real server', () => {
  it.concurrent.each(scenarios.map((scenario) => [scenario.id, scenario] as const))('%s', async (_id, scenario) => {
    await using server = await startServer(scenario);
    const report = await scanScenario(scenario, server, { dns: dns.address });
    const endpoint = report.endpoints[0];
    if (endpoint === undefined) throw new Error(`no endpoint was scanned: ${report.targets[0]?.notes.join()}`);
    if (scenario.state !== 'down') logs.push({ id: scenario.id, image: scenario.image, log: await server.logs() });
    expect(differences(scenario, endpoint)).toEqual([]);
    expect(endpoint.cost.seconds).toBeLessThan(scenario.scan?.withinSeconds ?? Number.POSITIVE_INFINITY);
    expectQuotesToStand(report);
    expectTextIsLast(report);
    expect(await readReport(JSON.stringify(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

it('none of these scans left a line that fail2ban bans for', async () => {
  await using fail2ban = await startFail2ban();
  for (const image of new Set(logs.map((one) => one.image))) {
    const ofImage = logs.filter((one) => one.image === image);
    const banned = await fail2ban.bannedFor(image, ofImage.map(({ log }) => log).join('\n'));
    const found = banned.map((line) => {
      const written = line.replace(/^\|\s+/, '');
      return `${ofImage.find(({ log }) => log.includes(written))?.id}: ${written}`;
    });
    expect(found).toEqual([]);
  }
});

/** What was said otherwise than expected. */
const differences = (scenario: Scenario, endpoint: EndpointReport): string[] =>
  compared(scenario, endpoint)
    .filter(({ wanted, said }) => said !== wanted)
    .map(({ probe, wanted, said, why }) => `${probe}: ${wanted} expected, ${said} said: ${why}`);
