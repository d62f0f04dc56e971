import { describe, expect, test } from 'vitest';
import { delivers } from '../../probes/delivers.ts';
import type { RoundTrip } from '../../src/kit/proof/round-trip.ts';
import { type Handling, mailboxServer } from '../fakes/mailbox-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { judge, said } from './judged.ts';
import { handed, refusedAtRcpt, trip } from './trip-data.ts';

describe('delivers judges', () => {
  test.each<[string, Partial<RoundTrip>, string]>([
    ['arrives', {}, 'pass'],
    ['is refused at its end', { arrived: null, handed: handed('554 5.7.1 No, thanks') }, 'fail'],
    ['is refused at RCPT', { arrived: null, handed: refusedAtRcpt('550 5.1.1 No such user here') }, 'fail'],
    ['is put off', { arrived: null, handed: refusedAtRcpt('450 4.2.0 Greylisted') }, 'inconclusive(greylisted)'],
    [
      'comes from a listed address',
      { arrived: null, handed: refusedAtRcpt('554 5.7.1 Client host blocked using zen.spamhaus.org') },
      'inconclusive(client-blocked)',
    ],
    ['is not seen', { arrived: null }, 'inconclusive(timeout)'],
    ['has no mailbox to arrive in', { inbox: null, arrived: null, handed: null }, 'inconclusive(prerequisite)'],
  ])('a message that %s', (_, more, verdict) => {
    expect(said(judge(delivers, { ...trip, ...more }))).toBe(verdict);
  });

  test('what the receiver wrote', () => {
    expect(judge(delivers, trip)).toMatchObject({
      measured: { seconds: 1.5, tls: 'TLSv1.3', authentication: ['mx.example.test; spf=pass'] },
    });
  });
});

test.each<[string, Handling, string]>([
  ['stores it', (message) => message, 'pass'],
  ['refuses it', () => '550 5.7.1 no', 'fail'],
  ['loses it', () => null, 'inconclusive'],
])('delivers asks a server that %s', async (_, handle, verdict) => {
  await using server = await mailboxServer(handle);
  const report = await scanServer(server, {
    ...{ probes: ['delivers'], allow: 'intrusive', inbox: server.inbox, waitSeconds: 1 },
    recipient: 'alice@example.test',
  } as const);
  expect(findingOf(report, 'delivers').verdict).toBe(verdict);
});
