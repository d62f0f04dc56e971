import { describe, expect, test } from 'vitest';
import { type Asked, tlsCiphers } from '../../probes/tls-ciphers.ts';
import { tlsVersion } from '../../probes/tls-version.ts';
import { suiteFaults, suitesWith, type TlsAnswer } from '../../src/kit/index.ts';
import { trouble } from '../../src/model/trouble.ts';
import { brokenHandshake } from '../../src/wire/handshake-trouble.ts';
import { chooses, type RawAnswer, type ReadHello, record, serverHello } from '../support/raw-tls.ts';
import { scanTls } from '../support/scan-tls.ts';
import { shows, type TlsMtaOptions } from '../support/tls-mta.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

const at = (quote: string) => ({ session: 's1', event: 1, quote });
const names = (suite: number, isWhole = true): TlsAnswer => ({
  kind: 'server-hello',
  version: 'TLSv1.2',
  suite,
  isWhole,
  at: at(`ServerHello ${suite.toString(16)}`),
});
const alert = (name = 'handshake_failure'): TlsAnswer => ({ kind: 'alert', alert: name, at: at(`alert ${name}`) });
const none = (cut: ReturnType<typeof trouble>): TlsAnswer => ({
  kind: 'none',
  cut: { ...cut, evidence: [at(cut.because)] },
});
const closed = none(brokenHandshake('closed', 0, 20));
const silence = none(brokenHandshake('timeout', 0, 20));
const throttled = none(trouble('throttled', 'reply', '421 too many'));

const [rc4 = 0] = suitesWith('rc4');
const [tripleDes = 0] = suitesWith('3des');
const [rsa = 0] = suitesWith('static-rsa');
const [anonymous = 0] = suitesWith('anonymous');
const [nothing = 0] = suitesWith('null');
const sound = 0xc02f;

/** Answers in the order in which they came, each to what the ones before had left. */
function data(
  answers: readonly TlsAnswer[],
  { control = null as TlsAnswer | null, role = 'mx', known = 'TLSv1.2' as string | null } = {},
) {
  let left = [...suiteFaults];
  const asked = answers.map((answer): Asked => {
    const faults = left;
    if (answer.kind === 'server-hello') left = left.filter((fault) => !suitesWith(fault).includes(answer.suite));
    return { newest: 'TLSv1.2', faults, answer };
  });
  return { role, known: known === null ? null : { version: known, at: at(`handshake ${known}`) }, asked, control };
}

const listing = { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS') };
const given = { hello: listing };
const of = (observed: object) => judge(tlsCiphers, observed, given);
const weighed = (observed: object) => {
  const judgement = of(observed);
  return `${said(judgement)}${'severity' in judgement ? ` ${judgement.severity}` : ''}`;
};

describe('tls-ciphers judges', () => {
  const passes = { control: names(sound) };
  test.each<[string, object, string]>([
    ['none, and sound ones', data([alert()], passes), 'pass'],
    ['none, and no proof that any is taken', data([alert()]), 'inconclusive(tls-failed)'],
    ['none, and sound ones refused too', data([alert()], { control: alert() }), 'inconclusive(tls-failed)'],
    ['none, and the control cut off', data([alert()], { control: throttled }), 'inconclusive(throttled)'],
    ['TLS 1.3 only', data([alert('protocol_version')], { known: 'TLSv1.3' }), 'pass'],
    ['no TLS 1.2, and no 1.3', data([alert('protocol_version')]), 'inconclusive(tls-failed)'],
    ['closed without a word, and open right after', data([closed], passes), 'pass'],
    ['closed twice', data([closed], { control: closed }), 'inconclusive(tls-failed)'],
    ['closed, no control', data([closed]), 'inconclusive(tls-failed)'],
    ['an alert that says nothing of ciphers', data([alert('internal_error')], passes), 'pass'],
    ['the same, alone', data([alert('internal_error')]), 'inconclusive(tls-failed)'],
    ['silence', data([silence]), 'inconclusive(timeout)'],
    ['a limiter', data([throttled]), 'inconclusive(throttled)'],
    ['a suite that was not offered', data([names(sound)]), 'inconclusive(ambiguous)'],
    ['RC4', data([names(rc4), alert()]), 'fail low'],
    ['3DES', data([names(tripleDes), alert()]), 'fail low'],
    ['RC4, and then a limiter', data([names(rc4), throttled]), 'fail low'],
    ['RC4, and the rest closed on without a control', data([names(rc4), closed]), 'fail low'],
    ['RC4 chosen, and not gone on with', data([names(rc4, false), alert()]), 'inconclusive(ambiguous)'],
    ['RSA key exchange', data([names(rsa), alert()]), 'fail info'],
    ['RSA key exchange, and then a limiter', data([names(rsa), throttled]), 'inconclusive(throttled)'],
    ['RSA key exchange, the rest closed on', data([names(rsa), closed], passes), 'fail info'],
    ['no certificate, on an MX', data([names(anonymous), alert()]), 'fail info'],
    ['no certificate, for users', data([names(anonymous), alert()], { role: 'submission' }), 'fail low'],
    ['NULL, on an MX', data([names(nothing), names(rsa), alert()]), 'fail low'],
    ['NULL, for users', data([names(nothing), names(rsa), alert()], { role: 'submissions' }), 'fail medium'],
    ['all kinds', data(suiteFaults.map((fault) => names(suitesWith(fault)[0] ?? 0))), 'fail low'],
    ['a control that names what was refused', data([alert()], { control: names(rc4) }), 'fail low'],
  ])('%s', (_, observed, expected) => {
    expect(weighed(observed)).toBe(expected);
  });

  test('quotes what was chosen, the worst first, and what was refused', () => {
    expect(of(data([names(rsa), names(rc4), alert()], { role: 'submission' }))).toMatchObject({
      because:
        'it takes RC4 (TLS_RSA_WITH_RC4_128_MD5 (0x0004)) and RSA key exchange (TLS_RSA_WITH_AES_128_CBC_SHA (0x002F))',
      headline: 'It still takes RC4',
      evidence: [{ quote: 'ServerHello 4' }, { quote: 'ServerHello 2f' }],
      measured: { taken: ['rc4', 'static-rsa'], refused: ['null', 'export', 'anonymous', 'des', '3des'], untold: [] },
    });
    expect(of(data([alert()], passes))).toMatchObject({
      evidence: [{ quote: 'alert handshake_failure' }, { quote: `ServerHello ${sound.toString(16)}` }],
      measured: { taken: [], refused: suiteFaults, untold: [] },
    });
    expect(of(data([names(rsa), throttled]))).toMatchObject({
      because: 'which ciphers it takes cannot be told: 421 too many',
      measured: { taken: ['static-rsa'], refused: [], untold: suiteFaults.slice(0, -1) },
    });
  });

  test('what was not asked is not refused', () => {
    const { asked, ...rest } = data([throttled]);
    const signed = suiteFaults.filter((fault) => fault !== 'anonymous');
    const cut = { ...rest, asked: asked.map((one) => ({ ...one, faults: signed })) };
    expect(of(cut)).toMatchObject({ doubt: 'throttled', measured: { refused: [], untold: suiteFaults } });
  });

  test('of two versions both must refuse', () => {
    const { asked, ...rest } = data([names(rsa), alert()]);
    const old = (answer: TlsAnswer) => ({
      ...rest,
      asked: [...asked, { newest: 'TLSv1', faults: suiteFaults.slice(0, -1), answer }],
    });
    expect(weighed(old(alert()))).toBe('fail info');
    expect(weighed(old(throttled))).toBe('inconclusive(throttled)');
    expect(weighed(old(names(rc4)))).toBe('fail low');
  });

  test.each<[string, object, object, string]>([
    [
      'STARTTLS refused, not offered',
      { kind: 'refused', exchange: exchange('STARTTLS', '502 no') },
      { ehlo: exchange('EHLO us', '250 mx') },
      'not-applicable',
    ],
    [
      'STARTTLS refused, offered',
      { kind: 'refused', exchange: exchange('STARTTLS', '454 4.7.0 TLS not available') },
      listing,
      'inconclusive(tls-failed)',
    ],
    [
      'handshake broken',
      { kind: 'failed', exchange: exchange('STARTTLS', '220 go'), cut: trouble('timeout', 'silence', 'x') },
      listing,
      'inconclusive(timeout)',
    ],
  ])('no TLS at all: %s', (_, starttls, hello, expected) => {
    const none = { role: 'mx', known: null, asked: [], control: null };
    expect(said(judge(tlsCiphers, none, { hello, 'starttls-works': starttls }))).toBe(expected);
  });

  test('STARTTLS neither listed nor taken, asked for alone', () => {
    const refused = none(trouble('ambiguous', 'reply', '502'));
    const bare = { ehlo: exchange('EHLO us', '250 mx') };
    expect(said(judge(tlsCiphers, data([refused], { known: null }), { hello: bare }))).toBe('not-applicable');
    expect(said(judge(tlsCiphers, data([refused], { known: null }), given))).toBe('inconclusive(ambiguous)');
  });
});

const alerted = 'TLS alert: handshake_failure (40)';

describe.each([true, false])('tls-ciphers asks, TLS from the first byte: %s', (implicit) => {
  const scan = (options: TlsMtaOptions) =>
    scanTls(tlsCiphers, { implicit, ...shows('good'), ...options }, { probes: ['starttls-works', 'tls-ciphers'] });
  const of = async (answers: (hello: ReadHello) => RawAnswer) => (await scan({ answers })).finding;

  test('a server of today, by OpenSSL: nothing, with one control', async () => {
    const { finding, handshakes } = await scan({});
    expect(finding).toMatchObject({ verdict: 'pass', evidence: [{ quote: alerted }, { quote: alerted }, {}] });
    expect(finding.evidence[2]?.quote).toMatch(/^TLS ServerHello: TLSv1.2, TLS_ECDHE_/);
    expect(handshakes).toBe(4);
  });

  test('suites without a certificate, and the twin without them, by OpenSSL', async () => {
    const flawed = await scan({ ciphers: 'AECDH-AES128-SHA:DEFAULT:@SECLEVEL=0' });
    expect(flawed.finding).toMatchObject({ verdict: 'fail', measured: { taken: ['anonymous'] } });
    const clean = await scan({ ciphers: 'DEFAULT:!aNULL:@SECLEVEL=0' });
    expect(clean.finding).toMatchObject({ verdict: 'pass' });
  });

  test.each(suiteFaults)('%s, and the twin without it', async (fault) => {
    const others = suiteFaults.filter((one) => one !== fault).flatMap(suitesWith);
    expect(await of(chooses([...suitesWith(fault), sound]))).toMatchObject({
      verdict: 'fail',
      measured: { taken: [fault] },
    });
    expect(await of(chooses([...others, sound]))).toMatchObject({
      verdict: 'fail',
      measured: { taken: suiteFaults.filter((one) => one !== fault), refused: [fault] },
    });
  });

  test('a server that chooses a suite without a certificate where there is one, and has no key for it', async () => {
    const finding = await of((hello) =>
      hello.suites.includes(0xc018) ? chooses([])(hello) : chooses([rc4, sound])(hello),
    );
    expect(finding).toMatchObject({ verdict: 'fail', measured: { taken: ['rc4'], untold: [] } });
  });

  test('a server that closes on what it does not like', async () => {
    const finding = await of(chooses([sound], { otherwise: 'hang up' }));
    expect(finding).toMatchObject({ verdict: 'pass' });
  });

  test('a server that closes on every ClientHello but OpenSSL’s: nothing is told', async () => {
    const finding = await of(chooses([], { otherwise: 'hang up' }));
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed', measured: { refused: [] } });
  });

  test('a server that says something else', async () => {
    const finding = await of(chooses([], { otherwise: Buffer.from('454 4.7.0 not now\r\n') }));
    expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
  });

  test('a server that stops in the middle of its flight', async () => {
    const half = record(22, serverHello(0x0303, rc4));
    const finding = await of(chooses([], { otherwise: half }));
    expect(finding.verdict).toBe('inconclusive');
  });
});

test('suites that are taken in old versions only', async () => {
  const { finding, report } = await scanTls(
    tlsCiphers,
    {
      ...shows('good'),
      answers: (hello) => chooses(hello.version < 0x0303 ? [rc4] : [sound], { versions: ['TLSv1', 'TLSv1.2'] })(hello),
    },
    { also: [tlsVersion] },
  );
  expect(finding).toMatchObject({ verdict: 'fail', measured: { taken: ['rc4'] } });
  const asked = report.endpoints[0]?.sessions.flatMap(({ events }) =>
    events.filter(({ kind }) => kind === 'client-hello'),
  );
  expect(asked?.filter(({ probe }) => probe === 'tls-ciphers').length).toBe(5);
});

test('a server that no library of today shakes hands with', async () => {
  const { finding } = await scanTls(tlsCiphers, {
    ...shows('good'),
    answers: (hello) => {
      const answer = chooses([rc4], { versions: ['SSLv3'] })(hello);
      return answer === 'handshake' ? Buffer.from([21, 3, 0, 0, 2, 2, 40]) : answer;
    },
  });
  expect(finding).toMatchObject({ verdict: 'fail', severity: 'low', measured: { taken: ['rc4'] } });
});
