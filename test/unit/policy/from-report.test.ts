import { describe, expect, test } from 'vitest';
import { judgeAgain, probes, type Report, readPolicy } from '../../../src/index.ts';
import { policyFromReport } from '../../../src/policy/from-report.ts';
import { findingOf, type Scanned, scanServer } from '../../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../../fakes/scripted-server.ts';
import { endpointReport, finding, report as reportOf } from '../report/handmade.ts';

const ids = probes.map(({ id }) => id);
const day = '2026-02-01';
const written = (report: Report) => policyFromReport(report, { judge: judgeAgain, probes: ids, day });
const stored = (report: Report): Report => JSON.parse(JSON.stringify(report)) as Report;

async function scanned(scripted: ScriptedServer, options: Scanned = {}): Promise<Report> {
  await using server = await scripted.start();
  return stored(await scanServer(server, options));
}

const servers: readonly [string, () => ScriptedServer, Scanned][] = [
  ['stock', () => mta(), {}],
  ['open relay', () => mta().relaysWhen(() => true), {}],
  ['without STARTTLS', () => mta().hides('STARTTLS'), {}],
  ['with TLS first', () => mta().implicitTls(), { tls: 'implicit' }],
  ['for users', () => mta(), { role: 'submission', recipient: 'alice@example.test' }],
  ['with a broken handshake', () => mta().shakesHands('garbage'), {}],
  ['greylisting', () => mta().onRcpt(({ address }) => `450 4.2.0 <${address}>: Greylisted`), {}],
  ['that hangs up after five commands', () => mta().hangsUpAfter(5), {}],
  ['that turns us away', () => mta().greets('554 5.7.1 no'), {}],
];

describe('the policy that a server meets', () => {
  test.each(servers)('is met by the very report it was written from: %s', async (_, server, options) => {
    const report = await scanned(server(), options);
    const policy = await readPolicy(written(report), 'written.yaml');
    const judged = judgeAgain(report, policy);
    expect(judged.summary.exitCode).toBe(0);
    expect(judged.summary.counts.fail).toBeLessThanOrEqual(report.summary.counts.fail);
  });

  test('has rules for what was seen, and waivers that want a reason', async () => {
    const report = await scanned(mta().relaysWhen(() => true));
    const text = written(report);
    expect(text).toMatch(/^# What 127\.0\.0\.1:\d+ was on \d{4}-\d\d-\d\d, by mxprobe /);
    const policy = await readPolicy(text, 'written.yaml');
    expect(Object.values(policy.ports)).toEqual(['open']);
    expect(policy.tls.mx?.speaks).toContain('TLSv1.3');
    expect(policy.mechanisms.mx).toEqual({ beforeTls: { forbidden: ['*'] }, insideTls: { forbidden: ['*'] } });
    expect(policy.mustTell).toEqual(expect.arrayContaining(['hello', 'reachable', 'open-relay', 'vrfy']));
    const until = new Date(Date.parse(report.startedAt) + 90 * 86_400_000).toISOString().slice(0, 10);
    expect(policy.waivers).toContainEqual({
      probe: 'open-relay',
      endpoint: report.targets[0]?.input,
      until,
      reason: 'TODO say why',
    });
  });

  test('is broken by a server that has become worse, and by one that no longer tells', async () => {
    const policy = await readPolicy(written(await scanned(mta())), 'written.yaml');
    const waivers = policy.waivers.map(({ endpoint: _endpoint, ...waiver }) => waiver);
    const onAnyPort = { ...policy, ports: {}, waivers };
    const again = async (server: ScriptedServer) => judgeAgain(await scanned(server), onAnyPort);
    expect((await again(mta())).summary.exitCode).toBe(0);

    const relays = await again(mta().relaysWhen(() => true));
    expect(relays.summary).toMatchObject({ worst: 'critical', exitCode: 1 });

    const offers = await again(mta().onEhlo(() => '250-mx.example.test\n250-STARTTLS\n250 AUTH PLAIN'));
    expect(findingOf(offers, 'auth-before-tls').verdict).toBe('fail');

    const mute = await again(mta().onRcpt(({ address }) => `450 4.2.0 <${address}>: Greylisted`));
    expect(findingOf(mute, 'open-relay')).toMatchObject({ verdict: 'inconclusive', mustTell: true });
    expect(mute.summary.exitCode).toBe(1);
  });

  test('wants a closed port closed', async () => {
    const gone = await mta().start();
    await gone[Symbol.asyncDispose]();
    const closed = stored(await scanServer(gone));
    const open = await scanned(mta());
    const both: Report = {
      ...open,
      targets: [...open.targets, ...closed.targets],
      endpoints: [...open.endpoints, ...closed.endpoints],
    };
    const policy = await readPolicy(written(both), 'written.yaml');
    expect(policy.ports[`${gone.port}`]).toBe('closed');
    expect(judgeAgain(both, policy).summary.exitCode).toBe(0);
  });
});

const rate = (probe: string, verdict: 'pass' | 'fail', measured: object) =>
  finding(probe, verdict, { severity: 'low', measured: measured as Record<string, number> });

test('ceilings stand where the limits were measured, rates by the minute, the most lenient of several endpoints', async () => {
  const one = endpointReport([
    rate('connection-rate', 'pass', { limit: 10, windowSeconds: 60, kind: 'rate-window' }),
    rate('message-rate', 'pass', { limit: 7, windowSeconds: null, windowAtMost: 61, kind: 'rate-window' }),
    rate('connection-count', 'pass', { limit: 20, kind: 'concurrency' }),
    rate('auth-rate', 'fail', { limit: null }),
    rate('idle-timeout', 'fail', { limit: 120, kind: 'session' }),
  ]);
  const two = endpointReport([rate('connection-rate', 'fail', { limit: 30, windowSeconds: 60, kind: 'rate-window' })], {
    id: 'b/192.0.2.2:25',
  });
  const policy = await readPolicy(written(reportOf([one, two])), 'written.yaml');
  expect(policy.ceilings).toEqual({
    'connection-rate': 30,
    'message-rate': 7,
    'connection-count': 20,
    'idle-timeout': 120,
  });
});

const users = { role: 'submission', port: 587, id: 'mx1.example.com/192.0.2.1:587' } as const;
const auth = (
  after: string[],
  parts: { works?: string[]; refused?: string[]; weak?: string[]; before?: string[] } = {},
) => [
  finding('auth-before-tls', 'pass', { measured: { before: parts.before ?? [], works: [] } }),
  finding('auth-after-tls', 'pass', {
    measured: { after, works: parts.works ?? after, refused: parts.refused ?? [] },
  }),
  finding('auth-weak', 'pass', { measured: { weak: parts.weak ?? [] } }),
];
const none = { forbidden: ['*'] };
const theUsual = ['ANONYMOUS', 'CRAM-MD5', 'DIGEST-MD5', 'NTLM'];

test.each([
  [
    'exactly what it offers',
    auth(['PLAIN', 'LOGIN']),
    { beforeTls: none, insideTls: { required: ['PLAIN', 'LOGIN'], forbidden: ['*'] } },
  ],
  [
    'not what is outdated, and then no others but the outdated are forbidden',
    auth(['PLAIN', 'CRAM-MD5'], { weak: ['CRAM-MD5'] }),
    { beforeTls: none, insideTls: { required: ['PLAIN'], forbidden: theUsual.filter((name) => name !== 'CRAM-MD5') } },
  ],
  [
    'not what is refused',
    auth(['PLAIN', 'LOGIN'], { works: ['PLAIN'], refused: ['LOGIN'] }),
    { beforeTls: none, insideTls: { required: ['PLAIN'], forbidden: theUsual } },
  ],
  [
    'nothing for what is offered in clear',
    auth(['PLAIN'], { before: ['ANONYMOUS'] }),
    { insideTls: { required: ['PLAIN'], forbidden: ['*'] } },
  ],
])('mechanisms of users: %s', async (_, findings, rules) => {
  const policy = await readPolicy(written(reportOf([endpointReport(findings, users)])), 'written.yaml');
  expect(policy.mechanisms.submission).toEqual(rules);
});

test.each([
  [['TLSv1.2', 'TLSv1.3'], ['TLSv1', 'TLSv1.1'], { floor: 'TLSv1.2', speaks: ['TLSv1.2', 'TLSv1.3'] }],
  [['TLSv1', 'TLSv1.2'], ['TLSv1.3'], { floor: 'TLSv1', speaks: ['TLSv1.2'] }],
  [['TLSv1.3'], ['TLSv1', 'TLSv1.1'], { floor: 'TLSv1.2', speaks: ['TLSv1.3'] }],
  [['TLSv1.3'], ['TLSv1', 'TLSv1.1', 'TLSv1.2'], { floor: 'TLSv1.3', speaks: ['TLSv1.3'] }],
])('TLS: %j accepted, %j refused', async (accepted, refused, rule) => {
  const tls = finding('tls-version', 'pass', { measured: { accepted, refused } });
  const policy = await readPolicy(written(reportOf([endpointReport([tls])])), 'written.yaml');
  expect(policy.tls.mx).toEqual(rule);
});

test.each<[string, Report, string]>([
  [
    'a target that led nowhere',
    reportOf(
      [endpointReport([finding('hello', 'pass')])],
      [{ input: 'x\ny', kind: 'domain', endpoints: [], notes: [] }],
    ),
    'x\\x0ay led to no server',
  ],
  [
    'an error of ours',
    reportOf([endpointReport([finding('hello', 'pass'), finding('vrfy', 'error')])]),
    'an error of our own',
  ],
  [
    'nothing told',
    reportOf([endpointReport([finding('hello', 'inconclusive', { doubt: 'timeout' })])]),
    'tells nothing',
  ],
  [
    'a probe that we have not',
    reportOf([endpointReport([finding('mine', 'pass')])]),
    '"mine", which is no probe of this version',
  ],
])('no policy for %s', (_, report, message) => {
  expect(() => written(report)).toThrow(
    expect.objectContaining({ name: 'UsageError', message: expect.stringContaining(message) as string }),
  );
});

test('the refusal of one domain is waived, and no other', async () => {
  const refused = finding('takes-its-mail', 'fail', { severity: 'high', measured: { refused: ['old.example'] } });
  const { waivers } = await readPolicy(written(reportOf([endpointReport([refused])])), 'written.yaml');
  expect(waivers).toMatchObject([{ probe: 'takes-its-mail', domains: ['old.example'] }]);
});
