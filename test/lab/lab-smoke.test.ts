import { Resolver } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, test } from 'vitest';
import { startDns, startServer } from '../../docker/lab.ts';
import { scenarios } from '../../docker/scenarios/index.ts';

/** The lab itself, without the scanner: what the other lab tests take for granted. */

test('ids are unique and fit for a command line', () => {
  const ids = scenarios.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter((id) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id))).toEqual([]);
});

test('a message to a local user ends up where a test can read it', async () => {
  await using server = await startServer(scenario('hardened'));
  const replies = await talk(server.port('smtp'), [
    'EHLO probe.outside.example',
    'MAIL FROM:<a@outside.example>',
    'RCPT TO:<someone@outside.example>',
    'RCPT TO:<alice@example.test>',
    'DATA',
    'Subject: smoke\r\n\r\nhello\r\n.',
  ]);
  expect(replies.map((reply) => reply.slice(0, 3))).toEqual(['220', '250', '250', '554', '250', '354', '250']);
  const read = 'until cat /home/alice/Maildir/new/* 2>/dev/null; do sleep 0.05; done';
  expect(await server.exec(['timeout', '120', 'sh', '-c', read])).toContain('Subject: smoke');
  expect(await server.logs()).toContain('connect from');
});

test("the lab's authority vouches for the certificate", async () => {
  await using server = await startServer(scenario('submissions'));
  const ca = await server.caCertificate();
  const options = { host: server.host, port: server.port('submissions'), servername: 'mx.example.test', ca };
  await new Promise((resolve, reject) => {
    const socket = connectTls(options, () => socket.end(() => resolve(undefined))).on('error', reject);
  });
});

test('waiting for the greeting leaves no trace in the limits', async () => {
  await using server = await startServer(scenario('limits-bite'));
  const codes: string[] = [];
  for (let nth = 1; nth <= 4; nth++) codes.push((await talk(server.port('smtp'), []))[0]?.slice(0, 3) ?? '');
  expect(codes).toEqual(['220', '220', '220', '421']);
});

test('the name server answers, over UDP and TCP, and fails as told', async () => {
  await using dns = await startDns();
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  resolver.setServers([dns.address]);
  expect(await resolver.resolveMx('cname-mx.test')).toEqual([{ exchange: 'alias.cname-mx.test', priority: 10 }]);
  expect(await resolver.resolve6('mx.ipv6-only.test')).toEqual(['::1']);
  expect(await resolver.resolveTxt('large.test')).toHaveLength(24);
  await expect(resolver.resolveMx('servfail.test')).rejects.toMatchObject({ code: 'ESERVFAIL' });
  await expect(resolver.resolveMx('nonexistent.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
});

function scenario(id: string) {
  const found = scenarios.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no scenario ${id}`);
  return found;
}

/** The greeting and the reply to each line, in lock step; each ends with its last line. */
async function talk(port: number, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  try {
    const replies = [await reply(socket)];
    for (const line of lines) {
      socket.write(`${line}\r\n`);
      replies.push(await reply(socket));
    }
    return replies;
  } finally {
    socket.destroy();
  }
}

async function reply(socket: Socket): Promise<string> {
  let text = '';
  for (;;) {
    text += await new Promise<string>((resolve, reject) => {
      socket.once('data', resolve).once('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
      socket.once('error', reject);
    });
    if (/^\d{3}(?!-).*\r\n$/m.test(text)) return text;
  }
}
