import { describe, expect, test } from 'vitest';
import type { Probe } from '../../../src/index.ts';
import { defaultPolicy, judgeAgain, probes, type Report, scan } from '../../../src/index.ts';
import { findingOf, type Scanned, scanServer, shortLimits } from '../../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../../fakes/scripted-server.ts';
import { expectTextIsLast } from '../../support/text-is-last.ts';

/** As a file holds it. */
const stored = (report: Report): Report => JSON.parse(JSON.stringify(report)) as Report;

const servers: readonly [string, () => ScriptedServer, Scanned][] = [
  ['closed', () => mta(), {}],
  ['open', () => mta().relaysWhen(() => true), {}],
  ['open to the null sender', () => mta().relaysWhen(({ dialogue }) => dialogue.sender === ''), {}],
  ['closed, with TLS first', () => mta().implicitTls(), { tls: 'implicit' }],
  ['without STARTTLS', () => mta().hides('STARTTLS'), {}],
  ['with a broken handshake', () => mta().shakesHands('garbage'), {}],
  [
    'greylisting',
    () => mta().onRcpt(({ address }) => `450 4.2.0 <${address}>: Recipient address rejected: Greylisted`),
    {},
  ],
  ['that hangs up after five commands', () => mta().hangsUpAfter(5), {}],
  ['that says 421 at the tenth', () => mta().says421At(10), {}],
  ['that never greets', () => mta().greets(), {}],
  ['that turns us away', () => mta().greets('554 5.7.1 no'), {}],
  ['limited to two connections in all', () => mta().connectionsInAll(2), {}],
  ['with odd bytes', () => mta().greets(Buffer.from('220 \x1b[2J\u202e\xff\r\n', 'latin1')), {}],
  ['asked as a user would', () => mta(), { role: 'submission', recipient: 'alice@example.test', domain: null }],
];

async function reportOn(scripted: ScriptedServer, options: Scanned = {}): Promise<Report> {
  await using server = await scripted.start();
  return await scanServer(server, options);
}

describe('judging a stored report again', () => {
  test.each(servers)('says the same of a server %s', async (_, server_, options) => {
    const report = await reportOn(server_(), options);
    const again = judgeAgain(stored(report), defaultPolicy);
    expect(again.endpoints[0]?.findings).toEqual(report.endpoints[0]?.findings);
    expect(again.summary).toEqual(report.summary);
    expect(again).toEqual(stored(report));
    expectTextIsLast(report);
  });

  test('goes by what was met, not by words: a server may say ECONNREFUSED in its greeting', async () => {
    const says = () => mta().greets('554 5.7.1 mx.example.test ECONNREFUSED');
    await using mx = await says().start();
    await using other = await says().start();
    const found = ['mx', 'submission'] as const;
    const report = await scan(
      [mx, other].map(({ port }, index) => ({
        kind: 'endpoint',
        input: `127.0.0.1:${port}`,
        host: '127.0.0.1',
        port,
        role: found[index] ?? 'mx',
        tls: 'starttls',
      })),
      { helo: 'probe.scanner.test', restraint: shortLimits },
    );
    const asOneHost = {
      ...report,
      targets: [{ input: 'mx.example.test', kind: 'host', notes: [], endpoints: report.endpoints.map(({ id }) => id) }],
    } as Report;
    const judged = judgeAgain(stored(asOneHost));
    expect(judged.summary.exitCode).toBe(2);
    for (const { findings } of judged.endpoints)
      expect(findings.find(({ probe }) => probe === 'open-relay')).toMatchObject({
        verdict: 'inconclusive',
        doubt: 'client-blocked',
        cause: 'reply',
      });
    expectTextIsLast(judged);
  });

  test.each(servers)(
    'finds in the report of a server %s nothing that JSON cannot hold',
    async (_, server_, options) => {
      const report = await reportOn(server_(), options);
      expect(stored(report)).toEqual(report);
    },
  );

  test('under another policy changes severities, and what follows from them', async () => {
    const report = await reportOn(
      mta().relaysWhen(() => true),
      { probes: ['open-relay'] },
    );
    expect(report.summary).toMatchObject({ worst: 'critical', exitCode: 1 });
    const mild = judgeAgain(stored(report), { ...defaultPolicy, name: 'mild', severities: { 'open-relay': 'info' } });
    expect(findingOf(mild, 'open-relay')).toMatchObject({ verdict: 'fail', severity: 'info' });
    expect(mild.summary).toMatchObject({ worst: 'info', exitCode: 0 });
    expect(findingOf(judgeAgain(mild, defaultPolicy), 'open-relay')).toEqual(findingOf(report, 'open-relay'));
  });

  test('under another policy changes the severity of what could not be told, too', async () => {
    const report = await reportOn(mta().greets('554 no'), { probes: ['open-relay'] });
    const again = judgeAgain(stored(report), { ...defaultPolicy, severities: { 'open-relay': 'low' } });
    expect(findingOf(again, 'open-relay')).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'client-blocked',
      severity: 'low',
    });
  });

  test('keeps the policy whole, and marks by it: the same again without being told', async () => {
    const waiver = { probe: 'open-relay', until: '2030-01-01', reason: 'a test' };
    const policy = { ...defaultPolicy, name: 'ours', waivers: [waiver], mustTell: ['vrfy'] };
    const report = await reportOn(
      mta().relaysWhen(() => true),
      { probes: ['open-relay'], policy },
    );
    expect(report).toMatchObject({ policy, options: { policy: 'ours' }, summary: { worst: null, exitCode: 0 } });
    expect(findingOf(report, 'open-relay')).toMatchObject({ verdict: 'fail', waived: { until: '2030-01-01' } });
    expect(judgeAgain(stored(report))).toEqual(stored(report));
    expect(judgeAgain(stored(report), defaultPolicy)).toMatchObject({
      policy: defaultPolicy,
      summary: { exitCode: 1 },
    });
  });

  test('by a waiver holds on the day of the scan, or on the day that is given', async () => {
    const report = await reportOn(
      mta().relaysWhen(() => true),
      { probes: ['open-relay'] },
    );
    const waivers = [{ probe: 'open-relay', until: report.startedAt.slice(0, 10), reason: 'a test' }];
    const policy = { ...defaultPolicy, waivers };
    expect(judgeAgain(stored(report), policy).summary.exitCode).toBe(0);
    const later = judgeAgain(stored(report), policy, probes, '2099-01-01');
    expect(later.summary.exitCode).toBe(1);
    expect(findingOf(later, 'open-relay')).toMatchObject({ waiverOver: { reason: 'a test' } });
  });

  test('leaves alone what this version does not know', async () => {
    const report = await reportOn(mta(), { probes: ['hello'] });
    const others = probes.filter(({ id }) => id !== 'hello');
    expect(judgeAgain(stored(report), defaultPolicy, others).endpoints[0]?.findings).toEqual(
      report.endpoints[0]?.findings,
    );
  });

  test('shows a judge’s bug as an error of ours', async () => {
    const report = await reportOn(mta(), { probes: ['hello'] });
    const broken = probes.map(
      (probe): Probe =>
        probe.id === 'hello'
          ? {
              ...probe,
              judge: () => {
                throw new TypeError('no such thing');
              },
            }
          : probe,
    );
    const again = judgeAgain(stored(report), defaultPolicy, broken);
    expect(findingOf(again, 'hello')).toMatchObject({
      verdict: 'error',
      because: expect.stringContaining('no such thing'),
    });
    expect(again.summary.exitCode).toBe(3);
  });
});
