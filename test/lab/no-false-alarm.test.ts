import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';
import { countsByWeight, findingsOf } from '../../src/report/weights.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/**
 * A server that is set up well shows no failure, whichever program it is: what is worth knowing of it is a warning or a
 * note.
 */

let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

afterAll(() => dns[Symbol.asyncDispose]());

const hardened = ['hardened', 'exim-default', 'sendmail-goaway', 'opensmtpd-default', 'courier-default'];

describe('no failure and exit code 0', () => {
  it.each(scenarios.filter(({ id }) => hardened.includes(id)).map((one) => [one.id, one] as const))(
    '%s',
    async (_id, scenario) => {
      await using server = await startServer(scenario);
      // By its name with the right CA, and as a stranger would at first: by address, with a CA that nobody knows.
      for (const options of [{ dns: dns.address }, { tlsCa: null }]) {
        const { endpoints, summary } = await scanScenario(scenario, server, options);
        const failures = findingsOf(endpoints).filter(
          (finding) => countsByWeight([finding]).failure > 0 || (finding.doubt ?? 'not-permitted') !== 'not-permitted',
        );
        expect(failures.map(({ probe, severity, because }) => `${probe} [${severity}]: ${because}`)).toEqual([]);
        expect(summary.exitCode).toBe(0);
      }
    },
  );
});
