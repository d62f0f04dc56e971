import { describe, expect, test } from 'vitest';
import { authState } from '../../probes/auth-state.ts';
import { defaultPolicy } from '../../src/index.ts';
import type { RulesDialogue } from '../../src/kit/auth/rules.ts';
import { trouble } from '../../src/model/trouble.ts';
import { findingOf } from '../fakes/scan-server.ts';
import type { Turn } from '../fakes/stock-mta.ts';
import {
  authMta,
  exchange,
  notEnabled,
  phaseOf,
  scanAuth,
  takes,
  unknownMechanism,
} from '../unit/kit/auth/auth-server.ts';

const inTransaction = '503 5.5.1 Error: MAIL transaction in progress';
const listing = '250-mx\n250 AUTH PLAIN';

function judge(parts: Partial<RulesDialogue> | null, answers: Record<string, string> = { PLAIN: '334 ' }) {
  const clear = { role: 'submission', kind: 'asked', phase: phaseOf('250-mx\n250 STARTTLS', { PLAIN: notEnabled }) };
  const inside = { role: 'submission', kind: 'asked', before: [], phase: phaseOf(listing, answers, { tls: true }) };
  const said: RulesDialogue = {
    tls: true,
    mechanism: 'PLAIN',
    again: exchange('AUTH PLAIN', '334 '),
    unlisted: exchange('AUTH MXPROBE-NONE', unknownMechanism),
    spared: false,
    mail: exchange('MAIL FROM:<a@b.test>', '250 2.1.0 Ok'),
    inTransaction: exchange('AUTH PLAIN', inTransaction),
    cut: null,
  };
  const data = parts === null ? null : { ...said, ...parts };
  return authState.judge(data, { 'auth-before-tls': clear, 'auth-after-tls': inside }, defaultPolicy);
}

describe('judge', () => {
  test('pass, quoting each', () => {
    expect(judge({})).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: inTransaction }, { quote: unknownMechanism }, { quote: '334 ' }],
      measured: { unlisted: 'refused', inTransaction: 'refused', afterCancel: 'taken' },
    });
  });
  test("pass: Postfix's 535 refuses as well, and so does a 501", () => {
    const invalid = '535 5.7.8 Error: authentication failed: Invalid authentication mechanism';
    expect(judge({ unlisted: exchange('AUTH MXPROBE-NONE', invalid) }).verdict).toBe('pass');
    expect(judge({ unlisted: exchange('AUTH MXPROBE-NONE', '501 5.5.4 Syntax: bad mechanism') }).verdict).toBe('pass');
  });
  test('pass: MAIL refused, so only the rest is told', () => {
    const refused = {
      mail: exchange('MAIL FROM:<a@b.test>', '530 5.7.0 Authentication required'),
      inTransaction: null,
    };
    expect(judge(refused)).toMatchObject({
      verdict: 'pass',
      measured: { inTransaction: 'not asked: MAIL was refused' },
    });
  });
  test.each([
    ['in a transaction', { inTransaction: exchange('AUTH PLAIN', '334 ') }, /mail transaction/],
    ['a mechanism that nobody has', { unlisted: exchange('AUTH MXPROBE-NONE', '334 ') }, /nobody has/],
    ['no login after a cancelled one', { again: exchange('AUTH PLAIN', '503 5.5.1 no more') }, /refuses the next/],
  ])('fail: %s', (_name, parts, because) => {
    const judgement = judge(parts);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.because).toMatch(because);
  });
  test('a second mechanism begun in the same session shows it too', () => {
    const judgement = judge({ again: null }, { PLAIN: '334 ', LOGIN: '334 VXNlcm5hbWU6' });
    expect(judgement).toMatchObject({ verdict: 'pass', measured: { afterCancel: 'taken' } });
  });
  test.each([
    [
      'limiter',
      { inTransaction: exchange('AUTH PLAIN', '450 4.7.1 Error: too many AUTH commands from 192.0.2.1') },
      'throttled',
    ],
    ['cut', { inTransaction: null, cut: trouble('closed', 'hang-up', 'the server closed the connection') }, 'closed'],
  ] as const)('inconclusive: %s', (_name, parts, doubt) => {
    expect(judge(parts)).toMatchObject({ verdict: 'inconclusive', doubt });
  });
  test('inconclusive: listed, and nothing works', () => {
    expect(judge(null, { PLAIN: '454 4.7.0 Temporary failure' })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });
});

describe('on the wire', () => {
  const list = { tls: ['AUTH PLAIN'] };
  const scanned = async (answer: (mechanism: string, turn: Turn) => string, cancel?: string) => {
    await using server = await authMta({ list, answer, ...(cancel === undefined ? {} : { cancel }) }).start();
    const finding = findingOf(await scanAuth(server, 'submission'), 'auth-state');
    return { finding, commands: server.commands };
  };

  test('the clean twin', async () => {
    const { finding } = await scanned(takes('PLAIN'));
    expect(finding).toMatchObject({
      verdict: 'pass',
      measured: { unlisted: 'refused', inTransaction: 'refused', afterCancel: 'taken' },
    });
  });
  test('AUTH in a transaction', async () => {
    const { finding } = await scanned((mechanism) => (mechanism === 'PLAIN' ? '334 ' : unknownMechanism));
    expect(finding).toMatchObject({ verdict: 'fail', measured: { inTransaction: 'taken' } });
  });
  test('anything goes', async () => {
    const { finding } = await scanned((_mechanism, { dialogue }) =>
      dialogue.sender === null ? '334 ' : inTransaction,
    );
    expect(finding).toMatchObject({ verdict: 'fail', measured: { unlisted: 'taken' } });
  });
  test('one login a session', async () => {
    const begun = new Set<number>();
    const { finding } = await scanned((mechanism, turn) => {
      if (mechanism === 'PLAIN' && begun.has(turn.dialogue.connection)) return '503 5.5.1 only once';
      if (mechanism === 'PLAIN') begun.add(turn.dialogue.connection);
      return takes('PLAIN')(mechanism, turn);
    });
    expect(finding).toMatchObject({ verdict: 'fail', measured: { afterCancel: 'refused' } });
  });
  test('Postfix is spared the mechanism that nobody has, and asked for it where failed logins are allowed', async () => {
    const { finding, commands } = await scanned(takes('PLAIN'), '501 5.7.0 Authentication aborted');
    expect(finding).toMatchObject({
      verdict: 'pass',
      measured: { unlisted: 'not asked: the server would log a failed login' },
    });
    expect(commands).not.toContain('AUTH MXPROBE-NONE');
    await using server = await authMta({
      list,
      answer: takes('PLAIN'),
      cancel: '501 5.7.0 Authentication aborted',
    }).start();
    const loud = findingOf(await scanAuth(server, 'submission', { allow: 'intrusive' }), 'auth-state');
    expect(loud).toMatchObject({ verdict: 'pass', measured: { unlisted: 'refused' } });
  });
  test('nothing to ask where AUTH is not offered', async () => {
    await using server = await authMta().start();
    expect(findingOf(await scanAuth(server, 'mx'), 'auth-state').verdict).toBe('not-applicable');
  });
});
