import { describe, expect, test } from 'vitest';
import type { Trouble } from '../../src/model/trouble.ts';
import { Recorder } from '../../src/wire/recorder.ts';
import type { SmtpSession } from '../../src/wire/session.ts';
import { TroubleError } from '../../src/wire/trouble-error.ts';
import { greetedSession, openSession } from '../fakes/open-session.ts';
import { mta } from '../fakes/scripted-server.ts';
import type { Action } from '../fakes/stock-mta.ts';

/** What a promise fails with; it must be the one error that means "the server, not us". */
async function troubleIn(promise: Promise<unknown>): Promise<Trouble> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TroubleError)) throw new Error(`no trouble but ${String(error)}`);
  return error.trouble;
}

const transcriptOf = (recorder: Recorder) => recorder.sessions().flatMap(({ events }) => events);
const textsOf = (recorder: Recorder) => transcriptOf(recorder).map(({ text }) => text);
const ehlo = 'EHLO probe.scanner.test';

describe('the greeting', () => {
  test('is 220, and its lines stand in the transcript', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    await using session = await openSession(server, { recorder, probe: 'hello' });
    expect(await session.greet()).toMatchObject({
      code: 220,
      text: 'mx.example.test ESMTP Postfix',
      defects: [],
      session: session.id,
    });
    expect(transcriptOf(recorder)).toMatchObject([
      { from: 'scanner', probe: 'hello', tls: false, text: `connected to 127.0.0.1 port ${server.port}` },
      { from: 'them', probe: 'hello', tls: false, text: '220 mx.example.test ESMTP Postfix' },
    ]);
  });

  test.each([
    ['in two lines', ['220-mx.example.test\n220 at your service']],
    ['in two lines and two packets', ['220-mx.example.test', '220 at your service']],
    ['in two last lines', ['220 mx.example.test\n220 at your service']],
  ])('%s is one greeting', async (_, parts) => {
    await using server = await mta()
      .greets(...parts)
      .start();
    await using session = await openSession(server);
    expect((await session.greet()).text).toBe('mx.example.test at your service');
    expect((await session.hello('probe.scanner.test')).reply.lines[0].text).toBe('250-mx.example.test');
    expect(session.isHealthy).toBe(true);
  });

  test.each([['soon'], [30]] as const)(
    'whose second last line comes late (%s) is not the answer to EHLO',
    async (gap) => {
      await using server = await mta().greets('220 mx.example.test', '220 at your service').pauses(gap).start();
      await using session = await greetedSession(server);
      expect(session.ehlo?.reply).toMatchObject({ code: 250 });
      expect(session.ehlo?.reply.lines[0].text).toBe('250-mx.example.test');
      expect((await session.say('NOOP')).reply.text).toBe('Ok');
    },
  );

  test.each([
    ['421 4.7.0 too many connections', 'throttled'],
    ['450 4.3.2 Service currently unavailable', 'greylisted'],
    ['554 5.7.1 You are not welcome', 'client-blocked'],
    ['250 hello', 'ambiguous'],
    ['354 go ahead', 'ambiguous'],
    ['SSH-2.0-OpenSSH_9.9', 'ambiguous'],
    ['220-a\n554 b', 'ambiguous'],
  ])('"%s" is no greeting: %s', async (greeting, doubt) => {
    await using server = await mta().greets(greeting).start();
    await using session = await openSession(server);
    const error = await troubleIn(session.greet());
    expect(error).toMatchObject({ doubt, because: expect.stringContaining(`"${greeting.split('\n')[0]}"`) });
    expect(error.evidence[0]?.quote).toBe(greeting.split('\n')[0]);
    expect(error.reply).not.toBeNull();
  });

  test('that never ends is bounded in what is kept of it', async () => {
    await using server = await mta().greets({ and: 'endless replies' }).start();
    const recorder = new Recorder();
    await using session = await openSession(server, { recorder, restraint: { dialogueSeconds: 1 } });
    await troubleIn(session.greet().then(() => session.hello('probe.scanner.test')));
    expect(textsOf(recorder).length).toBeLessThan(2000);
  });
});

describe('EHLO', () => {
  test('brings keywords and pipelining', async () => {
    await using server = await mta().start();
    await using session = await openSession(server);
    await session.greet();
    expect(session.pipelines).toBe(false);
    const exchange = await session.hello('probe.scanner.test');
    expect(exchange).toMatchObject({ command: ehlo, reply: { code: 250 } });
    expect(session).toMatchObject({ pipelines: true, helo: 'probe.scanner.test', ehlo: exchange });
  });

  test.each([500, 501, 502, 504, 550, 554])('refused with %i gives way to HELO (RFC 5321 §4.1.4)', async (code) => {
    await using server = await mta()
      .onEhlo(() => `${code} 5.5.1 not here`)
      .start();
    await using session = await openSession(server);
    await session.greet();
    expect(await session.hello('probe.scanner.test')).toMatchObject({
      command: 'HELO probe.scanner.test',
      reply: { code: 250 },
    });
    expect(session).toMatchObject({ helo: 'probe.scanner.test', pipelines: false });
  });

  test.each<[string, Action, string[]]>([
    ['HELO too', '550 5.7.1 neither', ['HELO probe.scanner.test']],
    ['a hang-up at HELO', { and: 'hang up' }, ['HELO probe.scanner.test']],
    ['421 at HELO', { say: '421 4.3.2 bye', and: 'hang up' }, ['HELO probe.scanner.test']],
  ])('refused, and %s: the refusal of EHLO is the reason', async (_, answer, more) => {
    await using server = await mta()
      .onEhlo(() => '550 5.7.1 Helo command rejected: I know you')
      .on('HELO', () => answer)
      .start();
    await using session = await openSession(server);
    await session.greet();
    expect((await session.hello('probe.scanner.test')).reply.code).toBe(550);
    expect(session).toMatchObject({ ehlo: null, helo: null });
    expect(server.commands).toEqual([ehlo, ...more]);
  });

  test('refused for now is not asked again by another name', async () => {
    await using server = await mta()
      .onEhlo(() => '450 4.7.1 later')
      .start();
    await using session = await openSession(server);
    await session.greet();
    expect((await session.hello('probe.scanner.test')).reply.code).toBe(450);
    expect(server.commands).toEqual([ehlo]);
  });

  const oneLine = () => mta().onEhlo(() => '250 mx.example.test');
  test('in one line is taken, and no command is spent on it', async () => {
    await using server = await oneLine()
      .on('NOOP', () => ({ and: 'hang up' }))
      .start();
    await using session = await greetedSession(server);
    expect(session).toMatchObject({ helo: 'probe.scanner.test', isHealthy: true });
    expect(server.commands).toEqual([ehlo]);
    expect((await session.say('MAIL FROM:<>')).reply.code).toBe(250);
  });

  test('in one line that is somebody else’s is out of step: at once, or at the next command', async () => {
    await using server = await mta().addsReply('250 2.0.0 Ok', { at: 1, place: 'before' }).start();
    expect(await troubleIn(greetedSession(server))).toMatchObject({ doubt: 'ambiguous', cause: 'unasked' });
    await using slow = await mta().addsReply('250 2.0.0 Ok', { at: 1, place: 'before' }).drips(14, 150).start();
    await using session = await greetedSession(slow, { restraint: { replySeconds: 5, dialogueSeconds: 20 } });
    expect(await troubleIn(session.say('NOOP'))).toMatchObject({ doubt: 'ambiguous', cause: 'unasked' });
  });

  test('that goes on in lines without a code says so', async () => {
    await using server = await mta()
      .onEhlo(() => '250 Nice to meet you.\n8BITMIME\nSIZE')
      .start();
    expect(await troubleIn(greetedSession(server))).toMatchObject({
      doubt: 'ambiguous',
      cause: 'not-smtp',
      because: 'the answer to EHLO goes on in lines without a code (RFC 5321 §4.2): "8BITMIME"',
      evidence: [{ quote: '8BITMIME' }],
    });
  });

  test('answered with 421 ends the session', async () => {
    await using server = await mta().says421At(1).start();
    await using session = await openSession(server);
    await session.greet();
    expect(await troubleIn(session.hello('probe.scanner.test'))).toMatchObject({
      doubt: 'closed',
      reply: { code: 421 },
    });
  });

  test('answered with 421 behind a late greeting line ends the session, too', async () => {
    await using server = await mta()
      .onEhlo(() => Buffer.from('220 late\r\n421 4.3.2 going down\r\n'))
      .start();
    await using session = await openSession(server);
    await session.greet();
    expect(await troubleIn(session.hello('probe.scanner.test'))).toMatchObject({
      doubt: 'closed',
      reply: { code: 421 },
    });
  });
});

describe('a flight', () => {
  const commands = ['MAIL FROM:<a@b.test>', 'RCPT TO:<alice@example.test>', 'RCPT TO:<x@outside.test>', 'RSET'];
  const codes = [250, 250, 554, 250];

  test('goes out at once where PIPELINING is offered', async () => {
    // This server tells on us: it hangs up on pipelining, and offers it all the same.
    await using server = await mta().lockStepOnly().offers('PIPELINING').start();
    await using session = await greetedSession(server);
    const { exchanges, cut } = await session.flight(commands);
    expect(exchanges).toMatchObject([{ reply: { code: 500, text: 'Invalid command: Pipelining not supported' } }]);
    expect(cut).toMatchObject({ doubt: 'closed' });
  });

  test.each([
    ['in one packet', () => mta()],
    ['one by one where it is not offered', () => mta().lockStepOnly()],
    ['cut in pieces', () => mta().drips(3)],
  ])('brings the replies in order: %s', async (_, server_) => {
    await using server = await server_().start();
    await using session = await greetedSession(server);
    const { exchanges, cut } = await session.flight(commands);
    expect(exchanges.map(({ reply }) => reply.code)).toEqual(codes);
    expect(exchanges.map(({ command }) => command)).toEqual(commands);
    expect(cut).toBeNull();
    expect(session.isHealthy).toBe(true);
  });

  test.each([
    ['a hang-up', () => mta().hangsUpAfter(3), 'closed', 'the server closed the connection'],
    [
      'a reset',
      () => mta().onRcpt(({ dialogue }) => (dialogue.commands === 4 ? { and: 'reset' } : undefined)),
      'closed',
      /connection lost|closed the connection/,
    ],
    ['421', () => mta().says421At(4), 'closed', 'Service not available'],
    ['silence', () => mta().fallsSilentAfter(3), 'timeout', 'nothing within 0.5 s'],
    [
      'half a reply',
      () =>
        mta().onRcpt(({ dialogue }) =>
          dialogue.commands === 4 ? { say: Buffer.from('554 5.7.1 Rel'), and: 'hang up' } : undefined,
        ),
      'closed',
      'in the middle of a reply',
    ],
    [
      'an endless line',
      () => mta().onRcpt(({ dialogue }) => (dialogue.commands === 4 ? { and: 'endless line' } : undefined)),
      'ambiguous',
      'over 262144 octets without the end of a reply',
    ],
    [
      'an endless reply',
      () => mta().onRcpt(({ dialogue }) => (dialogue.commands === 4 ? { and: 'endless reply' } : undefined)),
      'ambiguous',
      'over 256 lines in one reply',
    ],
  ])('cut short by %s brings what was answered before', async (_, server_, doubt, because) => {
    for (const scripted of [server_(), server_().lockStepOnly()]) {
      await using server = await scripted.start();
      await using session = await greetedSession(server);
      const { pipelines } = session;
      const { exchanges, cut } = await session.flight(commands);
      // What was answered is kept; in a flight only where it is certain which command it answers. Nothing is made up.
      const codesRead = exchanges.map(({ reply }) => reply.code);
      expect(pipelines ? [[250, 250], []] : [[250, 250]]).toContainEqual(codesRead);
      expect(cut).toMatchObject({ doubt, because: expect.stringMatching(because) });
      expect(cut?.evidence.length).toBeGreaterThan(0);
      expect(session.isHealthy).toBe(false);
    }
  });

  test.each(['first lost', 'held back'] as const)(
    'is asked again one by one where PIPELINING is listed and broken: %s',
    async (how) => {
      await using server = await mta().breaksPipelining(how).start();
      const recorder = new Recorder();
      await using session = await greetedSession(server, { recorder });
      const { exchanges, cut } = await session.flight(commands);
      expect(exchanges.map(({ reply }) => reply.code)).toEqual(codes);
      expect(cut).toBeNull();
      expect(session).toMatchObject({ isHealthy: true, oneByOne: true, pipelines: false });
      expect(transcriptOf(recorder).filter(({ kind }) => kind === 'pipelining')).toHaveLength(1);
      // From now on it is not tried.
      expect((await session.flight(commands)).exchanges).toHaveLength(4);
      expect(transcriptOf(recorder).filter(({ kind }) => kind === 'pipelining')).toHaveLength(1);
    },
  );

  test('that loses replies for good is named', async () => {
    await using server = await mta()
      .onRcpt(() => null)
      .on('EHLO', ({ dialogue }) => (dialogue.commands > 1 ? '250 again' : undefined))
      .start();
    await using session = await greetedSession(server);
    const { exchanges, cut } = await session.flight(commands);
    expect(exchanges).toEqual([]);
    expect(cut).toMatchObject({
      doubt: 'timeout',
      cause: 'pipelining',
      because: expect.stringMatching(/^PIPELINING is listed/),
    });
    expect(session.isHealthy).toBe(false);
  });

  test('is told to whoever leased the session: each reply, and the cut', async () => {
    await using server = await mta().says421At(4).start();
    await using session = await greetedSession(server);
    const replies: (number | null)[] = [];
    const cuts: string[] = [];
    session.onReply = ({ reply }) => replies.push(reply.code);
    session.onCut = ({ doubt }) => cuts.push(doubt);
    await session.flight(commands);
    expect({ replies, cuts }).toEqual({ replies: [250, 250], cuts: ['closed'] });
  });

  test('counts what it used up of the server’s patience', async () => {
    await using server = await mta().start();
    await using session = await greetedSession(server);
    expect(session.spent).toEqual({ refusals: 0, mistakes: 0, nonMail: 1, recipients: 0, transactions: 0 });
    await session.flight(commands.slice(0, 3));
    expect(session).toMatchObject({
      inTransaction: true,
      spent: { refusals: 1, mistakes: 0, nonMail: 1, recipients: 2, transactions: 1 },
    });
    await session.flight(['RSET', 'XYZZY']);
    expect(session).toMatchObject({ inTransaction: false, spent: { refusals: 1, mistakes: 1, nonMail: 3 } });
  });
});

describe('what nobody asked for', () => {
  test('ends the dialogue before the next command', async () => {
    await using server = await mta().addsReply('250 2.0.0 Ok', { at: 2, place: 'after' }).start();
    await using session = await greetedSession(server);
    expect((await session.say('NOOP')).reply.code).toBe(250);
    expect(session.isHealthy).toBe(false);
    const error = await troubleIn(session.say('NOOP'));
    expect(error).toMatchObject({ doubt: 'ambiguous', because: 'the server said "250 2.0.0 Ok" without being asked' });
    expect(error.evidence[0]).toMatchObject({ session: session.id, quote: '250 2.0.0 Ok' });
    expect(server.commands).toEqual([ehlo, 'NOOP']);
  });

  test.each([
    ['421 4.4.2 mx.example.test Error: timeout exceeded', 'timeout'],
    ['421 4.7.0 mx.example.test Error: too many connections from 192.0.2.9', 'throttled'],
    ['421 4.3.0 mx.example.test Server local error', 'ambiguous'],
  ])('means what it says when it is 421: "%s" is %s', async (reply, doubt) => {
    await using server = await mta().addsReply(reply, { at: 2, place: 'after' }).start();
    await using session = await greetedSession(server);
    await session.say('NOOP');
    expect(await troubleIn(session.say('NOOP'))).toMatchObject({ doubt, evidence: [{ quote: reply }] });
  });
});

describe('STARTTLS', () => {
  test('leads into TLS, and EHLO has to be said again', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    expect(await session.startTls()).toMatchObject({
      kind: 'established',
      leftover: '',
      exchange: { reply: { code: 220 } },
      facts: { protocol: 'TLSv1.3' },
    });
    expect(session).toMatchObject({ helo: null, pipelines: false, isHealthy: true });
    await session.hello('probe.scanner.test');
    const inTls = transcriptOf(recorder).filter(({ tls }) => tls);
    expect(inTls.map(({ text }) => text)).toContain(ehlo);
    expect(inTls.map(({ text }) => text)).not.toContain('STARTTLS');
  });

  test('keeps what came behind the 220, as data', async () => {
    await using server = await mta()
      .onStarttls(() => ({ say: '220 2.0.0 go\n250 \u202einjected', and: 'start TLS' }))
      .start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    const outcome = await session.startTls();
    expect(outcome).toMatchObject({ kind: 'established', leftover: '250 \\u{202e}injected\\x0d\\x0a' });
    expect(textsOf(recorder)).toContain('250 \\u{202e}injected\\x0d\\x0a');
    // What was said in clear answers nothing that is asked inside.
    expect((await session.hello('probe.scanner.test')).reply.lines[0].text).toBe('250-mx.example.test');
  });

  test('refused leaves the session as it was', async () => {
    await using server = await mta()
      .onStarttls(() => '454 4.7.0 TLS not available due to local problem')
      .start();
    await using session = await greetedSession(server);
    expect(await session.startTls()).toMatchObject({ kind: 'refused', exchange: { reply: { code: 454 } } });
    expect((await session.say('NOOP')).reply.code).toBe(250);
  });

  test.each([
    ['garbage', 'tls-failed', /^TLS handshake failed: /],
    ['hang up', 'tls-failed', /^the server closed the connection during the TLS handshake$/],
    ['silence', 'timeout', /^no TLS handshake within 0\.3 s$/],
  ] as const)('with %s for a handshake fails as %s', async (handshake, doubt, message) => {
    await using server = await mta().shakesHands(handshake).start();
    const began = performance.now();
    await using session = await greetedSession(server, { restraint: { handshakeSeconds: 0.3 } });
    const outcome = await session.startTls();
    expect(outcome).toMatchObject({ kind: 'failed', trouble: { doubt, because: expect.stringMatching(message) } });
    expect(session.isHealthy).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('implicit TLS', () => {
  test('comes before the greeting', async () => {
    await using server = await mta().implicitTls().start();
    await using session = await greetedSession(server, { tls: 'implicit' });
    expect(session.tls?.protocol).toBe('TLSv1.3');
    expect(session.ehlo?.reply.code).toBe(250);
  });

  test('that fails is trouble, and the connection is closed', async () => {
    await using server = await mta().implicitTls().shakesHands('garbage').start();
    expect(await troubleIn(openSession(server, { tls: 'implicit' }))).toMatchObject({ doubt: 'tls-failed' });
    await expect.poll(() => server.connections[0]?.open).toBe(false);
  });
});

describe('time', () => {
  test.each([
    ['a greeting', () => mta().greets(), 'nothing within 0.2 s'],
    ['a greeting that stops in the middle', () => mta().greets('220-half'), 'nothing within 0.2 s'],
    ['a reply', () => mta().fallsSilentAfter(0), 'nothing within 0.2 s'],
    ['a reply that stops in the middle', () => mta().onEhlo(() => '250-half'), 'nothing within 0.2 s'],
  ])('for %s is bounded, and the limit named', async (_, server_, message) => {
    await using server = await server_().start();
    const began = performance.now();
    expect(await troubleIn(greetedSession(server, { restraint: { replySeconds: 0.2 } }))).toMatchObject({
      doubt: 'timeout',
      because: expect.stringContaining(message),
    });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test('for a reply that comes a byte at a time is bounded too', async () => {
    await using server = await mta().drips(1, 20).start();
    const began = performance.now();
    expect(await troubleIn(greetedSession(server, { restraint: { replySeconds: 0.3 } }))).toMatchObject({
      doubt: 'timeout',
    });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  test('for a dialogue is bounded, however quick each answer', async () => {
    await using server = await mta()
      .on('NOOP', () => '250-a\n250 b')
      .drips(4, 15)
      .start();
    const began = performance.now();
    await using session = await openSession(server, { restraint: { replySeconds: 5, dialogueSeconds: 0.6 } });
    const chat = async () => {
      await session.greet();
      for (let command = 0; command < 1000; command++) await session.say('NOOP');
    };
    const error = await troubleIn(chat());
    expect(error).toMatchObject({ doubt: 'timeout' });
    expect(error.because).toMatch(/^nothing within the 0\.6 s that a dialogue may last/);
    expect(performance.now() - began).toBeLessThan(2500);
  });

  test('may be set for one command', async () => {
    await using server = await mta().fallsSilentAfter(1).start();
    await using session = await greetedSession(server, { restraint: { replySeconds: 5 } });
    expect(await troubleIn(session.say('NOOP', { seconds: 0.1 }))).toMatchObject({
      doubt: 'timeout',
      because: 'nothing within 0.1 s',
    });
  });

  test('is not waited for once the scan is ended', async () => {
    await using server = await mta().fallsSilentAfter(1).start();
    const abort = new AbortController();
    await using session = await greetedSession(server, { restraint: { replySeconds: 5 }, signal: abort.signal });
    const began = performance.now();
    const said = troubleIn(session.say('NOOP'));
    abort.abort();
    expect(await said).toMatchObject({ doubt: 'budget-spent' });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('a port that nobody listens on is unreachable', async () => {
    const server = await mta().start();
    await server[Symbol.asyncDispose]();
    expect(await troubleIn(openSession(server))).toMatchObject({
      doubt: 'unreachable',
      because: 'TCP connection failed: ECONNREFUSED',
    });
  });
});

describe('QUIT', () => {
  const states: readonly [string, () => ReturnType<typeof mta>, (session: SmtpSession) => Promise<unknown>][] = [
    ['a greeting', () => mta(), (session) => session.greet()],
    ['no greeting at all', () => mta().greets(), (session) => session.greet()],
    ['a refused greeting', () => mta().greets('554 5.7.1 no'), (session) => session.greet()],
    ['garbage', () => mta().greets('garbage'), (session) => session.greet()],
    [
      'a timeout',
      () => mta().on('NOOP', () => null),
      (session) =>
        session
          .greet()
          .then(() => session.say('NOOP'))
          .then(() => session.say('NOOP')),
    ],
    [
      'a desync',
      () => mta().addsReply('250 x', { at: 1, place: 'after' }),
      (session) =>
        session
          .greet()
          .then(() => session.say('NOOP'))
          .then(() => session.say('NOOP')),
    ],
    [
      'an open transaction',
      () => mta(),
      (session) =>
        session
          .greet()
          .then(() => session.hello('a.test'))
          .then(() => session.say('MAIL FROM:<>')),
    ],
    ['TLS', () => mta(), (session) => session.greet().then(() => session.startTls())],
  ];

  test.each(states)('is sent after %s', async (_, server_, reach) => {
    await using server = await server_().start();
    const session = await openSession(server, { restraint: { replySeconds: 0.2 } });
    await reach(session).catch(() => {});
    await session[Symbol.asyncDispose]();
    await expect.poll(() => server.connections[0]?.open).toBe(false);
    expect(server.commands.at(-1)).toBe('QUIT');
    expect(server.withoutQuit).toEqual([]);
  });

  test('is sent once, however often it is asked for', async () => {
    await using server = await mta().start();
    const session = await greetedSession(server);
    await session.quit();
    await session.quit();
    await session[Symbol.asyncDispose]();
    expect(server.commands.filter((command) => command === 'QUIT')).toHaveLength(1);
  });

  test('that is not answered costs no more than its limit', async () => {
    await using server = await mta()
      .on('QUIT', () => null)
      .start();
    const session = await greetedSession(server, { restraint: { replySeconds: 30 } });
    const began = performance.now();
    await session.quit(0.2);
    expect(performance.now() - began).toBeLessThan(1500);
    await expect.poll(() => server.connections[0]?.open).toBe(false);
  });

  test('said by hand is not followed by another', async () => {
    await using server = await mta().start();
    const session = await greetedSession(server);
    expect((await session.say('QUIT')).reply.code).toBe(221);
    await session[Symbol.asyncDispose]();
    expect(server.commands).toEqual([ehlo, 'QUIT']);
  });

  test('said by hand is not followed by another where the server is slow to close', async () => {
    await using server = await mta()
      .on('QUIT', () => '221 2.0.0 Bye')
      .start();
    const session = await greetedSession(server);
    expect(await session.leave()).toBe(null);
    await session[Symbol.asyncDispose]();
    await expect.poll(() => server.connections[0]?.open).toBe(false);
    expect(server.commands).toEqual([ehlo, 'QUIT']);
  });
});

describe('the transcript', () => {
  test.each([
    ['AUTH PLAIN AHVzZXIAc2VjcmV0', 'AUTH PLAIN <redacted>'],
    ['auth login dXNlcg==', 'auth login <redacted>'],
    ['AUTH  PLAIN   AHVzZXIAc2VjcmV0', 'AUTH  PLAIN <redacted>'],
    ['AUTH PLAIN =', 'AUTH PLAIN <redacted>'],
    ['AUTH PLAIN', 'AUTH PLAIN'],
    ['AUTH PLAIN *', 'AUTH PLAIN *'],
  ])('of %s keeps no secret', async (command, kept) => {
    await using server = await mta()
      .on('AUTH', () => '535 5.7.8 no')
      .start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    expect((await session.say(command)).command).toBe(kept);
    expect((await session.flight([command])).exchanges[0]?.command).toBe(kept);
    expect(textsOf(recorder)).toContain(kept);
    expect(server.commands).toContain(command);
    if (command !== kept) expect(JSON.stringify(recorder.sessions())).not.toContain(command);
  });

  test('keeps what stands for a secret line in its place', async () => {
    await using server = await mta()
      .on('AUTH', () => '334 VXNlcm5hbWU6')
      .start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    await session.say('AUTH LOGIN');
    await session.say('c2VjcmV0', { shown: '<redacted>' });
    expect(server.commands).toContain('c2VjcmV0');
    expect(JSON.stringify(recorder.sessions())).not.toContain('c2VjcmV0');
  });

  const hostile = Buffer.concat([
    Buffer.from('220 \x1b[31mred\x1b]0;title\x07 \0 \u202eabc\u2066 \u200b \ufeff \u2028 grüß \x85 '),
    Buffer.from([0xe9, 0xff, 0xc3, 0x28, 0xed, 0xa0, 0x80]),
  ]);
  const shown =
    '220 \\x1b[31mred\\x1b]0;title\\x07 \\x00 \\u{202e}abc\\u{2066} \\u{200b} \\u{feff} \\u{2028} grüß \\x85 \\xe9\\xff\\xc3(\\xed\\xa0\\x80';
  const printable = /^[^\p{C}\u2028\u2029]*$/u;

  test('has printable text only, of whatever is sent', async () => {
    await using server = await mta()
      .greets(Buffer.concat([hostile, Buffer.from('\r\n')]))
      .on('NOOP', () => Buffer.concat([Buffer.from('250-'), hostile, Buffer.from('\n250 \r\r\n')]))
      .start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    await session.say('NOOP');
    session.remark('trouble', 'remark \x1b[1m\u202e');
    expect(session.greeting?.lines[0].text).toBe(shown);
    for (const text of textsOf(recorder)) expect(text).toMatch(printable);
  });

  test('shows half a reply as it would have shown the whole', async () => {
    await using server = await mta().greets({ say: hostile, and: 'hang up' }).start();
    const recorder = new Recorder();
    const error = await troubleIn(greetedSession(server, { recorder }));
    expect(error.because).toBe('the server closed the connection in the middle of a reply');
    expect(error.evidence[0]?.quote).toBe(shown);
    for (const text of textsOf(recorder)) expect(text).toMatch(printable);
  });

  test('is only ever added to, in the order of time', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    let before = recorder.sessions();
    for (const command of ['MAIL FROM:<>', 'RCPT TO:<a@b.test>', 'RSET', 'NOOP']) {
      await session.say(command);
      const now = recorder.sessions();
      expect(now[0]?.events.slice(0, before[0]?.events.length)).toEqual(before[0]?.events);
      expect(now[0]?.events.length).toBe((before[0]?.events.length ?? 0) + 2);
      before = now;
    }
    const times = transcriptOf(recorder).map(({ at }) => at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('is found again by what a reply cites', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    for (const line of session.ehlo?.reply.lines ?? []) {
      expect(recorder.sessions()[0]?.events[line.event]?.text).toBe(line.text);
    }
  });

  test('comes with what it cost', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    await using session = await greetedSession(server, { recorder });
    expect(recorder.cost()).toMatchObject({ connections: 1, commands: 1, bytesSent: ehlo.length + 2 });
    expect(recorder.cost().bytesReceived).toBe(
      transcriptOf(recorder)
        .filter(({ from }) => from === 'them')
        .reduce((sum, { text }) => sum + text.length + 2, 0),
    );
    await session.quit();
    expect(recorder.cost()).toMatchObject({ connections: 1, commands: 2 });
  });
});

describe('leaving as a test of step', () => {
  test.each<[string, () => ReturnType<typeof mta>, string | null]>([
    ['221', () => mta(), null],
    ['250, and the end', () => mta().on('QUIT', () => ({ say: '250 2.0.0 Bye', and: 'hang up' })), 'unasked'],
    ['a hang-up', () => mta().on('QUIT', () => ({ and: 'hang up' })), null],
    ['421', () => mta().on('QUIT', () => ({ say: '421 4.3.2 bye', and: 'hang up' })), null],
    ['a stray, and 221 behind it', () => mta().addsReply('250 2.0.0 Ok', { at: 2, place: 'before' }), 'unasked'],
    ['nothing', () => mta().on('QUIT', () => null), 'silence'],
  ])('%s', async (_, server_, cause) => {
    await using server = await server_().start();
    await using session = await greetedSession(server);
    expect((await session.leave())?.cause ?? null).toBe(cause);
  });
});

describe('a server without a greeting', () => {
  test.each<[string, () => ReturnType<typeof mta>, string, string]>([
    ['that ends the connection without a word', () => mta().greets({ and: 'hang up' }), 'closed', 'no-greeting'],
    ['that is silent', () => mta().greets(), 'timeout', 'no-greeting'],
    ['that stops in the middle of one', () => mta().greets('220-half'), 'timeout', 'silence'],
    ['that speaks POP3', () => mta().greets('+OK ready'), 'ambiguous', 'not-smtp'],
    ['that speaks IMAP', () => mta().greets('* OK ready'), 'ambiguous', 'not-smtp'],
  ])('%s', async (_, server_, doubt, cause) => {
    await using server = await server_().start();
    await using session = await openSession(server, { restraint: { replySeconds: 0.2 } });
    expect(await troubleIn(session.greet())).toMatchObject({ doubt, cause });
  });

  test('names the protocol that greets like this, and the line that says why', async () => {
    await using pop = await mta().greets('+OK ready').start();
    await using session = await openSession(pop);
    expect((await troubleIn(session.greet())).because).toContain('one of POP3');
    const lines = [
      '554-mail.hoster.test ESMTP Service not available',
      '554-No SMTP service',
      '554 Bad DNS PTR resource record.',
    ];
    await using shut = await mta().greets(lines.join('\n')).start();
    await using other = await openSession(shut);
    const met = await troubleIn(other.greet());
    expect(met).toMatchObject({ doubt: 'client-blocked', because: expect.stringContaining('Bad DNS PTR') });
    expect(met.evidence.map(({ quote }) => quote)).toContain(lines[2]);
  });
});
