import { describe, expect, test } from 'vitest';
import { messageSize } from '../../probes/message-size.ts';
import { announcedSize, beyondReason, type SizeData } from '../../src/kit/session-limits/size.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import type { Turn } from '../fakes/stock-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { judge, said } from './judged.ts';

const ok = '250 2.1.0 Ok';
const tooBig = '552 5.3.4 Message size exceeds fixed limit';
const noRoom = '452 4.3.1 Insufficient system storage';

function data(keyword: string | null, ...replies: string[]): SizeData {
  const ehlo = exchange('EHLO us', keyword === null ? '250-mx\n250 HELP' : `250-mx\n250-${keyword}\n250 HELP`);
  const announced = announcedSize(ehlo.reply);
  const sizes = typeof announced === 'number' ? [announced, announced + 1, null] : [null, beyondReason];
  const trials = replies.map((reply, index) => {
    const size = sizes[index] ?? null;
    return { size, exchange: exchange(`MAIL FROM:<a@b.example>${size === null ? '' : ` SIZE=${size}`}`, reply) };
  });
  return { ehlo, announced, sender: 'a@b.example', tls: false, trials, cut: null };
}

describe('message-size judges', () => {
  test.each<[string, SizeData, string, object]>([
    ['a limit that is kept', data('SIZE 123457', ok, tooBig), 'pass', { limit: 123_457, enforced: true }],
    [
      'Exim',
      data('SIZE 52428800', '250 OK', '552 Message size exceeds maximum permitted'),
      'pass',
      { limit: 52_428_800 },
    ],
    [
      'Sendmail',
      data('SIZE 5000000', ok, '552 5.2.3 Message size exceeds fixed maximum message size (5000000)'),
      'pass',
      { limit: 5_000_000 },
    ],
    ['a limit with no room for it', data('SIZE 123457', noRoom, tooBig, noRoom), 'pass', { limit: 123_457 }],
    [
      'one more is taken',
      data('SIZE 36700160', ok, ok),
      'fail',
      { limit: null, enforced: false, announced: 36_700_160 },
    ],
    ['not even that much is taken', data('SIZE 123457', tooBig, tooBig), 'fail', { limit: null }],
    ['less than 64 KiB', data('SIZE 65535', ok, tooBig), 'fail', { limit: 65_535 }],
    ['just 64 KiB', data('SIZE 65536', ok, tooBig), 'pass', { limit: 65_536 }],
    ['above the ceiling', data('SIZE 104857601', ok, tooBig), 'fail', { limit: 104_857_601 }],
    ['SIZE without a number', data('SIZE', ok, ok), 'fail', { limit: null, announced: 0 }],
    ['SIZE 0', data('SIZE 0', ok, ok), 'fail', { limit: null, announced: 0 }],
    ['SIZE 0 and a full disk', data('SIZE 0', ok, noRoom), 'fail', { announced: 0 }],
    ['no SIZE, and a limit', data(null, ok, tooBig), 'fail', { announced: null, enforced: true }],
    ['no SIZE, and none', data(null, ok, ok), 'fail', { announced: null, enforced: false }],
    ['a server before RFC 1870', data(null, ok, '555 5.5.4 Unsupported option: SIZE=2147483647'), 'fail', {}],
    ['greylisting', data('SIZE 123457', '450 4.2.0 Greylisted'), 'inconclusive(ambiguous)', { limit: null }],
    [
      'a rate limiter',
      data(
        'SIZE 123457',
        '450 4.7.1 Error: too much mail from 192.0.2.9',
        '450 4.7.1 Error: too much mail from 192.0.2.9',
      ),
      'inconclusive(throttled)',
      { limit: null },
    ],
  ])('%s', (_, seen, expected, measured) => {
    const judgement = judge(messageSize, seen);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });

  test('what it cannot fix as no more than a remark', () => {
    expect(judge(messageSize, data('SIZE 36700160', ok, ok))).toMatchObject({ severity: 'info' });
    expect(judge(messageSize, data('SIZE', ok, ok))).not.toHaveProperty('severity');
  });

  test('nothing where the session broke off', () => {
    const broken: SizeData = {
      ...data('SIZE 123457', ok),
      cut: trouble('closed', 'hang-up', 'closed'),
    };
    expect(said(judge(messageSize, broken))).toBe('inconclusive(closed)');
  });
});

const sizeOf = ({ argument }: Turn): number => Number(/ SIZE=(\d+)/.exec(argument)?.[1] ?? 0);
const limitedTo = (limit: number, server: ScriptedServer = mta()): ScriptedServer =>
  server.onMail((turn) => (sizeOf(turn) > limit ? tooBig : undefined));

describe('message-size asks', () => {
  test('a server that keeps its limit, and its twin that does not', async () => {
    const kept = await ask(limitedTo(123_457, mta().hides('SIZE 10240000').offers('SIZE 123457')), 'message-size');
    expect(kept.said).toBe('pass');
    expect(kept.finding.measured).toMatchObject({ limit: 123_457, enforced: true });
    expect(kept.server.commands.filter((command) => command.startsWith('MAIL'))).toHaveLength(2);
    const loose = await ask(mta(), 'message-size');
    expect(loose.said).toBe('fail');
    expect(loose.finding).toMatchObject({ severity: 'info', measured: { announced: 10_240_000, enforced: false } });
  });

  test('a server that hides its limit', async () => {
    const { finding } = await ask(limitedTo(10_240_000, mta().hides('SIZE 10240000')), 'message-size');
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'info', measured: { announced: null, enforced: true } });
  });

  test('a submission port that wants TLS first, and a server that refuses our sender', async () => {
    const tls = limitedTo(10_240_000).onMail(({ dialogue }) =>
      dialogue.tls ? undefined : '530 5.7.0 Must issue a STARTTLS command first',
    );
    expect((await ask(tls, 'message-size', { role: 'submission' })).finding).toMatchObject({
      verdict: 'pass',
      measured: { limit: 10_240_000, tls: true },
    });
    const wary = limitedTo(10_240_000).onMail(({ address }) =>
      address === '' ? undefined : `550 5.1.8 <${address}>: Sender address rejected: Domain not found`,
    );
    expect((await ask(wary, 'message-size')).finding).toMatchObject({
      verdict: 'pass',
      measured: { limit: 10_240_000 },
    });
  });
});
