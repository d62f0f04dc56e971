import { describe, expect, test } from 'vitest';
import { starttlsWorks } from '../../probes/starttls-works.ts';
import { trouble } from '../../src/model/trouble.ts';
import { brokenHandshake } from '../../src/wire/handshake-trouble.ts';
import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta, type ScriptedServer } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { judge, said } from './judged.ts';

const listed = { hello: { ehlo: exchange('EHLO us', '250-mx.example.test\n250 STARTTLS') } };
const hidden = { hello: { ehlo: exchange('EHLO us', '250-mx.example.test\n250 PIPELINING') } };
const bye = '221 2.0.0 Bye';
const refused = (raw: string, quit: string | null = bye) => ({
  kind: 'refused',
  exchange: exchange('STARTTLS', raw),
  quit: quit === null ? null : exchange('QUIT', quit),
});
const go = { exchange: exchange('STARTTLS', '220 2.0.0 Ready to start TLS'), leftover: '', leftoverAt: null };
const at = { session: 's1', event: 9, quote: 'TLS handshake failed: x' };
const failed = (code: string, heard = 7) => ({
  kind: 'failed',
  ...go,
  cut: { ...brokenHandshake(code, heard, 20), evidence: [at] },
});
const silentTwice = (seconds: number) => {
  const cut = { ...brokenHandshake('timeout', 0, seconds), evidence: [at] };
  return { kind: 'failed', ...go, cut, again: cut };
};
const established = (ehlo: string | null) => ({
  kind: 'established',
  ...go,
  facts: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' },
  ehlo: ehlo === null ? null : exchange('EHLO us', ehlo),
  after: ehlo === null ? trouble('closed', 'hang-up', 'the server closed the connection') : null,
});

describe('starttls-works judges', () => {
  test.each<[string, object, Record<string, unknown>, string]>([
    ['EHLO answered inside', established('250-mx.example.test\n250 PIPELINING'), listed, 'pass'],
    ['EHLO answered inside, though hidden', established('250 mx.example.test'), hidden, 'pass'],
    ['STARTTLS offered again', established('250-mx.example.test\n250 STARTTLS'), listed, 'fail'],
    ['EHLO refused inside', established('550 no'), listed, 'inconclusive(ambiguous)'],
    ['nothing inside', established(null), listed, 'inconclusive(tls-failed)'],
    ['454 although listed', refused('454 4.7.0 TLS not available due to local problem'), listed, 'fail'],
    ['502 although listed', refused('502 5.5.1 Error: command not implemented'), listed, 'fail'],
    ['502, not listed', refused('502 5.5.1 Error: command not implemented'), hidden, 'not-applicable'],
    [
      'a limiter',
      refused('454 4.7.0 Error: too many new TLS sessions from unknown[192.0.2.9]'),
      listed,
      'inconclusive(throttled)',
    ],
    ['no SMTP reply', refused('what?'), listed, 'inconclusive(ambiguous)'],
    ['neither yes nor no', refused('250 2.0.0 Ok'), listed, 'inconclusive(ambiguous)'],
    ['an alert', failed('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'), listed, 'fail'],
    ['no TLS at all', failed('ERR_SSL_WRONG_VERSION_NUMBER'), listed, 'fail'],
    ['a version that we do not speak', failed('ERR_SSL_UNSUPPORTED_PROTOCOL'), listed, 'inconclusive(tls-failed)'],
    ['an alert about the version', failed('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'), listed, 'inconclusive(tls-failed)'],
    ['a hang-up', failed('closed', 0), listed, 'inconclusive(tls-failed)'],
    ['silence', failed('timeout', 0), listed, 'inconclusive(timeout)'],
    ['silence twice', silentTwice(20), listed, 'fail'],
    [
      'silence twice, of a server that takes as long for a reply',
      { ...silentTwice(20), exchange: { ...go.exchange, seconds: 20 } },
      listed,
      'inconclusive(timeout)',
    ],
    ['silence twice, for a moment each', silentTwice(2), listed, 'inconclusive(timeout)'],
    ['the end of the scan', failed('stopped', 0), listed, 'inconclusive(budget-spent)'],
  ])('%s', (_, data, given, expected) => {
    expect(said(judge(starttlsWorks, data, given))).toBe(expected);
  });

  test('STARTTLS offered again as a small matter', () => {
    expect(judge(starttlsWorks, established('250-mx.example.test\n250 STARTTLS'), listed)).toMatchObject({
      severity: 'low',
      evidence: [{ quote: '250 STARTTLS' }],
    });
  });
});

describe('starttls-works asks', () => {
  const of = async (server_: ScriptedServer, options: Scanned = {}) => {
    await using server = await server_.start();
    return findingOf(await scanServer(server, { probes: ['starttls-works'], ...options }), 'starttls-works');
  };

  test('a server with a broken handshake, and its clean twin', async () => {
    expect(await of(mta().shakesHands('garbage'))).toMatchObject({
      verdict: 'fail',
      evidence: [{ quote: '220 2.0.0 Ready to start TLS' }, {}],
    });
    expect(await of(mta())).toMatchObject({ verdict: 'pass', measured: { protocol: 'TLSv1.3' } });
  });

  test('a server that offers it and refuses, and one that does neither', async () => {
    const no = () => '454 4.7.0 TLS not available due to local problem';
    expect(await of(mta().onStarttls(no))).toMatchObject({ verdict: 'fail' });
    expect(await of(mta().hides('STARTTLS').onStarttls(no))).toMatchObject({ verdict: 'not-applicable' });
  });

  test('a server that offers it again inside', async () => {
    const again = mta().onEhlo(() => '250-mx.example.test\n250 STARTTLS');
    expect(await of(again)).toMatchObject({ verdict: 'fail', severity: 'low' });
  });

  test('a server that goes away, or quiet, in the handshake', async () => {
    expect(await of(mta().shakesHands('hang up'))).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
    expect(await of(mta().shakesHands('silence'))).toMatchObject({ verdict: 'inconclusive', doubt: 'timeout' });
  });

  test('a server that goes away behind the handshake', async () => {
    expect(await of(mta().hangsUpAfter(2))).toMatchObject({ verdict: 'inconclusive', doubt: 'tls-failed' });
  });

  test('a server whose limit on TLS sessions is reached', async () => {
    const limited = mta().onStarttls(() => '454 4.7.0 Error: too many new TLS sessions from unknown[127.0.0.1]');
    expect(await of(limited)).toMatchObject({ verdict: 'inconclusive', doubt: 'throttled' });
  });

  test('a server that speaks behind its 220: that is another probe’s finding', async () => {
    const talkative = mta().onStarttls(() => ({ say: '220 2.0.0 go\n250 hello', and: 'start TLS' }));
    expect(await of(talkative)).toMatchObject({ verdict: 'pass' });
  });

  test('a port where TLS comes first: the question makes no sense', async () => {
    expect(await of(mta().implicitTls(), { tls: 'implicit' })).toMatchObject({ verdict: 'not-applicable' });
  });
});
