import { describe, expect, test } from 'vitest';
import { tlsRequired } from '../../probes/tls-required.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf } from '../fakes/scan-server.ts';
import { authMta, exchange, notEnabled, phaseOf, scanAuth, takes } from '../unit/kit/auth/auth-server.ts';

const starttlsFirst = '530 5.7.0 Must issue a STARTTLS command first';
const sender = 'mxprobe@scanner.test';

function judge(mail: string, auth: Record<string, string>) {
  const clear = { role: 'submission', kind: 'asked', phase: phaseOf('250-mx\n250 STARTTLS', auth) };
  const data = { mail: exchange(`MAIL FROM:<${sender}>`, mail), helo: 'probe.scanner.test', sender };
  return tlsRequired.judge(data, { 'auth-before-tls': clear }, defaultPolicy);
}

describe('judge', () => {
  test.each([
    ['Postfix', starttlsFirst, starttlsFirst],
    ['MAIL needs a login, and there is none in clear', '530 5.7.0 Authentication required', notEnabled],
    ['a transient refusal in words of TLS', '450 4.7.1 Session encryption is required', notEnabled],
  ])('pass: %s', (_name, mail, auth) => {
    expect(judge(mail, { PLAIN: auth })).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: mail }, { quote: auth }],
    });
  });
  test.each([
    ['a login works', starttlsFirst, '334 ', undefined],
    ['both work', '250 2.1.0 Ok', '334 ', undefined],
    ['MAIL is taken', '250 2.1.0 Ok', notEnabled, 'medium'],
  ])('fail: %s', (_name, mail, auth, severity) => {
    const judgement = judge(mail, { PLAIN: auth });
    expect(judgement.verdict).toBe('fail');
    expect('severity' in judgement ? judgement.severity : undefined).toBe(severity);
  });
  test.each([
    [
      'sender refused',
      `550 5.1.8 <${sender}>: Sender address rejected: Domain not found`,
      notEnabled,
      'sender-rejected',
    ],
    ['limiter', '450 4.7.1 Error: too much mail from 192.0.2.1', notEnabled, 'throttled'],
    ['client', '554 5.7.1 Client host rejected: Access denied', notEnabled, 'client-blocked'],
    ['server trouble', '451 4.3.0 Temporary lookup failure', notEnabled, 'ambiguous'],
    ['AUTH cannot be told', starttlsFirst, '454 4.7.0 Temporary failure', 'ambiguous'],
  ])('inconclusive: %s', (_name, mail, auth, doubt) => {
    const judgement = judge(mail, { PLAIN: auth });
    expect(judgement.verdict).toBe('inconclusive');
    if (doubt !== 'sender-rejected') expect(judgement).toMatchObject({ doubt });
  });
});

test('a port that does without TLS is found, its clean twin is not; others are not asked', async () => {
  await using flawed = await authMta({ list: { clear: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  const report = await scanAuth(flawed, 'submission');
  expect(findingOf(report, 'tls-required')).toMatchObject({
    verdict: 'fail',
    measured: { mail: 'taken', auth: ['PLAIN'] },
  });
  expect(findingOf(await scanAuth(flawed, 'mx'), 'tls-required').verdict).toBe('not-applicable');

  await using clean = await authMta({
    list: { tls: ['AUTH PLAIN'] },
    answer: (mechanism, turn) => (turn.dialogue.tls ? takes('PLAIN')(mechanism, turn) : starttlsFirst),
  })
    .onMail(({ dialogue }) => (dialogue.tls ? undefined : starttlsFirst))
    .start();
  expect(findingOf(await scanAuth(clean, 'submission'), 'tls-required').verdict).toBe('pass');
});
