import { describe, expect, test } from 'vitest';
import { authAnonymous } from '../../probes/auth-anonymous.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf } from '../fakes/scan-server.ts';
import { authMta, notEnabled, phaseOf, scanAuth, takes } from '../unit/kit/auth/auth-server.ts';

const bare = '250-mx\n250 STARTTLS';
const listing = (mechanisms: string) => `250-mx\n250 AUTH ${mechanisms}`;

/** What is seen inside TLS, with AUTH not enabled in clear. */
function judge(ehlo: string, answers: Record<string, string>, spared: readonly string[] = []) {
  const clear = { role: 'submission', kind: 'asked', phase: phaseOf(bare, { PLAIN: notEnabled }) };
  const phase = phaseOf(ehlo, answers, { tls: true, spared });
  const inside = { role: 'submission', kind: 'asked', before: [], phase };
  return authAnonymous.judge(null, { 'auth-before-tls': clear, 'auth-after-tls': inside }, defaultPolicy);
}

describe('judge', () => {
  test.each([
    ['taken up', listing('ANONYMOUS'), { ANONYMOUS: '334 ' }, undefined, /taken up inside TLS/],
    ['taken up, hidden', bare, { PLAIN: '504 no', ANONYMOUS: '334 ' }, undefined, /taken up/],
    ['logged in outright', bare, { ANONYMOUS: '235 2.7.0 welcome' }, undefined, /logs us in/],
    ['listed, not tried', listing('ANONYMOUS'), {}, undefined, /lists ANONYMOUS inside TLS$/],
    ['listed and refused', listing('ANONYMOUS'), { ANONYMOUS: '504 no' }, 'low', /though it is refused/],
  ])('fail: %s', (_name, ehlo, answers, severity, because) => {
    const judgement = judge(ehlo, answers);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.because).toMatch(because);
    expect('severity' in judgement ? judgement.severity : undefined).toBe(severity);
  });

  test.each([
    ['its refusal', bare, { PLAIN: '334 ', ANONYMOUS: '504 no' }, '504 no'],
    ['the list without it', listing('PLAIN'), { PLAIN: '334 ' }, '250 AUTH PLAIN'],
    ['the refusal of AUTH as such', bare, { PLAIN: notEnabled }, notEnabled],
  ])('pass, quoting %s', (_name, ehlo, answers, quote) => {
    expect(judge(ehlo, answers)).toMatchObject({ verdict: 'pass', evidence: [{ quote: notEnabled }, { quote }] });
  });

  test('inconclusive: hidden AUTH, back end down', () => {
    expect(judge(bare, { PLAIN: '454 4.7.0 Temporary failure' })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'ambiguous',
    });
  });
  test('inconclusive: a hidden AUTH of Postfix is not asked', () => {
    expect(judge(bare, { PLAIN: '334 ' }, ['LOGIN', 'ANONYMOUS'])).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'not-permitted',
    });
  });
});

test('ANONYMOUS on the wire is found, its clean twin is not; no trace is left', async () => {
  await using flawed = await authMta({ list: { tls: ['AUTH ANONYMOUS'] }, answer: takes('ANONYMOUS') }).start();
  expect(findingOf(await scanAuth(flawed, 'mx'), 'auth-anonymous').verdict).toBe('fail');
  for (const { commands } of flawed.connections) {
    const at = commands.indexOf('AUTH ANONYMOUS');
    if (at >= 0) expect(commands[at + 1]).toBe('*');
  }
  await using clean = await authMta({ list: { tls: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  expect(findingOf(await scanAuth(clean, 'mx'), 'auth-anonymous').verdict).toBe('pass');
});

test("a session that is logged in by accident is nobody else's", async () => {
  await using server = await authMta({
    answer: (mechanism) => (mechanism === 'ANONYMOUS' ? '235 2.7.0 ok' : '504 no'),
  }).start();
  expect(findingOf(await scanAuth(server, 'mx'), 'auth-anonymous').verdict).toBe('fail');
  for (const { commands } of server.connections) {
    const at = commands.indexOf('AUTH ANONYMOUS');
    if (at >= 0) expect(commands.slice(at + 1)).toEqual(['QUIT']);
  }
});
