import { describe, expect, test } from 'vitest';
import { reachable } from '../../probes/reachable.ts';
import { defaultPolicy, judgeAgain, type Policy, type Report } from '../../src/index.ts';
import type { DataOf } from '../../src/kit/index.ts';
import { type Cause, type Doubt, trouble } from '../../src/model/trouble.ts';
import { findingOf, type Scanned, scanServer, verdictsOf } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { judge, said } from './judged.ts';

type ReachableData = DataOf<typeof reachable>;

const at = (quote: string) => ({ session: 's1', event: 0, quote });
const answers = (quote: string): ReachableData => ({ port: 25, kind: 'answers', at: at(quote) });
const met = (doubt: Doubt, cause: Cause, because: string): ReachableData => ({
  port: 25,
  kind: 'trouble',
  cut: trouble(doubt, cause, because, [at(because)]),
});
const refusedData = met('unreachable', 'refused', 'TCP connection failed: ECONNREFUSED');
const silent = met('unreachable', 'filtered', 'no TCP connection within 30 s (filtered, or down)');
const noRoute = met('unreachable', 'no-route', 'TCP connection failed: EHOSTUNREACH');

describe('reachable judges', () => {
  test.each<[string, ReachableData, string, string, string]>([
    ['a greeting', answers('220 mx ESMTP'), 'pass', 'pass', 'fail'],
    ['a greeting that turns us away', answers('554 5.7.1 no'), 'pass', 'pass', 'fail'],
    ['a refused connection', refusedData, 'inconclusive(unreachable)', 'fail', 'pass'],
    ['silence', silent, 'inconclusive(unreachable)', 'inconclusive(unreachable)', 'inconclusive(unreachable)'],
    ['no route', noRoute, 'inconclusive(unreachable)', 'inconclusive(unreachable)', 'inconclusive(unreachable)'],
    [
      'a hang-up without a word',
      met('closed', 'hang-up', 'x'),
      'inconclusive(closed)',
      'inconclusive(closed)',
      'inconclusive(closed)',
    ],
    [
      'no greeting',
      met('timeout', 'silence', 'x'),
      'inconclusive(timeout)',
      'inconclusive(timeout)',
      'inconclusive(timeout)',
    ],
    [
      'a limiter',
      met('throttled', 'reply', 'x'),
      'inconclusive(throttled)',
      'inconclusive(throttled)',
      'inconclusive(throttled)',
    ],
  ])('%s: by itself, wanted open, wanted closed', (_, data, byItself, open, closed) => {
    expect(said(judge(reachable, data))).toBe(byItself);
    expect(said(judge(reachable, data, {}, { ports: { 25: 'open', 26: 'closed' } }))).toBe(open);
    expect(said(judge(reachable, data, {}, { ports: { 25: 'closed', 26: 'open' } }))).toBe(closed);
    expect(said(judge(reachable, data, {}, { ports: { 26: 'closed' } }))).toBe(byItself);
  });

  test('and quotes what it rests on', () => {
    expect(judge(reachable, answers('220 mx ESMTP'), {}, { ports: { 25: 'closed' } })).toMatchObject({
      because: 'port 25 is open, and the policy wants it closed',
      evidence: [{ quote: '220 mx ESMTP' }],
      measured: { state: 'open', wanted: 'closed' },
    });
    expect(judge(reachable, refusedData, {}, { ports: { 25: 'closed' } })).toMatchObject({
      evidence: [{ quote: 'TCP connection failed: ECONNREFUSED' }],
      measured: { state: 'closed', wanted: 'closed' },
    });
    expect(judge(reachable, silent, {}, { ports: { 25: 'closed' } })).toMatchObject({
      because: expect.stringMatching(
        /^whether port 25 is closed, as the policy wants it, cannot be told: no TCP connection/,
      ),
      measured: { state: 'unknown', wanted: 'closed' },
    });
  });
});

describe('reachable asks', () => {
  const of = async (server_: ScriptedServer, options: Scanned = {}) => {
    await using server = await server_.start();
    const report = await scanServer(server, options);
    return { finding: findingOf(report, 'reachable'), connections: server.connections.length };
  };
  const both: Scanned = { probes: ['hello', 'reachable'] };

  test.each([both, { probes: ['reachable'] }])('costs no more than hello does: %j', async (options) => {
    expect(await of(mta(), options)).toMatchObject({ finding: { verdict: 'pass' }, connections: 1 });
    expect(await of(mta().greets('554 5.7.1 no'), options)).toMatchObject({
      finding: { verdict: 'pass', evidence: [{ quote: '554 5.7.1 no' }] },
      connections: 1,
    });
    // Silence may be that of a server that waits for TLS: hello tries that once.
    expect(await of(mta().greets(), options)).toMatchObject({
      finding: { verdict: 'inconclusive', doubt: 'timeout' },
      connections: 2,
    });
  });

  test.each(['421 4.7.0 too many connections', '+OK POP3 ready', '* OK IMAP4rev1 ready', '530 5.7.0 log in first'])(
    '"%s" is an answer of this port',
    async (greeting) => {
      const { finding } = await of(mta().greets(greeting), both);
      expect(finding).toMatchObject({ verdict: 'pass', evidence: [{ quote: greeting }] });
    },
  );
});

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = await mta().start();
  await server[Symbol.asyncDispose]();
  return server.port;
}

const stored = (report: Report): Report => JSON.parse(JSON.stringify(report)) as Report;
const wants = (port: number, state: 'open' | 'closed'): Policy => ({
  ...defaultPolicy,
  name: 'ports',
  ports: { [port]: state },
});

describe('the exit code of a closed port', () => {
  test('is 2 by itself; 0 where the policy wants it closed; 1 where it wants it open', async () => {
    const port = await closedPort();
    const report = await scanServer({ port });
    expect(report.summary.exitCode).toBe(2);
    expect(report.endpoints[0]?.cost.connections).toBe(1);

    const closed = await scanServer({ port }, { policy: wants(port, 'closed') });
    expect(closed.summary).toMatchObject({ exitCode: 0, counts: { pass: 1, inconclusive: 0 } });
    const { reachable: proof, ...others } = verdictsOf(closed);
    expect(proof).toBe('pass');
    expect(new Set(Object.values(others))).toEqual(new Set(['not-applicable']));

    const open = await scanServer({ port }, { policy: wants(port, 'open') });
    expect(open.summary.exitCode).toBe(1);
    expect(findingOf(open, 'reachable')).toMatchObject({ verdict: 'fail', severity: 'high' });
  });

  test('and the other way about for an open one', async () => {
    await using server = await mta().start();
    const options = { probes: ['hello', 'reachable'] };
    expect((await scanServer(server, { ...options, policy: wants(server.port, 'open') })).summary.exitCode).toBe(0);
    expect((await scanServer(server, { ...options, policy: wants(server.port, 'closed') })).summary.exitCode).toBe(1);
  });

  test('silence where the policy wants it closed leaves one doubt, which a waiver can cover', async () => {
    await using server = await mta().greets().start();
    const policy = wants(server.port, 'closed');
    const report = await scanServer(server, { policy });
    expect(report.summary).toMatchObject({ exitCode: 2, counts: { inconclusive: 1, fail: 0, pass: 0 } });
    const waiver = { probe: 'reachable', verdict: 'inconclusive', until: '2099-01-01', reason: 'a firewall' } as const;
    expect(judgeAgain(stored(report), { ...policy, waivers: [waiver] }).summary.exitCode).toBe(0);
  });

  test('can be judged from a saved report under any of these, back and forth', async () => {
    const port = await closedPort();
    const report = stored(await scanServer({ port }));
    const closed = judgeAgain(report, wants(port, 'closed'));
    expect(closed.summary.exitCode).toBe(0);
    expect(judgeAgain(stored(closed))).toEqual(stored(closed));
    expect(judgeAgain(stored(closed), wants(port, 'open')).summary.exitCode).toBe(1);
    expect(judgeAgain(stored(closed), defaultPolicy).summary.exitCode).toBe(2);
  });
});
