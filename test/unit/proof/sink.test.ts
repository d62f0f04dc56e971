import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import { readResults } from '../../../src/proof/read-results.ts';
import { lineOf, type Taken } from '../../../src/proof/results.ts';
import { startSink } from '../../../src/proof/sink.ts';
import { makeToken } from '../../../src/proof/token.ts';

const secret = 'a secret of the tests';
const domain = 'sink.example.net';
const mint = (about = 'test') => makeToken(secret, { about, at: new Date() });

async function sink(most = 100) {
  const taken: Taken[] = [];
  const running = await startSink({
    host: '127.0.0.1',
    port: 0,
    domain,
    secret,
    most,
    onMail: (mail) => taken.push(mail),
  });
  return { taken, port: running.port, [Symbol.asyncDispose]: () => running[Symbol.asyncDispose]() };
}

/** Says lines one by one, the next when the reply to the last is whole; gives the replies. */
async function dialogue(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = createConnection({ port, host: '127.0.0.1' });
  const replies: string[] = [];
  let heard = '';
  let left = [...lines];
  for await (const chunk of socket.setEncoding('latin1')) {
    heard += chunk;
    const whole = /^(?:\d{3}-.*\r\n)*(\d{3} .*)\r\n$/.exec(heard);
    if (whole === null) continue;
    replies.push(whole[1] ?? '');
    heard = '';
    const [next, ...more] = left;
    left = more;
    if (next === undefined) break;
    socket.write(`${next}\r\n`);
  }
  socket.destroy();
  return replies.slice(1);
}

const begin = (rcpt: string) => ['EHLO relay.example.test', 'MAIL FROM:<somebody@example.org>', `RCPT TO:<${rcpt}>`];

describe('the sink', () => {
  test('takes mail for a token, and keeps envelope and trace, not the body', async () => {
    await using here = await sink();
    const token = mint();
    const mail = 'Received: from a (b [192.0.2.1])\r\n\tby c; now\r\nSubject: x\r\n\r\nthe body\r\n.';
    const replies = await dialogue(here.port, [...begin(`${token}@${domain}`), 'DATA', mail, 'QUIT']);
    expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['250', '250', '250', '354', '250', '221']);
    expect(here.taken).toEqual([
      {
        token,
        at: expect.stringMatching(/^\d{4}-/),
        peer: '127.0.0.1',
        helo: 'relay.example.test',
        sender: 'somebody@example.org',
        recipient: `${token}@${domain}`,
        tls: null,
        received: ['from a (b [192.0.2.1]) by c; now'],
        authentication: [],
      },
    ]);
    expect(JSON.stringify(here.taken)).not.toContain('the body');
  });

  test.each([
    ['somebody of its own domain', `postmaster@${domain}`],
    ['a token at another domain', `${mint()}@example.org`],
    [
      'a token made with another secret',
      `${makeToken('someone else’s secret', { about: 'x', at: new Date() })}@${domain}`,
    ],
    ['a token in a route', `${mint()}%example.org@${domain}`],
    ['a percent form', `victim%example.org@${domain}`],
  ])('refuses %s', async (_, rcpt) => {
    await using here = await sink();
    const replies = await dialogue(here.port, [...begin(rcpt), 'DATA', 'QUIT']);
    expect(replies[2]).toMatch(/^550 5\.7\.1 Relay access denied/);
    expect(replies[3]).toMatch(/^50[13]/);
    expect(here.taken).toEqual([]);
  });

  test('takes a bounce, whose sender is empty', async () => {
    await using here = await sink();
    const lines = [
      'EHLO a.test',
      'MAIL FROM:<>',
      `RCPT TO:<${mint()}@${domain}>`,
      'DATA',
      'Subject: x\r\n\r\n.',
      'QUIT',
    ];
    await dialogue(here.port, lines);
    expect(here.taken).toMatchObject([{ sender: '' }]);
  });

  test('says 452 once it has had its messages', async () => {
    await using here = await sink(1);
    const one = [...begin(`${mint()}@${domain}`), 'DATA', 'Subject: x\r\n\r\n.', 'QUIT'];
    await dialogue(here.port, one);
    expect((await dialogue(here.port, begin(`${mint('b')}@${domain}`)))[2]).toMatch(/^452 4\.3\.1/);
    expect(here.taken).toHaveLength(1);
  });

  test('refuses what is too large, and goes on', async () => {
    await using here = await sink();
    const large = `Subject: x\r\n\r\n${'x'.repeat(900)}\r\n`.concat(`${'y'.repeat(900)}\r\n`.repeat(80));
    const replies = await dialogue(here.port, [...begin(`${mint()}@${domain}`), 'DATA', `${large}.`, 'RSET', 'QUIT']);
    expect(replies[4]).toMatch(/^552/);
    expect(replies[5]).toMatch(/^250/);
    expect(here.taken).toEqual([]);
  });

  test('knows no AUTH', async () => {
    await using here = await sink();
    expect((await dialogue(here.port, ['EHLO a.test', 'AUTH PLAIN AGEAYg==']))[1]).toMatch(/^50\d/);
  });
});

describe('results', () => {
  const heading = lineOf({ sink: domain, startedAt: '2026-01-01T00:00:00.000Z' });
  const mail: Taken = {
    ...{ token: 't', at: '2026-01-01T00:00:00.000Z', peer: null, helo: null, sender: '', recipient: 'a@b' },
    ...{ tls: null, received: ['x'], authentication: [] },
  };

  test('are read as they were written; a sink that was started again writes a second heading', () => {
    const text = `${heading}${lineOf(mail)}${heading}${lineOf(mail)}`;
    expect(readResults(text)).toEqual({ domain, taken: [mail, mail] });
  });

  test('whose last line is half written are read up to there', () => {
    expect(readResults(`${heading}${lineOf(mail)}{"token":`)).toEqual({ domain, taken: [mail] });
  });

  test.each([
    ['nothing', '', 'does not begin'],
    ['something else', '{"schema":1}\n', 'does not begin'],
    ['a line that is no message', `${heading}{"token":1}\n`, 'line 2'],
  ])('of %s are refused', (_, text, words) => {
    expect(readResults(text)).toMatchObject({ problem: expect.stringContaining(words) });
  });
});
