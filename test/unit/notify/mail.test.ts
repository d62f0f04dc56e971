import { type AddressInfo, createServer } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, describe, expect, test } from 'vitest';
import type { MailServer } from '../../../src/monitor/config/config.ts';
import type { ChannelOf } from '../../../src/notify/parts.ts';
import { senderOf } from '../../../src/notify/sender.ts';
import { startCa } from '../../support/lab-ca.ts';
import { startMailSink } from '../../support/mail-sink.ts';
import { hostile, item, message } from './messages.ts';
import { env, failure, hurried, partsWith } from './parts.ts';

const ca = startCa();
afterAll(() => ca[Symbol.dispose]());
const certificate = ca.certify('localhost');
const never = new AbortController().signal;
const password = 'hunter2-and-more';

const channel = (port: number, server: Partial<MailServer> = {}, parts: Partial<ChannelOf<'mail'>> = {}) =>
  ({
    name: 'postmaster',
    kind: 'mail',
    to: ['postmaster@example.org'],
    from: 'watch@example.net',
    server: { host: 'localhost', port, tls: 'starttls', user: null, ...server },
    password: null,
    ...parts,
  }) as const;

const parts = partsWith({ MAIL_PASSWORD: password }, { ca: ca.root });
const withUser = { user: 'mon' } as const;
const login: SMTPServerOptions = {
  onAuth: ({ username, password: given }, _, done) =>
    done(given === password ? null : new Error(`no: ${username} ${given}`), { user: username ?? '' }),
};

describe('mail', () => {
  test('is text with a page, in the thread of its incident, and answered by no program', async () => {
    await using sink = await startMailSink(certificate);
    await senderOf(channel(sink.port), parts)(message('opened'), never);
    const [{ from, to, text, isSecure } = { text: '' }] = sink.letters;
    expect({ from, to, isSecure }).toEqual({
      from: 'watch@example.net',
      to: ['postmaster@example.org'],
      isSecure: true,
    });
    expect(text.replaceAll(/--_NmP-[^\s"]+/g, '<boundary>')).toMatchSnapshot();
    expect(text).toContain('Auto-Submitted: auto-generated\r\n');
    expect(text).toContain('Message-ID: <m-0001@example.net>\r\n');
    expect(text).toContain('In-Reply-To: <incident.8f2c41d09a3b@example.net>\r\n');
    expect(text).toContain('References: <incident.8f2c41d09a3b@example.net>\r\n');
    expect(text.indexOf('text/plain')).toBeLessThan(text.indexOf('text/html'));
  });

  test.each(['implicit', 'starttls'] as const)('logs in, over TLS alone: %s', async (tls) => {
    await using sink = await startMailSink({
      ...certificate,
      ...login,
      secure: tls === 'implicit',
      authOptional: false,
    });
    const send = senderOf(channel(sink.port, { tls, ...withUser }, { password: env('MAIL_PASSWORD') }), parts);
    await send(message('closed'), never);
    expect(sink.letters).toMatchObject([{ user: 'mon', isSecure: true }]);
  });

  test('says that a password is refused, and never which', async () => {
    await using sink = await startMailSink({ ...certificate, ...login, authOptional: false });
    const wrong = partsWith({ MAIL_PASSWORD: 'another-secret' }, { ca: ca.root });
    const send = senderOf(channel(sink.port, withUser, { password: env('MAIL_PASSWORD') }), wrong);
    expect(await failure(send(message('opened'), never))).toBe(
      `localhost:${sink.port} does not take the user and the password`,
    );
  });

  test('is not sent without TLS, whatever the server offers', async () => {
    await using sink = await startMailSink({ disabledCommands: ['STARTTLS'], allowInsecureAuth: true, ...login });
    const send = senderOf(channel(sink.port, withUser, { password: env('MAIL_PASSWORD') }), parts);
    expect(await failure(send(message('opened'), never))).toMatch(
      /^localhost:\d+ does not come to TLS, and without it nothing is sent/,
    );
    expect(sink.letters).toEqual([]);
  });

  test('is not sent to a server that cannot prove its name', async () => {
    await using sink = await startMailSink({ ...certificate });
    const send = senderOf(channel(sink.port, { host: '127.0.0.1' }), parts);
    expect(await failure(send(message('opened'), never))).toBe(
      `127.0.0.1:${sink.port} has a certificate for other names`,
    );
    const strange = senderOf(channel(sink.port), partsWith());
    expect(await failure(strange(message('opened'), never))).toBe(
      `localhost:${sink.port} has a certificate that nobody trusted has signed`,
    );
  });

  test('says what the server said against it', async () => {
    await using sink = await startMailSink({
      ...certificate,
      onMailFrom: (_, __, done) => done(Object.assign(new Error('5.7.1 go away'), { responseCode: 550 })),
    });
    expect(await failure(senderOf(channel(sink.port), parts)(message('opened'), never))).toBe(
      `localhost:${sink.port} does not take the sender or the recipients: 550 5.7.1 go away`,
    );
  });

  test('is sent once to those who are taken, and again to those who are not', async () => {
    let isFull = true;
    await using sink = await startMailSink({
      ...certificate,
      onRcptTo: ({ address }, _, done) =>
        done(
          isFull && address.startsWith('full') ? Object.assign(new Error('4.2.2 full'), { responseCode: 452 }) : null,
        ),
    });
    const send = senderOf(channel(sink.port, {}, { to: ['a@example.org', 'full@example.org'] }), parts);
    const why = await send(message('opened'), never).catch((error: unknown) => error);
    expect(why).toMatchObject({
      message: 'localhost did not take full@example.org: 452 4.2.2 full',
      left: ['full@example.org'],
    });
    isFull = false;
    // As after another start; who has left the file meanwhile is not written to.
    const next = senderOf(channel(sink.port, {}, { to: ['a@example.org', 'full@example.org'] }), parts);
    await next(message('opened'), never, ['gone@example.org', 'full@example.org']);
    await next(message('opened'), never, ['gone@example.org']);
    expect(sink.letters.map(({ to }) => to)).toEqual([['a@example.org'], ['full@example.org']]);
    expect(sink.letters[0]?.text).toContain('To: a@example.org, full@example.org');
  });

  test('that nobody takes, or whose password is not to be had, says why', async () => {
    const send = senderOf(channel(1), parts);
    expect(await failure(send(message('opened'), never))).toBe('localhost:1 refuses the connection');
    const secret = senderOf(channel(1, withUser, { password: env('NOT_THERE') }), parts);
    expect(await failure(secret(message('opened'), never))).toBe('the environment has no NOT_THERE');
  });

  test('to a server that hangs ends when it is stopped', async () => {
    const server = createServer(() => {});
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const controller = new AbortController();
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      controller.abort();
    });
    const gone = new Promise((closed) => server.on('connection', (socket) => socket.on('close', closed).resume()));
    expect(await failure(senderOf(channel(port), parts)(message('opened'), controller.signal))).toBe(
      `localhost:${port} was not asked to the end: it was stopped`,
    );
    await gone;
    server.close();
  });

  test('to a server that is slow in all it does has a minute', async () => {
    using _ = hurried();
    await using sink = await startMailSink({ ...certificate, onMailFrom: () => {} });
    expect(await failure(senderOf(channel(sink.port), parts)(message('opened'), never))).toBe(
      `localhost:${sink.port} was not done within 60 s`,
    );
  });

  test('has no header of a server', async () => {
    await using sink = await startMailSink(certificate);
    await senderOf(channel(sink.port), parts)({ ...hostile, id: 'x\r\nBcc: v@example.org' }, never);
    await senderOf(channel(sink.port), parts)(message('opened', [item('opened', { host: '😀\n'.repeat(90) })]), never);
    expect(sink.letters.map(({ to }) => to)).toEqual([['postmaster@example.org'], ['postmaster@example.org']]);
    for (const { text } of sink.letters) {
      const head = text.slice(0, text.indexOf('\r\n\r\n'));
      const names = [...head.matchAll(/^([A-Za-z-]+):/gm)].map(([, name]) => name);
      expect(names).toEqual(
        [
          'From',
          'To',
          'Subject',
          'Message-ID',
          'In-Reply-To',
          'References',
          'Date',
          'Auto-Submitted',
          'X-Auto-Response-Suppress',
          'MIME-Version',
          'Content-Type',
        ].sort((a, b) => names.indexOf(a) - names.indexOf(b)),
      );
      expect(text).not.toMatch(/^Bcc:/m);
      expect(Math.max(...text.split('\r\n').map(({ length }) => length))).toBeLessThan(998);
    }
  });
});
