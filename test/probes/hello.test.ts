import { describe, expect, test } from 'vitest';
import { hello } from '../../probes/hello.ts';
import type { DataOf } from '../../src/kit/index.ts';

type HelloData = DataOf<typeof hello>;

import { findingOf, type Scanned, scanServer } from '../fakes/scan-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { exchange } from '../unit/kit/replies.ts';
import { replyFrom } from '../unit/mta/reply-from.ts';
import { judge, said } from './judged.ts';

const data = (part: Partial<HelloData> = {}): HelloData => ({
  greeting: replyFrom('220 mx.example.test ESMTP'),
  ehlo: exchange('EHLO us', '250-mx.example.test\n250 PIPELINING'),
  serverName: 'mx.example.test',
  localAddress: '192.0.2.9',
  remoteAddress: '192.0.2.1',
  tls: false,
  ...part,
});

describe('hello judges', () => {
  test.each<[string, HelloData, string]>([
    ['220 and EHLO', data(), 'pass'],
    ['one line of EHLO', data({ ehlo: exchange('EHLO us', '250 mx.example.test') }), 'pass'],
    ['HELO only', data({ ehlo: exchange('HELO us', '250 mx.example.test') }), 'fail'],
    [
      'ENHANCEDSTATUSCODES alone',
      data({ ehlo: exchange('EHLO us', '250-mx.example.test\n250 ENHANCEDSTATUSCODES') }),
      'inconclusive(client-blocked)',
    ],
    [
      'ENHANCEDSTATUSCODES among others',
      data({ ehlo: exchange('EHLO us', '250-mx.example.test\n250-ENHANCEDSTATUSCODES\n250 HELP') }),
      'pass',
    ],
  ])('%s', (_, seen, expected) => {
    expect(said(judge(hello, seen))).toBe(expected);
  });

  test('and quotes greeting and EHLO', () => {
    expect(judge(hello, data())).toMatchObject({
      evidence: [{ quote: '220 mx.example.test ESMTP' }, { quote: '250-mx.example.test' }],
    });
  });
});

describe('hello asks', () => {
  const only: Scanned = { probes: ['hello'] };
  const of = async (server_: ReturnType<typeof mta>, options: Scanned = only) => {
    await using server = await server_.start();
    const { verdict, doubt = null, evidence } = findingOf(await scanServer(server, options), 'hello');
    return { verdict, doubt, quotes: evidence.map(({ quote }) => quote), commands: server.commands };
  };

  test('a server that knows HELO only, and its clean twin', async () => {
    expect(await of(mta().onEhlo(() => '500 5.5.1 Error: command not recognized'))).toMatchObject({
      verdict: 'fail',
      commands: expect.arrayContaining(['EHLO probe.scanner.test', 'HELO probe.scanner.test', 'QUIT']),
    });
    expect(await of(mta())).toMatchObject({ verdict: 'pass', commands: ['EHLO probe.scanner.test', 'QUIT'] });
  });

  test('a server that shows nothing to those whom it has rejected, and its clean twin', async () => {
    const showing = (keywords: string) => mta().onEhlo(() => `250-mx.example.test\n${keywords}`);
    const rejecting = showing('250 ENHANCEDSTATUSCODES').onMail(() => '550 5.7.1 Command rejected');
    expect(await of(rejecting)).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'client-blocked',
      quotes: ['250-mx.example.test', '250 ENHANCEDSTATUSCODES', '550 5.7.1 Command rejected'],
    });
    expect(await of(showing('250 ENHANCEDSTATUSCODES'))).toMatchObject({ verdict: 'pass' });
    expect(await of(showing('250-ENHANCEDSTATUSCODES\n250 PIPELINING'))).toMatchObject({ verdict: 'pass' });
  });

  test.each([
    ['554 5.7.1 no', 'client-blocked'],
    ['421 4.7.0 too many connections', 'throttled'],
    ['hello?', 'ambiguous'],
  ])('a server that greets with "%s": %s', async (greeting, doubt) => {
    expect(await of(mta().greets(greeting))).toMatchObject({
      verdict: 'inconclusive',
      doubt,
      quotes: [greeting],
      commands: ['QUIT'],
    });
  });

  test('a server that refuses our name', async () => {
    const rejected = '550 5.7.1 <probe.scanner.test>: Helo command rejected: Access denied';
    expect(await of(mta().on(['EHLO', 'HELO'], () => rejected))).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'sender-rejected',
      quotes: [rejected],
    });
    expect(await of(mta().onEhlo(() => rejected))).toMatchObject({ verdict: 'fail' });
  });

  test('a server that never speaks, that hangs up, that is not there', async () => {
    expect(await of(mta().greets())).toMatchObject({ doubt: 'timeout' });
    expect(await of(mta().hangsUpAfter(0).greets())).toMatchObject({ doubt: 'closed' });
    const gone = await mta().start();
    await gone[Symbol.asyncDispose]();
    expect(findingOf(await scanServer(gone, only), 'hello')).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'unreachable',
    });
  });

  test('inside TLS where that comes first', async () => {
    expect(await of(mta().implicitTls(), { ...only, tls: 'implicit' })).toMatchObject({ verdict: 'pass' });
    expect(await of(mta().implicitTls().shakesHands('garbage'), { ...only, tls: 'implicit' })).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'tls-failed',
    });
  });

  test('TLS where clear text was expected, and the other way about, with the target to type', async () => {
    await using tlsFirst = await mta().implicitTls().start();
    expect(findingOf(await scanServer(tlsFirst, only), 'hello')).toMatchObject({
      verdict: 'inconclusive',
      cause: 'tls-first',
      because: expect.stringContaining(`ask smtps://127.0.0.1:${tlsFirst.port}`),
    });
    await using clear = await mta().start();
    expect(findingOf(await scanServer(clear, { ...only, tls: 'implicit' }), 'hello')).toMatchObject({
      verdict: 'inconclusive',
      cause: 'clear-text',
      because: expect.stringContaining(`ask smtp://127.0.0.1:${clear.port}`),
      evidence: [{ quote: '220 mx.example.test ESMTP Postfix' }],
    });
  });

  /** Puts every recipient off, and VRFY, until a client has named one and come again. */
  const standIn = (visits: number) =>
    mta()
      .onEhlo(({ dialogue }) =>
        dialogue.connection <= visits ? '250-mx.example.test\n250-SIZE 10240000\n250 VRFY' : undefined,
      )
      .on(['RCPT', 'VRFY'], ({ dialogue }) =>
        dialogue.connection <= visits ? '450 4.3.2 Service currently unavailable' : undefined,
      );

  test('a stand-in that lets us in when we come again', async () => {
    expect(await of(standIn(1))).toMatchObject({
      verdict: 'pass',
      quotes: ['220 mx.example.test ESMTP Postfix', '250-mx.example.test', '450 4.3.2 Service currently unavailable'],
    });
  });

  test('a stand-in that does not let us in, and its twin, which greylists its own recipients alone', async () => {
    await using server = await standIn(Number.POSITIVE_INFINITY).start();
    expect(findingOf(await scanServer(server, only), 'hello')).toMatchObject({
      verdict: 'inconclusive',
      doubt: 'greylisted',
      cause: 'stand-in',
    });
    const greylisting = mta()
      .hides('PIPELINING')
      .onRcpt(({ destination }) => (destination.outside === null ? '450 4.2.0 Greylisted' : undefined));
    expect(await of(greylisting)).toMatchObject({ verdict: 'pass' });
  });
});
