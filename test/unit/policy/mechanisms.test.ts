import { describe, expect, test } from 'vitest';
import { authAfterTls } from '../../../probes/auth-after-tls.ts';
import { authBeforeTls } from '../../../probes/auth-before-tls.ts';
import { authWeak } from '../../../probes/auth-weak.ts';
import { defaultPolicy, type Policy } from '../../../src/index.ts';
import { findingOf } from '../../fakes/scan-server.ts';
import { said } from '../../probes/judged.ts';
import { authMta, notEnabled, phaseOf, scanAuth, takes } from '../kit/auth/auth-server.ts';

const bare = '250-mx\n250 PIPELINING';
const listing = (mechanisms: string) => `250-mx\n250 AUTH ${mechanisms}`;
type Rules = Policy['mechanisms'];
type Role = 'mx' | 'submission';
const policy = (mechanisms: Rules): Policy => ({ ...defaultPolicy, mechanisms });
const works = (...names: string[]) => Object.fromEntries(names.map((name) => [name, '334 ']));

describe('inside TLS', () => {
  const judge = (ehlo: string, answers: Record<string, string>, insideTls: object, role: Role = 'submission') =>
    authAfterTls.judge(
      { role, kind: 'asked', before: [], phase: phaseOf(ehlo, answers, { tls: true }) },
      {},
      policy({ [role]: { insideTls } }),
    );

  test.each<[string, string, Record<string, string>, object, string]>([
    ['what is required is there', listing('PLAIN'), works('PLAIN'), { required: ['PLAIN'] }, 'pass'],
    ['one of two is missing', listing('PLAIN'), works('PLAIN'), { required: ['PLAIN', 'LOGIN'] }, 'fail'],
    ['it works, and is not listed', listing('LOGIN'), works('PLAIN', 'LOGIN'), { required: ['PLAIN'] }, 'fail'],
    [
      'it is listed, and refused',
      listing('PLAIN LOGIN'),
      { PLAIN: '504 no', LOGIN: '334 ' },
      { required: ['PLAIN'] },
      'fail',
    ],
    [
      'it is listed, and a limiter answers',
      listing('PLAIN'),
      { PLAIN: '450 4.7.1 Error: too many AUTH commands from 192.0.2.1' },
      { required: ['PLAIN'] },
      'inconclusive(throttled)',
    ],
    ['what is forbidden is not there', listing('PLAIN'), works('PLAIN'), { forbidden: ['LOGIN'] }, 'pass'],
    ['it is listed', listing('PLAIN LOGIN'), works('PLAIN'), { forbidden: ['LOGIN'] }, 'fail'],
    ['it works unlisted', listing('PLAIN'), works('PLAIN', 'ANONYMOUS'), { forbidden: ['ANONYMOUS'] }, 'fail'],
    [
      'exactly those',
      listing('PLAIN LOGIN'),
      works('PLAIN', 'LOGIN'),
      { required: ['PLAIN', 'LOGIN'], forbidden: ['*'] },
      'pass',
    ],
    ['one more than those', listing('PLAIN LOGIN'), works('PLAIN'), { required: ['PLAIN'], forbidden: ['*'] }, 'fail'],
    ['no rule is broken, and the judge’s own is', bare, { PLAIN: notEnabled }, { forbidden: ['LOGIN'] }, 'fail'],
  ])('%s', (_, ehlo, answers, rules, expected) => {
    expect(said(judge(ehlo, answers, rules))).toBe(expected);
  });

  test('quotes the list, and what proves it', () => {
    expect(judge(listing('PLAIN LOGIN'), works('PLAIN', 'LOGIN'), { forbidden: ['LOGIN'] })).toMatchObject({
      because: 'it offers LOGIN inside TLS, which the policy forbids',
      severity: 'medium',
      evidence: [{ quote: '250 AUTH PLAIN LOGIN' }, { quote: '334 ' }],
    });
  });

  test('on port 25 a rule makes it a question: none at all', () => {
    const none = { forbidden: ['*'] };
    expect(judge(bare, { PLAIN: notEnabled }, none, 'mx')).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: '250-mx' }, { quote: notEnabled }],
    });
    expect(judge(bare, { PLAIN: '454 4.7.0 Temporary failure' }, none, 'mx').verdict).toBe('inconclusive');
    expect(judge(listing('PLAIN'), works('PLAIN'), none, 'mx').verdict).toBe('fail');
  });

  test('the rules of another role are not its own', () => {
    const phase = phaseOf(listing('PLAIN'), works('PLAIN'), { tls: true });
    const judged = authAfterTls.judge(
      { role: 'submission', kind: 'asked', before: [], phase },
      {},
      policy({ mx: { insideTls: { forbidden: ['*'] } }, submissions: { insideTls: { forbidden: ['*'] } } }),
    );
    expect(judged.verdict).toBe('pass');
  });
});

describe('in clear', () => {
  const judge = (ehlo: string, answers: Record<string, string>, forbidden: string[]) =>
    authBeforeTls.judge(
      { role: 'submission', kind: 'asked', phase: phaseOf(ehlo, answers) },
      {},
      policy({ submission: { beforeTls: { forbidden } } }),
    );

  test('what the judge lets pass, the policy may forbid', () => {
    const answers = { ...works('ANONYMOUS'), PLAIN: '504 no' };
    expect(judge(listing('ANONYMOUS'), answers, ['LOGIN']).verdict).toBe('pass');
    expect(judge(listing('ANONYMOUS'), answers, ['*'])).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
      because: 'it offers ANONYMOUS in clear, which the policy forbids',
    });
    expect(judge(bare, { PLAIN: notEnabled }, ['*']).verdict).toBe('pass');
  });

  test('a breach weighs more than a hint, and less than a password in clear', () => {
    const cram = { 'CRAM-MD5': '334 PDEyQG14Pg==', PLAIN: '504 no' };
    expect(judge(listing('CRAM-MD5'), cram, ['LOGIN'])).toMatchObject({ verdict: 'fail', severity: 'low' });
    expect(judge(listing('CRAM-MD5'), cram, ['*'])).toMatchObject({ verdict: 'fail', severity: 'medium' });
    const password = judge(listing('PLAIN'), works('PLAIN'), ['*']);
    expect(password).toMatchObject({ verdict: 'fail', because: 'PLAIN works in clear' });
    expect(password).not.toHaveProperty('severity');
  });
});

describe('auth-weak', () => {
  const judge = (ehlo: string, answers: Record<string, string>, required: string[]) => {
    const clear = { role: 'submission', kind: 'asked', phase: phaseOf(bare, { PLAIN: notEnabled }) };
    const inside = { role: 'submission', kind: 'asked', before: [], phase: phaseOf(ehlo, answers, { tls: true }) };
    const given = { 'auth-before-tls': clear, 'auth-after-tls': inside };
    return authWeak.judge(null, given, policy({ submission: { insideTls: { required } } }));
  };

  test('has nothing against what the policy requires, and everything against the others', () => {
    expect(judge(listing('CRAM-MD5'), works('CRAM-MD5'), ['CRAM-MD5'])).toMatchObject({
      verdict: 'pass',
      because: 'it offers neither DIGEST-MD5 nor NTLM',
    });
    expect(judge(listing('CRAM-MD5 NTLM'), works('CRAM-MD5'), ['CRAM-MD5']).verdict).toBe('fail');
    expect(judge(listing('CRAM-MD5'), works('CRAM-MD5'), ['PLAIN']).verdict).toBe('fail');
  });
});

test('a server that offers one mechanism too many, and its clean twin', async () => {
  const exactly = policy({ submission: { insideTls: { required: ['PLAIN'], forbidden: ['*'] } } });
  await using flawed = await authMta({ list: { tls: ['AUTH PLAIN LOGIN'] }, answer: takes('PLAIN', 'LOGIN') }).start();
  const finding = findingOf(await scanAuth(flawed, 'submission', { policy: exactly }), 'auth-after-tls');
  expect(finding).toMatchObject({ verdict: 'fail', because: 'it offers LOGIN inside TLS, which the policy forbids' });
  await using clean = await authMta({ list: { tls: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  const twin = findingOf(await scanAuth(clean, 'submission', { policy: exactly }), 'auth-after-tls');
  expect(twin.verdict).toBe('pass');
});
