import { describe, expect, test } from 'vitest';
import { queueSpace } from '../../probes/queue-space.ts';
import { beyondReason, type SizeData } from '../../src/kit/session-limits/size.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { judge, said } from './judged.ts';

const ok = '250 2.1.0 Ok';
const noRoom = '452 4.3.1 Insufficient system storage';

const data = (announced: SizeData['announced'], ...trials: [size: number | null, reply: string][]): SizeData => ({
  ehlo: exchange('EHLO us', '250 mx.example.test'),
  announced,
  sender: 'a@b.example',
  tls: false,
  trials: trials.map(([size, reply]) => ({ size, exchange: exchange('MAIL FROM:<a@b.example>', reply) })),
  cut: null,
});

describe('queue-space judges', () => {
  test.each<[string, SizeData, string]>([
    ['room for the largest message', data(100_000, [100_000, ok], [100_001, '552 5.3.4 Too big']), 'pass'],
    ['room, and no limit', data('unlimited', [null, ok], [beyondReason, ok]), 'pass'],
    ['room, though not for 2 GiB', data('unlimited', [null, ok], [beyondReason, noRoom]), 'pass'],
    ['no room at all', data(100_000, [100_000, noRoom], [100_001, '552 5.3.4 Too big'], [null, noRoom]), 'fail'],
    ['Sendmail', data('unlimited', [null, '452 4.4.5 Insufficient disk space; try again later']), 'fail'],
    [
      'Exim',
      data(100_000, [100_000, '452 Space shortage, please try later'], [null, '452 Space shortage, please try later']),
      'fail',
    ],
    [
      'a limiter of Sendmail',
      data('unlimited', [null, '452 4.3.2 Connection rate limit exceeded.']),
      'inconclusive(throttled)',
    ],
    [
      'a sender refused',
      data(100_000, [100_000, '550 5.1.8 Sender address rejected']),
      'inconclusive(sender-rejected)',
    ],
    ['nothing', data('nothing'), 'inconclusive(ambiguous)'],
  ])('%s', (_, size, expected) => {
    expect(said(judge(queueSpace, null, { 'message-size': size }))).toBe(expected);
  });

  test('room for small messages only as a lesser finding', () => {
    const size = data(100_000, [100_000, noRoom], [100_001, '552 5.3.4 Too big'], [null, ok]);
    expect(judge(queueSpace, null, { 'message-size': size })).toMatchObject({ verdict: 'fail', severity: 'low' });
  });
});

describe('queue-space asks', () => {
  test('a server without room, and its twin', async () => {
    const full = await ask(
      mta().onMail(() => noRoom),
      'queue-space',
    );
    expect(full.finding).toMatchObject({ verdict: 'fail', severity: 'medium' });
    expect(full.finding.evidence[0]?.quote).toBe(noRoom);
    expect((await ask(mta(), 'queue-space')).said).toBe('pass');
  });

  test('a server with room for small messages', async () => {
    const small = mta().onMail(({ argument }) => (argument.includes('SIZE=') ? noRoom : undefined));
    expect((await ask(small, 'queue-space')).finding).toMatchObject({ verdict: 'fail', severity: 'low' });
  });
});

test.each([
  ['behind a proxy that takes MAIL by itself', noRoom, 'fail'],
  ['behind the same proxy', ok, 'pass'],
])('the room of the server %s is told: %s', async (_, reply, expected) => {
  const heard = new Set<number>();
  const proxied = mta()
    .onMail(({ dialogue }) => (heard.has(dialogue.connection) ? reply : '250 2.0.0 OK'))
    .onRcpt(({ dialogue }) => void heard.add(dialogue.connection));
  const { findings } = await scanned(proxied);
  expect(findings).toBe(expected);
});

async function scanned(script: ScriptedServer) {
  await using server = await script.start();
  const report = await scanServer(server, { probes: ['queue-space'] });
  return { findings: findingOf(report, 'queue-space').verdict };
}
