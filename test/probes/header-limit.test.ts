import { describe, expect, test } from 'vitest';
import { headerLimit } from '../../probes/header-limit.ts';
import type { RoundTrip } from '../../src/kit/proof/round-trip.ts';
import { cutsFields, type Handling, mailboxServer } from '../fakes/mailbox-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { judge, said } from './judged.ts';
import { handed, trip } from './trip-data.ts';

const whole = 210_017;
const control = 38;
const came = (long: number, behind = control): Partial<RoundTrip> => ({
  arrived: { ...trip.arrived, octets: { 'x-mxprobe-long': long, 'x-mxprobe-control': behind } },
});

describe('header-limit judges', () => {
  test.each<[string, Partial<RoundTrip>, string, number | null | undefined]>([
    ['cut', came(102_398), 'pass', 102_398],
    ['whole', came(whole), 'pass', null],
    ['gone', came(0), 'inconclusive(ambiguous)', null],
    ['with another field cut too', came(2000, 10), 'inconclusive(ambiguous)', null],
    ['refused for good', { arrived: null, handed: handed('552 5.3.4 Headers too large') }, 'pass', null],
    [
      'put off',
      { arrived: null, handed: handed('451 4.7.1 Greylisted, try again later') },
      'inconclusive(greylisted)',
      null,
    ],
    ['lost', { arrived: null }, 'inconclusive(timeout)', null],
    [
      'in a mailbox that cannot be read',
      { arrived: null, unreadable: 'no such folder' },
      'inconclusive(timeout)',
      null,
    ],
    ['with no mailbox', { inbox: null, arrived: null, handed: null }, 'inconclusive(prerequisite)', undefined],
    ['with no recipient', { recipient: null, arrived: null, handed: null }, 'inconclusive(prerequisite)', undefined],
  ])('a long field that comes out %s', (_, more, verdict, limit) => {
    const judgement = judge(headerLimit, { ...trip, ...more });
    expect(said(judgement)).toBe(verdict);
    expect('measured' in judgement ? judgement.measured?.limit : undefined).toBe(limit);
  });
});

const asks = async (handle: Handling) => {
  await using server = await mailboxServer(handle);
  const report = await scanServer(server, {
    ...{ probes: ['header-limit'], allow: 'intrusive', inbox: server.inbox, waitSeconds: 1 },
    recipient: 'alice@example.test',
  } as const);
  return { finding: findingOf(report, 'header-limit'), messages: server.stored.length };
};

describe('header-limit asks a server that', () => {
  test.each([2000, 2001, 2002, 102_400, 200_000])('cuts at %i: to two octets', async (limit) => {
    const { finding, messages } = await asks(cutsFields(limit));
    const found = Number(finding.measured?.limit);
    expect(found).toBeLessThanOrEqual(limit);
    expect(limit - found).toBeLessThanOrEqual(2);
    expect(finding.because).toContain(`cut at ${found} to ${found + 2}`);
    expect(messages).toBe(1);
  });

  test('cuts nothing', async () => {
    expect((await asks((message) => message)).finding).toMatchObject({ verdict: 'pass', measured: { limit: null } });
  });

  test('refuses it', async () => {
    const { finding } = await asks(() => '552 5.3.4 header too long');
    expect(finding).toMatchObject({ verdict: 'pass', evidence: [{ quote: '552 5.3.4 header too long' }] });
  });

  test('loses it', async () => {
    expect((await asks(() => null)).finding).toMatchObject({ doubt: 'timeout', measured: { queueId: '4XyZ12' } });
  });
});
