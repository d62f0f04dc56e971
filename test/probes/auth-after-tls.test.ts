import { describe, expect, test } from 'vitest';
import { authAfterTls } from '../../probes/auth-after-tls.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf } from '../fakes/scan-server.ts';
import { authMta, exchange, notEnabled, phaseOf, scanAuth, takes } from '../unit/kit/auth/auth-server.ts';

const bare = '250-mx\n250 PIPELINING';
const listing = (mechanisms: string) => `250-mx\n250 AUTH ${mechanisms}`;
const judge = (role: 'mx' | 'submission', ehlo: string, answers: Record<string, string>) =>
  authAfterTls.judge(
    { role, kind: 'asked', before: [], phase: phaseOf(ehlo, answers, { tls: true }) },
    {},
    defaultPolicy,
  );

describe('judge, on a submission port', () => {
  test('pass: listed and proven', () => {
    expect(judge('submission', listing('PLAIN LOGIN'), { PLAIN: '334 ', LOGIN: '504 no' })).toMatchObject({
      verdict: 'pass',
      because: 'inside TLS PLAIN works; LOGIN is listed and refused',
      evidence: [{ quote: '250 AUTH PLAIN LOGIN' }, { quote: '334 ' }],
      measured: { after: ['PLAIN', 'LOGIN'], works: ['PLAIN'], refused: ['LOGIN'], legacyLine: false },
    });
  });

  test.each([
    ['nothing is offered', bare, { PLAIN: notEnabled }, /cannot log in: EHLO lists no mechanism/],
    ['listed and refused', listing('PLAIN'), { PLAIN: '504 no' }, /PLAIN is listed and refused/],
    ['hidden', bare, { PLAIN: '334 ' }, /will not find it/],
    ['only ANONYMOUS', listing('ANONYMOUS'), { ANONYMOUS: '334 ', PLAIN: '504 no' }, /no mechanism for them/],
  ])('fail: %s', (_name, ehlo, answers, because) => {
    const judgement = judge('submission', ehlo, answers);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.because).toMatch(because);
  });

  test.each([
    ['back end down', listing('PLAIN'), { PLAIN: '454 4.7.0 Temporary authentication failure' }, 'ambiguous'],
    ['limiter', listing('PLAIN'), { PLAIN: '450 4.7.1 Error: too many AUTH commands from 192.0.2.1' }, 'throttled'],
    ['listed, unknown to us, not tried', listing('X-NEW'), {}, 'ambiguous'],
  ] as const)('inconclusive: %s', (_name, ehlo, answers, doubt) => {
    expect(judge('submission', ehlo, answers)).toMatchObject({ verdict: 'inconclusive', doubt });
  });
});

describe('judge, on port 25', () => {
  test('no AUTH is as it should be', () => {
    expect(judge('mx', bare, { PLAIN: notEnabled }).verdict).toBe('not-applicable');
  });
  test('listed and proven: pass', () => {
    expect(judge('mx', listing('PLAIN'), { PLAIN: '334 ' }).verdict).toBe('pass');
  });
  test('listed and refused: a lesser fail', () => {
    expect(judge('mx', listing('PLAIN'), { PLAIN: '504 no' })).toMatchObject({ verdict: 'fail', severity: 'low' });
  });
  test('not to be told', () => {
    expect(judge('mx', bare, { PLAIN: '454 4.7.0 Temporary failure' }).verdict).toBe('inconclusive');
  });
});

test.each([
  ['mx', 'not-applicable'],
  ['submission', 'inconclusive'],
] as const)('without STARTTLS, %s: %s', (role, verdict) => {
  const data = { role, kind: 'no-starttls', ehlo: exchange('EHLO x', bare) };
  expect(authAfterTls.judge(data, {}, defaultPolicy).verdict).toBe(verdict);
});

describe('on the wire', () => {
  test('no mechanism for users is found, its clean twin is not', async () => {
    await using flawed = await authMta().start();
    expect(findingOf(await scanAuth(flawed, 'submission'), 'auth-after-tls').verdict).toBe('fail');

    await using clean = await authMta({
      list: { clear: ['AUTH CRAM-MD5'], tls: ['AUTH PLAIN LOGIN CRAM-MD5', 'AUTH=PLAIN LOGIN'] },
      answer: takes('PLAIN', 'LOGIN', 'CRAM-MD5'),
    }).start();
    expect(findingOf(await scanAuth(clean, 'submission'), 'auth-after-tls')).toMatchObject({
      verdict: 'pass',
      measured: {
        before: ['CRAM-MD5'],
        after: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
        works: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
        legacyLine: true,
        onlyInside: ['PLAIN', 'LOGIN'],
      },
    });
  });

  test('with implicit TLS too', async () => {
    await using server = await authMta({ list: { tls: ['AUTH PLAIN'] }, answer: takes('PLAIN') })
      .implicitTls()
      .start();
    const report = await scanAuth(server, 'submissions');
    expect(findingOf(report, 'auth-after-tls').verdict).toBe('pass');
    expect(findingOf(report, 'auth-before-tls').verdict).toBe('not-applicable');
  });

  test('a handshake that breaks leaves it open', async () => {
    await using server = await authMta().shakesHands('hang up').start();
    const finding = findingOf(await scanAuth(server, 'submission'), 'auth-after-tls');
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
  });
});
