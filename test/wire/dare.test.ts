import { describe, expect, test } from 'vitest';
import { Recorder } from '../../src/wire/recorder.ts';
import { greetedSession } from '../fakes/open-session.ts';
import { rawServer } from '../fakes/raw-server.ts';
import { mta } from '../fakes/scripted-server.ts';

const summary = ({ replies, end, endAt }: Awaited<ReturnType<typeof dareOne>>) => ({
  codes: replies.map(({ reply }) => reply.code),
  end,
  endAt: endAt?.quote ?? null,
});

async function dareOne(server: { readonly port: number }, octets: string, recorder = new Recorder()) {
  const session = await greetedSession(server, { recorder });
  session.setApart();
  const aftermath = await session.dare(octets, { seconds: 0.2 });
  await session.quit();
  return aftermath;
}

describe('odd octets', () => {
  test('go out in one write, and every reply is kept', async () => {
    await using server = await mta().start();
    const recorder = new Recorder();
    const aftermath = await dareOne(server, 'MAIL FROM:<>\r\nRSET\r\nNOOP\r\n', recorder);
    expect(summary(aftermath)).toEqual({ codes: [250, 250, 250], end: 'open', endAt: null });
    expect(aftermath.sent.quote).toBe('MAIL FROM:<>\\x0d\\x0aRSET\\x0d\\x0aNOOP\\x0d\\x0a');
    const session = recorder.sessions().find(({ id }) => id === aftermath.sent.session);
    expect(session?.events[aftermath.sent.event]).toMatchObject({ from: 'us', text: aftermath.sent.quote });
  });

  test('of a great number stand shortened in the transcript, with their number', async () => {
    await using server = await mta().start();
    const { sent } = await dareOne(server, `NOOP ${'x'.repeat(70_000)}\r\n`);
    expect(sent.quote).toContain('… (70007 octets) …');
    expect(sent.quote.length).toBeLessThan(600);
  });

  test.each([
    ['421, and the end', { say: '421 4.5.0 Bare linefeed (LF) not allowed', and: 'hang up' }, [421], 'hang-up'],
    ['nothing but the end', { and: 'hang up' }, [], 'hang-up'],
    ['a reset', { and: 'reset' }, [], 'reset'],
    ['silence', null, [], 'open'],
  ] as const)('answered by %s are data', async (_, action, codes, end) => {
    await using server = await mta()
      .on('NOOP', () => action)
      .start();
    expect(summary(await dareOne(server, 'NOOP\n'))).toMatchObject({ codes, end });
  });

  test('keep their octets', async () => {
    await using server = await rawServer((socket) => {
      socket.write('220 here\r\n');
      socket.on('data', (chunk) => socket.write(chunk.toString().startsWith('EHLO') ? '250 here\r\n' : '500 what\r\n'));
    });
    await dareOne(server, 'a\rb\nc\0d\r\n.\r\r\n');
    expect(server.heard[0]).toContain('a\rb\nc\0d\r\n.\r\r\n');
  });

  test('need a session that is set apart', async () => {
    await using server = await mta().start();
    await using session = await greetedSession(server);
    await expect(session.dare('NOOP\n')).rejects.toThrow('set apart');
  });
});

describe('a session set apart', () => {
  test('is nobody else’s, and a limiter’s words in it are not heeded', async () => {
    await using server = await mta()
      .on('NOOP', () => ({ say: '421 4.7.0 too many connections from your address', and: 'hang up' }))
      .start();
    const session = await greetedSession(server);
    const noted: unknown[] = [];
    session.onReply = (exchange) => noted.push(exchange);
    session.onCut = (cut) => noted.push(cut);
    session.setApart();
    await expect(session.say('NOOP')).rejects.toThrow();
    expect(noted).toEqual([]);
    expect(session.isHealthy).toBe(false);
    await session.quit();
  });

  test('is unfit for others while it stands, too', async () => {
    await using server = await mta().start();
    const session = await greetedSession(server);
    expect(session.isHealthy).toBe(true);
    session.setApart();
    expect(session.isHealthy).toBe(false);
    await session.quit();
  });
});
