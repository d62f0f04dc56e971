import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { templateProblem } from '../../../src/monitor/config/template.ts';
import type { ChannelOf } from '../../../src/notify/parts.ts';
import { senderOf } from '../../../src/notify/sender.ts';
import { startSink } from '../../support/sink.ts';
import { hostile, message } from './messages.ts';
import { env, failure, hurried, partsWith } from './parts.ts';

const never = new AbortController().signal;
const token = 'tok_4f9a8b7c6d';
const parts = partsWith({ TOKEN: token });

const channel = (url: string, more: Partial<ChannelOf<'webhook'>> = {}) =>
  ({ name: 'hook', kind: 'webhook', url: { kind: 'url', url }, token: null, template: null, ...more }) as const;

describe('a webhook', () => {
  test('gets all that is known, once by its id, with its token', async () => {
    await using sink = await startSink();
    await senderOf(channel(`${sink.url}/in?x=1`, { token: env('TOKEN') }), parts)(message('opened'), never);
    const [{ method, path, headers, body } = { body: '' }] = sink.received;
    expect({ method, path }).toEqual({ method: 'POST', path: '/in?x=1' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'm-0001',
      authorization: `Bearer ${token}`,
    });
    expect(JSON.parse(body)).toMatchSnapshot();
  });

  test('with a template gets that, whatever a server says', async () => {
    await using sink = await startSink();
    const template = '{ "msg": "{{ subject }} -> {{link}}", "n": {{count}}, "why": ["{{because}}"], "port": {{port}} }';
    expect(templateProblem(template)).toBe(null);
    await senderOf(channel(sink.url, { template }), parts)(message('opened'), never);
    await senderOf(channel(sink.url, { template }), parts)(hostile, never);
    const [one, other] = sink.received.map(({ body }) => JSON.parse(body));
    expect(one).toEqual({
      msg: 'CRITICAL mx1.example.com:25: Anybody can send mail through it -> https://watch.example.net/i/8f2c41d09a3b',
      n: 1,
      why: ['a recipient elsewhere was taken from a stranger'],
      port: 25,
    });
    expect(other.why).toEqual([hostile.items[0]?.incident.now.because]);
  });

  const secretPath = '/hooks/T0AAAAAAA/B0BBBBBBB/xyzzy12345';

  test.each<[string, Parameters<typeof startSink>[0], RegExp]>([
    [
      'refuses',
      (response) => response.writeHead(403).end('no_service\nmore'),
      /^the server of HOOK answered 403: no_service$/,
    ],
    [
      'repeats the URL',
      (r, { path }) => r.writeHead(404).end(`Cannot POST ${path}`),
      /^the server of HOOK answered 404$/,
    ],
    [
      'repeats the token',
      (r, { headers }) => r.writeHead(401).end(headers.authorization),
      /^the server of HOOK answered 401$/,
    ],
    [
      'repeats a part of the URL',
      (r) => r.writeHead(400).end('{"key":"xyzzy12345"}'),
      /^the server of HOOK answered 400$/,
    ],
    [
      'sends elsewhere',
      (r) => r.writeHead(302, { Location: '/other' }).end(),
      /^the server of HOOK answered 302, a redirect: none is followed$/,
    ],
    ['breaks', (r) => r.destroy(), /^the server of HOOK broke the connection$/],
    [
      'writes controls',
      (r) => r.writeHead(500).end('\u001b[31m\u202e red'),
      /^the server of HOOK answered 500: \\x1b\[31m\\u\{202e\} red$/,
    ],
  ])('that %s is told as such, without its secrets', async (_, answer, expected) => {
    await using sink = await startSink(answer);
    const secrets = partsWith({ HOOK: `${sink.url}${secretPath}`, TOKEN: token });
    const send = senderOf({ ...channel(''), url: env('HOOK'), token: env('TOKEN') }, secrets);
    expect(await failure(send(message('opened'), never))).toMatch(expected);
    expect(sink.received).toHaveLength(1);
  });

  test('is not read to its end', async () => {
    await using sink = await startSink((response) => {
      const more = () => {
        while (response.write('a'.repeat(65_536)));
        response.once('drain', more);
      };
      response.writeHead(500);
      more();
    });
    expect(await failure(senderOf(channel(sink.url), parts)(message('opened'), never))).toMatch(
      / answered 500: a{200}…$/,
    );
  });

  test('that is not there, or hangs until it is stopped, says so', async () => {
    expect(await failure(senderOf(channel('http://127.0.0.1:1/x'), parts)(message('opened'), never))).toMatch(
      /^127\.0\.0\.1:1 (refuses the connection|could not be asked)$/,
    );
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const controller = new AbortController();
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      controller.abort();
    });
    expect(
      await failure(senderOf(channel(`http://127.0.0.1:${port}`), parts)(message('opened'), controller.signal)),
    ).toBe(`127.0.0.1:${port} was not asked to the end: it was stopped`);
    server.close();
  });

  test('that takes ten seconds has had enough of them', async () => {
    using _ = hurried();
    await using silent = await startSink(() => {});
    await using slow = await startSink((response) => response.writeHead(500).write('never ends'));
    await using glad = await startSink((response) => response.writeHead(200).write('never ends'));
    expect(await failure(senderOf(channel(glad.url), parts)(message('opened'), never))).toBe('');
    for (const { url } of [silent, slow])
      expect(await failure(senderOf(channel(url), parts)(message('opened'), never))).toBe(
        `${new URL(url).host} did not answer within 10 s`,
      );
  });

  test.each([
    ['not there', {}, 'the environment has no HOOK'],
    ['no URL', { HOOK: 'hunter2 https://x' }, 'HOOK holds no URL: it takes one that begins with https://'],
    ['another scheme', { HOOK: 'file:///etc/passwd' }, 'HOOK holds no URL: it takes one that begins with https://'],
  ])('whose secret is %s says so', async (_, secrets, expected) => {
    const send = senderOf({ ...channel(''), url: env('HOOK') }, partsWith(secrets));
    expect(await failure(send(message('opened'), never))).toBe(expected);
  });

  test('whose token fits no header says so, and not what it is', async () => {
    const send = senderOf(
      channel('http://127.0.0.1:1/', { token: env('TOKEN') }),
      partsWith({ TOKEN: 'hunter2\r\nX: y' }),
    );
    expect(await failure(send(message('opened'), never))).toBe(
      'TOKEN holds no token: it has blanks or other characters in it',
    );
  });
});

describe('a template', () => {
  test.each([
    ['{"a": "{{subject}}", "b": [1, -2.5e3, true, null, {}], "c": {{count}}}', null],
    ['"{{text}}"', null],
    [
      '{"a": "{{subjct}}"}',
      /^in line 1, column 8 has \{\{subjct\}\}, which is no name - did you mean subject\?; there are id, /,
    ],
    ['{\n  "a": {{subject}}\n}', 'in line 2, column 8 is no JSON'],
    ['{"a": "x",}', 'in line 1, column 11 is no JSON'],
    ['{"a": "x"', 'in line 1, column 10 is no JSON'],
    ['{"a": "x"} y', 'in line 1, column 12 is no JSON'],
    ["{'a': 1}", 'in line 1, column 2 is no JSON'],
    ['{"a": "x\ny"}', 'in line 1, column 7 is no JSON'],
    ['', 'in line 1, column 1 is no JSON'],
    ['[01]', 'in line 1, column 3 is no JSON'],
    ['['.repeat(10_000), /is no JSON$/],
  ])('%s', (template, expected) => {
    const found = templateProblem(template);
    if (expected === null || typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });
});
