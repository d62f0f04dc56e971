import { describe, expect, test } from 'vitest';
import type { ErrorLimitData } from '../../probes/error-limit.ts';
import { type JunkLimitData, junkLimit } from '../../probes/junk-limit.ts';
import type { Batches } from '../../src/kit/session-limits/batches.ts';
import { trouble } from '../../src/model/trouble.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { ask, junkCommands } from '../unit/kit/session-limits/scan-session.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const ok = exchange('RSET', '250 2.0.0 Ok');
const tooMany = replyFrom('421 4.7.0 mx.example.test Error: too many errors');
const data = (answered: number, part: Partial<Batches> = {}, hellos = 1): JunkLimitData => ({
  hellos,
  ehlo: exchange('EHLO us', '250 mx.example.test'),
  resets: { answered, first: ok, last: ok, enough: null, lastWords: null, cut: null, seconds: 1, ...part },
});
const hard = (limit: number): Record<string, ErrorLimitData> => ({
  'error-limit': {
    ehlo: exchange('EHLO us', '250 mx.example.test'),
    exchanges: Array.from({ length: limit }, () => exchange('XPROBE', '500 Error')),
    ending: { reply: tooMany, unasked: true, cut: null },
    spent: null,
    seconds: 1,
  },
});

const none: Record<string, ErrorLimitData> = {
  'error-limit': {
    ehlo: exchange('EHLO us', '250 mx.example.test'),
    exchanges: [exchange('XPROBE', '500 Error')],
    ending: null,
    spent: 'commands',
    seconds: 1,
  },
};

describe('junk-limit judges', () => {
  test.each<[string, JunkLimitData, Record<string, unknown>, string, object]>([
    ['Postfix by default', data(120, { lastWords: tooMany }), hard(20), 'pass', { limit: 100, tried: 121 }],
    ['Postfix after STARTTLS', data(29, { lastWords: tooMany }, 2), hard(13), 'pass', { limit: 17 }],
    ['Exim', data(11, { enough: exchange('RSET', '554 Too many nonmail commands') }), none, 'pass', { limit: 10 }],
    ['no limit', data(120), none, 'fail', { limit: null, tried: 121 }],
    ['fewer commands allowed', data(40), hard(20), 'inconclusive(budget-spent)', {}],
    ['no limit on errors', data(30, { lastWords: tooMany }), none, 'inconclusive(prerequisite)', { limit: null }],
    ['stress', data(2, { lastWords: tooMany }), hard(1), 'inconclusive(ambiguous)', { limit: null }],
    ['stress since', data(2, { lastWords: tooMany }), hard(20), 'inconclusive(ambiguous)', { limit: null }],
    [
      'a shutdown',
      data(30, { lastWords: replyFrom('421 4.3.2 Shutting down') }),
      hard(20),
      'inconclusive(ambiguous)',
      {},
    ],
    ['RSET refused', data(3, { enough: exchange('RSET', '502 No RSET') }), none, 'inconclusive(ambiguous)', {}],
    ['a hang-up', data(30, { cut: trouble('closed', 'hang-up', 'closed') }), hard(20), 'inconclusive(closed)', {}],
  ])('%s', (_, seen, given, expected, measured) => {
    const judgement = judge(junkLimit, seen, given);
    expect(said(judgement)).toBe(expected);
    expect(judgement).toMatchObject({ measured });
  });
});

describe('junk-limit asks', () => {
  test.each([
    [17, 13],
    [5, 4],
    [8, 11],
  ])('a server with a limit of %i, and %i errors', async (junk, errors) => {
    const { finding, server } = await ask(junkCommands(mta().errorLimit(errors), junk), 'junk-limit');
    expect(finding.verdict).toBe('pass');
    expect(finding.measured).toMatchObject({ limit: junk, errorLimit: errors, tried: junk + 1 + errors });
    const sent = server.connections.at(-1)?.commands.filter((command) => command === 'RSET').length ?? 0;
    expect(sent).toBeLessThan(junk + errors + 10);
  });

  test('its twin without', async () => {
    const { finding } = await ask(mta().errorLimit(13), 'junk-limit');
    expect(finding.verdict).toBe('fail');
    expect(finding.measured).toMatchObject({ limit: null, tried: 121 });
  });

  test('a submission port inside TLS, where EHLO is said twice', async () => {
    const { finding } = await ask(junkCommands(mta().errorLimit(6), 9), 'junk-limit', {
      role: 'submission',
    });
    expect(finding.measured).toMatchObject({ limit: 9 });
  });

  test('in lock step where nothing else is offered', async () => {
    const { finding } = await ask(junkCommands(mta().lockStepOnly().errorLimit(6), 9), 'junk-limit');
    expect(finding.measured).toMatchObject({ limit: 9 });
  });
});
