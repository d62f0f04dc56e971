import { describe, expect, test } from 'vitest';
import { type ErrorLimitData, errorLimit } from '../../probes/error-limit.ts';
import type { Ending } from '../../src/kit/session-limits/lock-step.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask } from '../unit/kit/session-limits/scan-session.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const errors = (count: number, seconds = 0.01) =>
  Array.from({ length: count }, (_, index) => ({
    ...exchange(`XPROBE${index + 1}`, '500 5.5.2 Error: command not recognized'),
    seconds,
  }));
const words = (raw: string, unasked = false): Ending => ({ reply: replyFrom(raw), unasked, cut: null });
const tooMany = words('421 4.7.0 mx.example.test Error: too many errors');
const cut = (doubt: 'closed' | 'timeout'): Ending => ({
  reply: null,
  unasked: false,
  cut: trouble(doubt, doubt === 'closed' ? 'hang-up' : 'silence', doubt),
});

const data = (count: number, part: Partial<ErrorLimitData> = {}): ErrorLimitData => ({
  ehlo: exchange('EHLO us', '250 mx.example.test'),
  exchanges: errors(count),
  ending: null,
  spent: null,
  seconds: 1,
  ...part,
});

describe('error-limit judges', () => {
  test.each<[string, ErrorLimitData, string, object]>([
    ['421 after 13', data(13, { ending: tooMany }), 'pass', { limit: 13, soft: null, tried: 13 }],
    [
      '421 after 20, slow after 10',
      data(20, { exchanges: [...errors(10), ...errors(10, 1.01)], ending: tooMany }),
      'pass',
      { limit: 20, soft: 10, sleepSeconds: 1, kind: 'session' },
    ],
    ['Exim', data(3, { ending: words('500 Too many unrecognized commands') }), 'pass', { limit: 3 }],
    ['no limit', data(60, { spent: 'commands' }), 'fail', { limit: null, tried: 60 }],
    [
      'slow, and no limit',
      data(60, { exchanges: [...errors(10), ...errors(50, 1.01)], spent: 'commands' }),
      'fail',
      { limit: null, soft: 10 },
    ],
    ['stress', data(1, { ending: tooMany }), 'inconclusive(ambiguous)', { limit: null, tried: 1 }],
    ['a shutdown', data(7, { ending: words('421 4.3.2 Shutting down') }), 'inconclusive(ambiguous)', { limit: null }],
    ['a hang-up', data(7, { ending: cut('closed') }), 'inconclusive(closed)', { limit: null, tried: 7 }],
    ['silence', data(7, { ending: cut('timeout') }), 'inconclusive(timeout)', { limit: null }],
    ['a slow server and no more time', data(30, { spent: 'seconds' }), 'inconclusive(budget-spent)', { tried: 30 }],
    ['fewer commands allowed', data(40, { spent: 'commands' }), 'inconclusive(budget-spent)', { tried: 40 }],
    [
      'a server that takes any verb',
      data(0, { exchanges: [exchange('XPROBE1', '250 Ok')] }),
      'inconclusive(ambiguous)',
      {},
    ],
  ])('%s', (_, seen, expected, measured) => {
    const judgement = judge(errorLimit, seen);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });
});

describe('error-limit asks', () => {
  test('a server with a limit, and its twin without', async () => {
    const limited = await ask(mta().errorLimit(7), 'error-limit');
    expect(limited.said).toBe('pass');
    expect(limited.finding.measured).toMatchObject({ limit: 7, soft: null });
    expect(limited.finding.evidence[0]?.quote).toContain('too many errors');
    const open = await ask(mta().errorLimit(1000), 'error-limit');
    expect(open.said).toBe('fail');
    expect(open.finding.measured).toMatchObject({ limit: null, tried: 60 });
    expect(open.server.commands.filter((command) => command.startsWith('XPROBE'))).toHaveLength(60);
  });

  test('one that refuses the command after the last, in other words, as Exim does', async () => {
    let heard = 0;
    const exim = mta().on(
      Array.from({ length: 9 }, (_, index) => `XPROBE${index + 1}`),
      () => (++heard > 3 ? { say: '500 Too many unrecognized commands', and: 'hang up' } : '500 unrecognized command'),
    );
    const { finding, said: verdict } = await ask(exim, 'error-limit');
    expect(verdict).toBe('pass');
    expect(finding.measured).toMatchObject({ limit: 3, tried: 3 });
  });

  test('one under stress: not taken for its usual way', async () => {
    expect((await ask(mta().errorLimit(1), 'error-limit')).said).toBe('inconclusive(ambiguous)');
  });

  test('no more than it may', async () => {
    const { said: verdict, server } = await ask(mta().errorLimit(1000), 'error-limit', {
      restraint: { maxEvents: 11 },
    });
    expect(verdict).toBe('inconclusive(budget-spent)');
    expect(server.commands.filter((command) => command.startsWith('XPROBE'))).toHaveLength(11);
  });

  test('a server that hangs up without a word, or falls silent', async () => {
    expect((await ask(mta().hangsUpAfter(6), 'error-limit')).said).toBe('inconclusive(closed)');
    expect((await ask(mta().fallsSilentAfter(6), 'error-limit', { deaf: true })).said).toBe('inconclusive(timeout)');
  });
});
