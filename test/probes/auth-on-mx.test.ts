import { describe, expect, test } from 'vitest';
import { authOnMx } from '../../probes/auth-on-mx.ts';
import { defaultPolicy } from '../../src/index.ts';
import { findingOf } from '../fakes/scan-server.ts';
import { authMta, exchange, notEnabled, phaseOf, scanAuth, takes } from '../unit/kit/auth/auth-server.ts';

const bare = '250-mx\n250 STARTTLS';
const inClear = (ehlo: string, answers: Record<string, string>) => ({
  role: 'mx',
  kind: 'asked',
  phase: phaseOf(ehlo, answers),
});
const inTls = (ehlo: string, answers: Record<string, string>) => ({ ...inClear(ehlo, answers), before: [] });
const judge = (clear: unknown, inside: unknown) =>
  authOnMx.judge(null, { 'auth-before-tls': clear, 'auth-after-tls': inside }, defaultPolicy);

describe('judge', () => {
  const none = inClear(bare, { PLAIN: notEnabled });
  test.each([
    ['listed inside TLS', none, inTls('250-mx\n250 AUTH PLAIN', { PLAIN: '334 ' }), /AUTH PLAIN inside TLS$/],
    [
      'listed in clear',
      inClear('250-mx\n250 AUTH PLAIN', {}),
      inTls(bare, { PLAIN: notEnabled }),
      /AUTH PLAIN in clear$/,
    ],
    [
      'hidden',
      inClear(bare, { PLAIN: '334 ' }),
      inTls(bare, { PLAIN: '334 ' }),
      /in clear and inside TLS, hidden from EHLO$/,
    ],
  ])('fail: %s', (_name, clear, inside, because) => {
    const judgement = judge(clear, inside);
    expect(judgement.verdict).toBe('fail');
    expect(judgement.because).toMatch(because);
  });
  test('pass: refused in both, quoted', () => {
    const judgement = judge(none, inTls(bare, { PLAIN: notEnabled }));
    expect(judgement).toMatchObject({ verdict: 'pass', evidence: [{ quote: notEnabled }, { quote: notEnabled }] });
  });
  test('pass: no STARTTLS, refused in clear', () => {
    expect(judge(none, { role: 'mx', kind: 'no-starttls', ehlo: exchange('EHLO x', bare) }).verdict).toBe('pass');
  });
  test('inconclusive: TLS cannot be had', () => {
    const cut = { doubt: 'tls-failed', because: 'TLS handshake failed', evidence: [] };
    expect(judge(none, { role: 'mx', kind: 'no-tls', cut })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'tls-failed',
    });
  });
  test('inconclusive: back end down', () => {
    const judgement = judge(none, inTls(bare, { PLAIN: '454 4.7.0 Temporary failure' }));
    expect(judgement).toMatchObject({ verdict: 'inconclusive', doubt: 'ambiguous' });
  });
});

test('AUTH on port 25 is found, its clean twin is not; a submission port is no MX', async () => {
  await using flawed = await authMta({ list: { tls: ['AUTH PLAIN'] }, answer: takes('PLAIN') }).start();
  expect(findingOf(await scanAuth(flawed, 'mx'), 'auth-on-mx').verdict).toBe('fail');
  expect(findingOf(await scanAuth(flawed, 'submission'), 'auth-on-mx').verdict).toBe('not-applicable');
  await using clean = await authMta().start();
  expect(findingOf(await scanAuth(clean, 'mx'), 'auth-on-mx').verdict).toBe('pass');
});
