import { describe, expect, test } from 'vitest';
import { starttlsInjection } from '../../probes/starttls-injection.ts';
import { brokenHandshake } from '../../src/wire/handshake-trouble.ts';
import { scanTls } from '../support/scan-tls.ts';
import { shows, type TlsMtaOptions } from '../support/tls-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const go = { exchange: exchange('STARTTLS', '220 2.0.0 Ready to start TLS'), leftoverAt: null };
const at = (quote: string) => ({ session: 's1', event: 3, quote });
const seen = {
  hello: { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS') },
  'starttls-works': { kind: 'established', ...go },
};
const ehlo = '250-mx.example.test\n250 8BITMIME';
const established = (...replies: string[]) => ({
  kind: 'established',
  ...go,
  replies: replies.map(replyFrom),
  whole: true,
});
const refused = (raw: string) => ({ kind: 'refused', exchange: exchange('STARTTLS', raw) });
const broken = { kind: 'failed', ...go, cut: brokenHandshake('ERR_SSL_WRONG_VERSION_NUMBER', 7, 20) };
const data = (attempts: object[], { control = null as object | null, state = null as object | null } = {}) => ({
  attempts,
  control,
  state,
});
const noop = '250 2.0.0 Ok';

describe('starttls-injection judges', () => {
  test.each<[string, object, string]>([
    ['EHLO alone answered', data([established(ehlo)]), 'pass'],
    ['one reply more', data([established(noop, ehlo)], { control: established(ehlo) }), 'fail'],
    [
      'one reply more, refusing the command',
      data([established('502 5.5.2 what?', ehlo)], { control: established(ehlo) }),
      'fail',
    ],
    [
      'one reply more, and without the NOOP too',
      data([established('220 hello again', ehlo)], { control: established('220 hello again', ehlo) }),
      'inconclusive(ambiguous)',
    ],
    [
      'one reply more, and nothing to compare with',
      data([established(noop, ehlo)], { control: broken }),
      'inconclusive(ambiguous)',
    ],
    ['a limiter inside TLS', data([established('421 4.7.0 too many new TLS sessions')]), 'inconclusive(throttled)'],
    ['replies that cannot be counted', data([{ ...established(ehlo), whole: false }]), 'inconclusive(ambiguous)'],
    ['handshake broken twice', data([broken, broken]), 'inconclusive(tls-failed)'],
    ['handshake broken once', data([broken, established(ehlo)]), 'pass'],
    ['refused with a command behind it', data([refused('554 5.5.0 Error: SMTP protocol synchronization')]), 'pass'],
    [
      'refused by a limiter',
      data([refused('454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]')]),
      'inconclusive(throttled)',
    ],
    ['refused for now', data([refused('454 4.7.0 TLS not available')]), 'inconclusive(ambiguous)'],
    ['answered in clear', data([{ ...established(ehlo), leftoverAt: at('250 2.0.0 Ok\\x0d\\x0a') }]), 'fail'],
    ['answered in clear, handshake broken', data([broken, { ...broken, leftoverAt: at('250 2.0.0 Ok') }]), 'fail'],
  ])('%s', (_, observed, expected) => {
    expect(said(judge(starttlsInjection, observed, seen))).toBe(expected);
  });

  test('bytes that come behind every 220 are another probe’s finding', () => {
    const chatty = { ...seen, 'starttls-works': { kind: 'established', ...go, leftoverAt: at('250 hi') } };
    const observed = data([{ ...established(ehlo), leftoverAt: at('250 hi') }]);
    expect(said(judge(starttlsInjection, observed, chatty))).toBe('pass');
  });

  test.each<[string, string, boolean | null]>([
    ['503 5.5.1 Error: need MAIL command', 'forgotten', true],
    ['250 2.1.5 Ok', 'in force', false],
    ['550 5.1.1 <x@example.test>: User unknown', 'in force, if not for this recipient', false],
    ['554 5.7.1 <x@example.test>: Relay access denied', 'either', null],
  ])('a MAIL from before STARTTLS, and inside "%s": %s', (inside, _, forgotten) => {
    const state = { without: replyFrom('503 no'), mail: replyFrom('250 ok'), inside: replyFrom(inside) };
    const judged = judge(starttlsInjection, data([established(ehlo)], { state }), seen);
    expect(judged).toMatchObject({ verdict: 'pass', measured: { transactionForgotten: forgotten } });
    expect(judged.because.includes('RFC 3207 §4.2')).toBe(forgotten === false);
  });
});

describe('starttls-injection asks', () => {
  const of = (options: TlsMtaOptions) =>
    scanTls(
      starttlsInjection,
      { ...shows('good'), ...options },
      { allow: 'intrusive', authorized: true, recipient: 'alice@example.test' },
    );

  test('a server that runs inside TLS what came before it, and its clean twin', async () => {
    const flawed = await of({ injected: 'inside' });
    expect(flawed.finding).toMatchObject({
      verdict: 'fail',
      severity: 'high',
      because: 'the NOOP sent in clear behind STARTTLS was answered inside TLS',
      evidence: [{ quote: '220 2.0.0 Ready to start TLS' }, { quote: '250 2.0.0 Ok' }],
    });
    const clean = await of({ injected: 'dropped' });
    expect(clean.finding).toMatchObject({ verdict: 'pass', measured: { attempts: 1, transactionForgotten: true } });
    expect(clean.finding.evidence[1]?.quote).toBe('250-mx.example.test');
  });

  test('a server that answers in clear', async () => {
    expect((await of({ injected: 'clear' })).finding).toMatchObject({
      verdict: 'fail',
      severity: 'low',
      evidence: [{ quote: '220 2.0.0 Ready to start TLS' }, { quote: '250 2.0.0 Ok\\x0d\\x0a' }],
    });
  });

  test('a server that answers in clear, and so late that it breaks the handshake', async () => {
    const { finding } = await of({ injected: 'clear, late' });
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'low', measured: { attempts: 2 } });
    expect(finding.evidence[1]?.quote).toBe('250 2.0.0 Ok');
  });

  test('a server that refuses STARTTLS with company', async () => {
    expect((await of({ injected: 'refused' })).finding).toMatchObject({
      verdict: 'pass',
      evidence: [{ quote: '554 5.5.0 Error: SMTP protocol synchronization' }],
    });
  });

  test('a server that breaks the handshake where there was company: nothing is told of it', async () => {
    const { finding, handshakes } = await of({ closesOn: 'every-but-first' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
    expect(handshakes).toBeGreaterThanOrEqual(3);
  });

  test('a server that greets again inside, whatever came before', async () => {
    const { finding } = await of({ insideGreeting: '220 mx.example.test ESMTP' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'ambiguous' });
  });

  test('a server that remembers a MAIL, and is no worse for it', async () => {
    const { finding } = await of({ remembers: true });
    expect(finding).toMatchObject({ verdict: 'pass', measured: { transactionForgotten: false } });
    expect(finding.because).toContain('still in force');
  });

  test('a server without STARTTLS, and a port where TLS comes first', async () => {
    const { finding } = await of({ starttlsAnswer: '454 4.7.0 TLS not available due to local problem' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
    expect((await of({ implicit: true })).finding).toMatchObject({ verdict: 'not-applicable' });
  });

  test('nobody who did not allow it', async () => {
    const { finding } = await scanTls(starttlsInjection, shows('good'));
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'not-permitted' });
  });
});
