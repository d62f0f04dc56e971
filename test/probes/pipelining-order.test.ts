import { describe, expect, test } from 'vitest';
import { pipeliningOrder } from '../../probes/pipelining-order.ts';
import { dataServer } from '../fakes/data-server.ts';
import { findingOf, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { aftermath } from '../unit/kit/aftermath.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const sync = '554 5.5.0 Error: SMTP protocol synchronization';
const ehlo = '250-mx\n250 PIPELINING';
const given = { hello: { ehlo: exchange('EHLO us', ehlo), greeting: replyFrom('220 mx') } };
const stopped = aftermath([sync], 'hang-up');
const takenEhlo = aftermath([ehlo, '250 2.1.0 Ok', '250 2.0.0 Ok']);
const takenData = aftermath(['250 2.1.0 Ok', '503 5.5.1 Error: need RCPT command', '250 2.0.0 Ok']);

describe('pipelining-order judges', () => {
  test.each<[string, object, object, string, object]>([
    ['both taken', takenEhlo, takenData, 'fail', { ehlo: 'taken', data: 'taken', offered: true }],
    [
      'both stopped',
      stopped,
      aftermath(['250 2.1.0 Ok', sync], 'hang-up'),
      'pass',
      { ehlo: 'stopped', data: 'stopped' },
    ],
    ['one taken', stopped, takenData, 'fail', { ehlo: 'stopped', data: 'taken' }],
    [
      'Sendmail',
      aftermath(['554 5.5.0 SMTP protocol error', '550 5.0.0 Command rejected', '250 2.0.0 Reset state']),
      stopped,
      'pass',
      { ehlo: 'stopped' },
    ],
    [
      'MAIL refused for another reason',
      aftermath([ehlo, '530 5.7.0 Must issue a STARTTLS command first', '250 2.0.0 Ok']),
      takenData,
      'fail',
      { ehlo: 'taken' },
    ],
    ['replies lost with the end', stopped, aftermath([], 'reset'), 'pass', { data: 'stopped' }],
    ['a reply too few', aftermath([ehlo, '250 2.1.0 Ok']), stopped, 'inconclusive(ambiguous)', { ehlo: 'untold' }],
    [
      'a limiter',
      aftermath(['421 4.7.0 mx Error: too many connections from 192.0.2.1'], 'hang-up'),
      stopped,
      'inconclusive(ambiguous)',
      { ehlo: 'untold' },
    ],
    [
      'RSET in a message',
      stopped,
      aftermath(['250 2.1.0 Ok', '354 go on']),
      'inconclusive(ambiguous)',
      { data: 'untold' },
    ],
  ])('%s', (_, first, second, verdict, measured) => {
    const judgement = judge(pipeliningOrder, { ehlo: first, data: second }, given);
    expect(said(judgement)).toBe(verdict);
    expect(judgement).toMatchObject({ measured });
  });
});

const scanned = async (server: { readonly port: number } & AsyncDisposable) => {
  await using running = server;
  const report = await scanServer(running, { probes: ['pipelining-order'], allow: 'intrusive', authorized: true });
  return findingOf(report, 'pipelining-order');
};

describe('pipelining-order asks', () => {
  test('a server that takes what comes, and its twin that works in lock step', async () => {
    expect(await scanned(await mta().start())).toMatchObject({
      verdict: 'fail',
      severity: 'info',
      measured: { ehlo: 'taken', data: 'taken' },
    });
    expect(await scanned(await mta().lockStepOnly().start())).toMatchObject({
      verdict: 'pass',
      measured: { ehlo: 'stopped', data: 'stopped', offered: false },
    });
  });

  test('one that says 354 without a recipient: the message is ended', async () => {
    const finding = await scanned(await dataServer());
    expect(finding).toMatchObject({ verdict: 'fail', measured: { ehlo: 'taken', data: 'untold' } });
  });
});
