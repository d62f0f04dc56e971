import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarioNamed } from '../../docker/scenarios/index.ts';
import {
  defaultRestraint,
  judgeAgain,
  type Policy,
  parseTarget,
  probes,
  type Report,
  readPolicy,
  scan,
} from '../../src/index.ts';
import { builtIns } from '../../src/policy/built-in/built-ins.ts';
import { policyFromReport } from '../../src/policy/from-report.ts';
import { expectQuotesToStand } from '../support/quotes.ts';
import { scanScenario } from '../support/scan-scenario.ts';

/** Policies on real servers: who meets them, and who does not. */

let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
});

afterAll(() => dns[Symbol.asyncDispose]());

const builtIn = (name: string): Promise<Policy> => readPolicy(builtIns[name] ?? '', name);

async function scanned(id: string, policy?: Policy): Promise<Report> {
  await using server = await startServer(scenarioNamed(id));
  const report = await scanScenario(scenarioNamed(id), server, { dns: dns.address, ...(policy ? { policy } : {}) });
  expectQuotesToStand(report);
  return report;
}

/** What counts, for a message that says it. */
const counting = ({ endpoints }: Report): string[] =>
  endpoints.flatMap(({ findings }) =>
    findings
      .filter(({ verdict, doubt }) => verdict === 'fail' || (verdict === 'inconclusive' && doubt !== 'not-permitted'))
      .map(({ probe, verdict, severity, because }) => `${probe} ${verdict} ${severity}: ${because}`),
  );

describe('the hardened server meets the policy of its role, and a weaker one does not', () => {
  it.each([
    ['hardened', 'mx', 0],
    ['vrfy-answers', 'mx', 1],
    ['open-inside-tls', 'mx', 1],
    ['submission', 'submission', 0],
    ['submissions', 'submission', 0],
    ['submission-without-tls', 'submission', 1],
    ['submission-for-all', 'submission', 1],
  ] as const)('%s under %s: exit code %i', async (id, name, code) => {
    const report = await scanned(id, await builtIn(name));
    expect(report.summary.exitCode, counting(report).join('\n')).toBe(code);
  });
});

describe('a host that must not be reachable', () => {
  const reachable = ({ endpoints }: Report) =>
    endpoints.map(({ port, findings }) => {
      const found = findings.find(({ probe }) => probe === 'reachable');
      return `${port} ${found?.verdict}: ${found?.evidence[0]?.quote}`;
    });
  /** At the address of the container itself: Docker's proxy in front of a mapped port takes every connection. */
  const atItsAddress = async (id: string) => {
    await using server = await startServer(scenarioNamed(id));
    const target = parseTarget(server.address());
    if (target.kind === 'bad') throw new Error(target.problem);
    const restraint = { ...defaultRestraint, replySeconds: 60 };
    const options = {
      helo: 'scanner.example.com',
      domain: 'example.test',
      restraint,
      policy: await builtIn('null-client'),
    };
    return await scan([target], options);
  };

  it('refuses on every port, and that is the proof', async () => {
    const report = await atItsAddress('loopback-only');
    expect(reachable(report)).toEqual(
      [25, 587, 465].map((port) => `${port} pass: TCP connection failed: ECONNREFUSED`),
    );
    expect(report.summary).toMatchObject({ exitCode: 0, counts: { pass: 3, fail: 0, inconclusive: 0 } });
    expectQuotesToStand(report);
    expect(judgeAgain(JSON.parse(JSON.stringify(report)) as Report)).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('is found out where it greets', async () => {
    const report = await atItsAddress('hardened');
    expect(report.summary.exitCode).toBe(1);
    expect(reachable(report)).toEqual([25, 587, 465].map((port) => `${port} fail: 220 mx.example.test ESMTP`));
  });
});

describe('the policy written from a good server', () => {
  const written = (report: Report) =>
    policyFromReport(report, { judge: judgeAgain, probes: probes.map(({ id }) => id), day: report.startedAt });

  it.each([
    ['hardened', ['vrfy-answers', 'no-tls', 'open-by-mynetworks']],
    ['submission', ['submission-without-tls', 'submission-for-all']],
  ] as const)('%s meets it, %j do not', async (good, worse) => {
    const report = await scanned(good);
    const policy = await readPolicy(written(report), 'written.yaml');
    const again = judgeAgain(report, policy);
    expect(again.summary.exitCode, counting(again).join('\n')).toBe(0);
    // Each server of the lab has ports of its own, so that waivers for one name another.
    const anywhere = {
      ...policy,
      ports: {},
      waivers: policy.waivers.map(({ endpoint: _endpoint, ...waiver }) => waiver),
    };
    expect((await scanned(good, anywhere)).summary.exitCode).toBe(0);
    for (const id of worse) expect((await scanned(id, anywhere)).summary.exitCode, id).toBe(1);
  });
});
