import { describe, expect, test } from 'vitest';
import { tlsCertificate } from '../../probes/tls-certificate.ts';
import { type Attempt, tlsVersion } from '../../probes/tls-version.ts';
import type { HelloVersion, TlsAnswer } from '../../src/model/tls-answer.ts';
import { trouble } from '../../src/model/trouble.ts';
import { brokenHandshake } from '../../src/wire/handshake-trouble.ts';
import { alert, chooses } from '../support/raw-tls.ts';
import { scanTls } from '../support/scan-tls.ts';
import { shows, type TlsMtaOptions } from '../support/tls-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

type Version = Attempt['version'];
const at = (quote: string) => ({ session: 's1', event: 1, quote });
const accepted = (version: Version): Attempt => {
  const protocol = version === 'any' ? 'TLSv1.3' : version;
  return { version, result: 'established', protocol, at: at(`TLS established: ${protocol}`) };
};
const broke = (version: Version, code: string, heard = 7): Attempt => {
  const cut = brokenHandshake(code, heard, 20);
  return { version, result: 'failed', cut: { ...cut, evidence: [at(cut.because)] } };
};
const refused = (version: Version) => broke(version, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
const closed = (version: Version) => broke(version, 'closed', 0);
const asked = (version: HelloVersion, answer: TlsAnswer): Attempt => ({ version, result: 'asked', answer });
const chose = (version: HelloVersion, chosen: string, isWhole = true): Attempt =>
  asked(version, { kind: 'server-hello', version: chosen, suite: 0x2f, isWhole, at: at(`ServerHello ${chosen}`) });
const alerted = (version: HelloVersion, alert = 'protocol_version'): Attempt =>
  asked(version, { kind: 'alert', alert, at: at(`alert ${alert}`) });
const ended = (version: HelloVersion, code = 'closed'): Attempt =>
  asked(version, { kind: 'none', cut: { ...brokenHandshake(code, 0, 20), evidence: [at(code)] } });
const throttled = (version: Version, result: 'cut' | 'refused' = 'cut'): Attempt => ({
  version,
  result,
  cut: trouble('throttled', 'reply', '421', [at('421')]),
});

const seen = { hello: { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS') } };
const data = (
  attempts: Attempt[],
  { known = 'TLSv1.3', control = null as Attempt | null, role = 'submission' } = {},
) => ({
  role,
  known: { version: known, at: at(`TLS established: ${known}`) },
  attempts,
  control,
});
const newOnly = [refused('TLSv1'), refused('TLSv1.1'), accepted('TLSv1.2')];

describe('tls-version judges', () => {
  test.each<[string, object, string]>([
    ['1.2 and 1.3 only', data(newOnly), 'pass'],
    ['1.2 only', data([refused('TLSv1'), refused('TLSv1.1'), refused('TLSv1.3')], { known: 'TLSv1.2' }), 'pass'],
    [
      '1.2 only, 1.3 untold',
      data([refused('TLSv1'), refused('TLSv1.1'), throttled('TLSv1.3')], { known: 'TLSv1.2' }),
      'inconclusive(throttled)',
    ],
    ['1.1 too', data([refused('TLSv1'), accepted('TLSv1.1'), accepted('TLSv1.2')]), 'fail'],
    ['1.0 too, 1.1 untold', data([accepted('TLSv1'), throttled('TLSv1.1'), accepted('TLSv1.2')]), 'fail'],
    [
      'nothing newer than 1.1',
      data([accepted('TLSv1'), refused('TLSv1.2'), refused('TLSv1.3')], { known: 'TLSv1.1' }),
      'fail',
    ],
    [
      'answered in another version',
      data([broke('TLSv1', 'ERR_SSL_UNSUPPORTED_PROTOCOL'), ...newOnly.slice(1)]),
      'pass',
    ],
    ['no cipher for it', data([broke('TLSv1', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'), ...newOnly.slice(1)]), 'pass'],
    [
      'a version that we cannot speak',
      data([broke('TLSv1', 'ERR_SSL_NO_PROTOCOLS_AVAILABLE', 0), ...newOnly.slice(1)]),
      'inconclusive(tls-failed)',
    ],
    [
      'the same code before the server spoke',
      data([broke('TLSv1', 'ERR_SSL_UNSUPPORTED_PROTOCOL', 0), ...newOnly.slice(1)]),
      'inconclusive(tls-failed)',
    ],
    [
      'a key too small for us',
      data([broke('TLSv1', 'ERR_SSL_DH_KEY_TOO_SMALL'), ...newOnly.slice(1)]),
      'inconclusive(tls-failed)',
    ],
    ['silence', data([broke('TLSv1', 'timeout', 0), ...newOnly.slice(1)]), 'inconclusive(timeout)'],
    ['a limiter', data([throttled('TLSv1'), ...newOnly.slice(1)]), 'inconclusive(throttled)'],
    ['a limiter at STARTTLS', data([throttled('TLSv1', 'refused'), ...newOnly.slice(1)]), 'inconclusive(throttled)'],
    [
      'closed without a word, and open right after',
      data([closed('TLSv1'), ...newOnly.slice(1)], { control: accepted('any') }),
      'pass',
    ],
    [
      'closed without a word, and closed right after',
      data([closed('TLSv1'), ...newOnly.slice(1)], { control: closed('any') }),
      'inconclusive(tls-failed)',
    ],
    ['closed without a word, no control', data([closed('TLSv1'), ...newOnly.slice(1)]), 'inconclusive(tls-failed)'],
    [
      'an alert that says nothing of versions',
      data([broke('TLSv1', 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'), ...newOnly.slice(1)], { control: accepted('any') }),
      'pass',
    ],
  ])('%s', (_, observed, expected) => {
    expect(said(judge(tlsVersion, observed, seen))).toBe(expected);
  });

  test.each<[string, object, string, object]>([
    [
      'one alert for all old ones',
      data([alerted('TLSv1.1'), accepted('TLSv1.2')]),
      'pass',
      { accepted: ['TLSv1.2', 'TLSv1.3'], refused: ['SSLv3', 'TLSv1', 'TLSv1.1'], untold: [] },
    ],
    [
      'SSL 3.0, and nothing between',
      data([chose('TLSv1.1', 'SSLv3'), accepted('TLSv1.2')]),
      'fail',
      { accepted: ['SSLv3', 'TLSv1.2', 'TLSv1.3'], refused: ['TLSv1', 'TLSv1.1'] },
    ],
    [
      '1.0, which the library here cannot speak',
      data([chose('TLSv1.1', 'TLSv1'), alerted('SSLv3', 'handshake_failure'), accepted('TLSv1.2')]),
      'fail',
      { accepted: ['TLSv1', 'TLSv1.2', 'TLSv1.3'], refused: ['SSLv3', 'TLSv1.1'] },
    ],
    [
      'no cipher of 1.1, and 1.0 with one',
      data([alerted('TLSv1.1', 'handshake_failure'), chose('TLSv1', 'TLSv1'), alerted('SSLv3'), accepted('TLSv1.2')]),
      'fail',
      { accepted: ['TLSv1', 'TLSv1.2', 'TLSv1.3'] },
    ],
    [
      'chosen, and not gone on with',
      data([chose('TLSv1.1', 'TLSv1', false), alerted('SSLv3'), accepted('TLSv1.2')]),
      'inconclusive(ambiguous)',
      { refused: ['SSLv3', 'TLSv1.1'], untold: ['TLSv1: the server chose it, and did not go on'] },
    ],
    [
      'a version that was not offered',
      data([chose('TLSv1.1', 'TLSv1.2'), alerted('TLSv1'), accepted('TLSv1.2')]),
      'pass',
      { refused: ['SSLv3', 'TLSv1', 'TLSv1.1'] },
    ],
    [
      'closed, and open right after',
      data([ended('TLSv1.1'), accepted('TLSv1.2')], { control: accepted('any') }),
      'pass',
      { refused: ['SSLv3', 'TLSv1', 'TLSv1.1'] },
    ],
    ['closed, no control', data([ended('TLSv1.1'), accepted('TLSv1.2')]), 'inconclusive(tls-failed)', { refused: [] }],
    ['silence', data([ended('TLSv1.1', 'timeout'), accepted('TLSv1.2')]), 'inconclusive(timeout)', { refused: [] }],
    [
      'no handshake works, and SSL 3.0 is chosen',
      {
        ...data([broke('TLSv1.3', 'ERR_SSL_UNSUPPORTED_PROTOCOL'), chose('TLSv1.2', 'SSLv3')]),
        known: null,
      },
      'fail',
      { accepted: ['SSLv3'], refused: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], untold: [] },
    ],
  ])('a ClientHello alone: %s', (_, observed, expected, measured) => {
    const judgement = judge(tlsVersion, observed, seen);
    expect([said(judgement), judgement]).toMatchObject([expected, { measured }]);
  });

  test('SSL 3.0 is below every floor', () => {
    const observed = data([chose('TLSv1.1', 'SSLv3'), accepted('TLSv1.2')], { role: 'mx' });
    expect(judge(tlsVersion, observed, seen, { tls: { mx: { floor: 'TLSv1' } } })).toMatchObject({
      verdict: 'fail',
      because: 'SSLv3 is accepted (the policy wants TLSv1 at least)',
      evidence: [{ quote: 'ServerHello SSLv3' }],
    });
  });

  type Rule = { floor?: 'TLSv1' | 'TLSv1.2' | 'TLSv1.3'; speaks?: ('TLSv1.2' | 'TLSv1.3')[] };
  const old = [accepted('TLSv1'), accepted('TLSv1.1'), accepted('TLSv1.2')];
  const no13 = [refused('TLSv1'), refused('TLSv1.1'), refused('TLSv1.3')];
  const unsure13 = [refused('TLSv1'), refused('TLSv1.1'), throttled('TLSv1.3')];
  const by = (observed: object, mx: Rule) =>
    judge(tlsVersion, observed, seen, { tls: { mx, submission: { floor: 'TLSv1.3', speaks: ['TLSv1.3'] } } });
  test.each<[string, object, Rule, string]>([
    ['a floor that is kept', data(newOnly, { role: 'mx' }), { floor: 'TLSv1.2' }, 'pass'],
    ['a floor above what is accepted', data(newOnly, { role: 'mx' }), { floor: 'TLSv1.3' }, 'fail'],
    ['a floor that lets the old ones in', data(old, { role: 'mx' }), { floor: 'TLSv1' }, 'pass'],
    ['a floor that does not', data(old, { role: 'mx' }), { floor: 'TLSv1.2' }, 'fail'],
    [
      'a floor that lets the old ones in, and nothing newer',
      data([accepted('TLSv1'), refused('TLSv1.2'), refused('TLSv1.3')], { known: 'TLSv1.1', role: 'mx' }),
      { floor: 'TLSv1' },
      'fail',
    ],
    [
      'a floor, and what is below it untold',
      data([refused('TLSv1'), refused('TLSv1.1'), throttled('TLSv1.2')], { role: 'mx' }),
      { floor: 'TLSv1.3' },
      'inconclusive(throttled)',
    ],
    ['a version that must be spoken', data(newOnly, { role: 'mx' }), { speaks: ['TLSv1.2', 'TLSv1.3'] }, 'pass'],
    ['one that is refused', data(no13, { known: 'TLSv1.2', role: 'mx' }), { speaks: ['TLSv1.3'] }, 'fail'],
    [
      'one that is untold',
      data(unsure13, { known: 'TLSv1.2', role: 'mx' }),
      { speaks: ['TLSv1.3'] },
      'inconclusive(throttled)',
    ],
    ['no rule for this role', data(no13, { known: 'TLSv1.2', role: 'mx' }), {}, 'pass'],
  ])('by a policy: %s', (_, observed, rule, expected) => {
    expect(said(by(observed, rule))).toBe(expected);
  });

  test('what breaks a policy weighs medium, also on an MX, and quotes the handshake', () => {
    expect(by(data(old, { role: 'mx' }), { floor: 'TLSv1.2' })).toMatchObject({
      severity: 'medium',
      because: 'TLSv1 and TLSv1.1 are accepted (the policy wants TLSv1.2 at least)',
    });
    expect(by(data(no13, { known: 'TLSv1.2', role: 'mx' }), { speaks: ['TLSv1.3'] })).toMatchObject({
      severity: 'medium',
      because: 'TLSv1.3 is refused, and the policy wants it spoken',
      evidence: [{ quote: 'TLS handshake failed: ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' }],
    });
  });

  test('what weighs how much', () => {
    const old = [accepted('TLSv1'), refused('TLSv1.1'), accepted('TLSv1.2')];
    expect(judge(tlsVersion, data(old), seen)).toMatchObject({
      severity: 'medium',
      because: 'TLSv1 is accepted (RFC 8996)',
      evidence: [{ quote: 'TLS established: TLSv1' }],
      measured: { accepted: ['TLSv1', 'TLSv1.2', 'TLSv1.3'], refused: ['TLSv1.1'], untold: [] },
    });
    expect(judge(tlsVersion, data(old, { role: 'mx' }), seen)).toMatchObject({ severity: 'low' });
    const oldOnly = data([accepted('TLSv1'), refused('TLSv1.2'), refused('TLSv1.3')], { known: 'TLSv1.1', role: 'mx' });
    expect(judge(tlsVersion, oldOnly, seen)).toMatchObject({
      severity: 'high',
      because: 'it speaks TLSv1 and TLSv1.1 only',
    });
  });

  test.each<[string, object, object, string]>([
    [
      'STARTTLS refused, not offered',
      { kind: 'refused', exchange: exchange('STARTTLS', '502 no') },
      { hello: { ehlo: exchange('EHLO us', '250 mx') } },
      'not-applicable',
    ],
    [
      'STARTTLS refused, offered',
      { kind: 'refused', exchange: exchange('STARTTLS', '454 4.7.0 TLS not available') },
      seen,
      'inconclusive(tls-failed)',
    ],
    [
      'STARTTLS refused by a limiter',
      {
        kind: 'refused',
        exchange: exchange('STARTTLS', '454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]'),
      },
      seen,
      'inconclusive(throttled)',
    ],
    [
      'handshake broken',
      { kind: 'failed', exchange: exchange('STARTTLS', '220 go'), cut: trouble('timeout', 'silence', 'x') },
      seen,
      'inconclusive(timeout)',
    ],
  ])('no TLS at all: %s', (_, starttls, given, expected) => {
    const nothing = { role: 'mx', known: null, attempts: [], control: null };
    expect(said(judge(tlsVersion, nothing, { ...given, 'starttls-works': starttls }))).toBe(expected);
  });
});

describe.each([true, false])('tls-version asks, TLS from the first byte: %s', (implicit) => {
  const of = (options: TlsMtaOptions) =>
    scanTls(tlsVersion, { implicit, ...shows('good'), ...options }, { also: [tlsCertificate] });
  /** Behind STARTTLS the certificate is looked at without a host name too. */
  const before = implicit ? 1 : 2;

  test('a server that still speaks the old versions, and its clean twin', async () => {
    const old = await of({ minVersion: 'TLSv1' });
    expect(old.finding).toMatchObject({
      verdict: 'fail',
      severity: implicit ? 'medium' : 'low',
      because: 'TLSv1 and TLSv1.1 are accepted (RFC 8996)',
      measured: { accepted: ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] },
    });
    expect(old.finding.evidence[0]?.quote).toMatch(/^TLS ServerHello: TLSv1, /);
    const clean = await of({ minVersion: 'TLSv1.2' });
    expect(clean.finding).toMatchObject({
      verdict: 'pass',
      measured: { refused: ['SSLv3', 'TLSv1', 'TLSv1.1'], untold: [] },
    });
    expect([old.connections, clean.connections]).toEqual([before + 4, before + 2]);
  });

  test('a server that has no other', async () => {
    const { finding } = await of({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' });
    expect(finding).toMatchObject({ verdict: 'fail', severity: 'high', measured: { accepted: ['TLSv1', 'TLSv1.1'] } });
  });

  test('SSL 3.0, which no library of today speaks, and the twin without it', async () => {
    const suites = [0x0005];
    const flawed = await of({ answers: chooses(suites, { versions: ['SSLv3', 'TLSv1.2'] }) });
    expect(flawed.finding).toMatchObject({
      verdict: 'fail',
      because: 'SSLv3 is accepted (RFC 7568)',
      evidence: [{ quote: 'TLS ServerHello: SSLv3, TLS_RSA_WITH_RC4_128_SHA (0x0005)' }],
    });
    const clean = await of({ answers: chooses(suites) });
    expect(clean.finding).toMatchObject({ verdict: 'pass', measured: { refused: ['SSLv3', 'TLSv1', 'TLSv1.1'] } });
  });

  test('a server that closes on what it does not speak: one more handshake tells it from a limiter', async () => {
    const { finding, connections } = await of({ closesOn: 'old' });
    expect(finding).toMatchObject({ verdict: 'pass', measured: { refused: ['SSLv3', 'TLSv1', 'TLSv1.1'] } });
    expect(connections).toBe(before + 3);
  });

  test('a server that closes on whatever comes: nothing is told', async () => {
    const { finding } = await of({ closesOn: 'every-but-first' });
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed', measured: { refused: [] } });
  });
});

test('a server that has nothing but SSL 3.0', async () => {
  const { finding } = await scanTls(tlsVersion, {
    ...shows('good'),
    answers: (hello) => {
      const answer = chooses([0x0005], { versions: ['SSLv3'] })(hello);
      return answer === 'handshake' ? alert(40) : answer;
    },
  });
  expect(finding).toMatchObject({ verdict: 'fail', severity: 'high', because: 'it speaks SSLv3 only' });
});

test('asked for alone, tls-version finds the first version by itself', async () => {
  const { finding } = await scanTls(tlsVersion, shows('good'), { probes: ['tls-version'] });
  expect(finding).toMatchObject({ verdict: 'pass', measured: { accepted: ['TLSv1.2', 'TLSv1.3'] } });
});
