import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from '../../docker/lab.ts';
import { imap, postfix } from '../../docker/scenarios/postfix.ts';
import { UsageError } from '../../src/model/usage-error.ts';
import { openInbox, readInbox } from '../../src/proof/read-inbox.ts';

const withImap = postfix({
  id: 'inbox',
  sentence: 'Dovecot lets users read by IMAP what Postfix has delivered.',
  config: {
    // Postfix keeps 102,400 octets of a field and drops the rest.
    'main:header_size_limit': '200000',
    ...imap,
  },
});

let server: RunningServer;
let ca = '';
const { signal } = new AbortController();
const open = (text: string, secret = 'alice-secret', tlsCa: string | null = ca) =>
  openInbox(readInbox('--inbox', text), { secret, tlsCa, signal });

beforeAll(async () => {
  server = await startServer(withImap);
  ca = await server.caCertificate();
});
afterAll(async () => await server[Symbol.asyncDispose]());

/** Hands a message to Postfix; resolves when it lies in alice's Maildir. */
async function deliver(token: string, more = ''): Promise<void> {
  await talk(server.port('smtp'), [
    'EHLO probe.outside.example',
    'MAIL FROM:<a@outside.example>',
    'RCPT TO:<alice@example.test>',
    'DATA',
    `Subject: inbox\r\n${more}X-Mxprobe-Token: ${token}\r\n\r\nhello\r\n.`,
  ]);
  const waits = `until grep -rqsF 'X-Mxprobe-Token: ${token}' /home/alice/Maildir/new /home/alice/Maildir/cur; do sleep 0.05; done`;
  await server.exec(['timeout', '60', 'sh', '-c', waits]);
}

describe('a message that Postfix has delivered', () => {
  test.each([
    ['IMAPS', 'implicit', () => `imaps://alice@${server.address()}`],
    ['IMAP and STARTTLS', 'starttls', () => `imap://alice@${server.address()}/INBOX`],
  ])('is found by %s, and not marked as seen', async (_, tls, url) => {
    expect(readInbox('--inbox', url())).toMatchObject({ tls });
    await using mailbox = await open(url());
    expect(await mailbox.find(`none-${tls}`)).toBeNull();
    const before = Date.now();
    await deliver(`token-${tls}`);
    expect(await mailbox.find(`token-${tls.slice(0, 4)}`)).toBeNull();
    const found = await mailbox.find(`token-${tls}`);
    expect(found?.header).toMatch(new RegExp(`^Return-Path: [^]*X-Mxprobe-Token: token-${tls}\\r\\n\\r\\n$`));
    expect(found?.body).toBe('hello\r\n');
    expect(Math.abs((found?.at.getTime() ?? 0) - before)).toBeLessThan(60_000);
    const flags = [
      'doveadm',
      'fetch',
      '-u',
      'alice',
      'flags',
      'mailbox',
      'INBOX',
      'header',
      'X-Mxprobe-Token',
      `token-${tls}`,
    ];
    expect(await server.exec(flags)).not.toMatch(/\\Seen/);
    expect(await server.exec(flags)).toMatch(/flags:/);
    expect(await server.logs()).toMatch(/imap-login: (?:Info: )?Login: user=<alice>.*TLS/);
  });

  test('is found whole with a field of 110,000 octets', async () => {
    // As one line it would be longer than SMTP allows (RFC 5321 §4.5.3.1.6).
    const filler = `X-Filler: a\r\n${` ${'x'.repeat(97)}\r\n`.repeat(1100)}`;
    await deliver('token-huge', filler);
    await using mailbox = await open(`imaps://alice@${server.address()}`);
    const found = await mailbox.find('token-huge');
    expect(found?.header.includes(filler)).toBe(true);
    expect(found?.body).toBe('hello\r\n');
    const stored = (await copied('token-huge'))?.header.includes(filler.replaceAll('\r\n', '\n'));
    expect(stored).toBe(true);
  });

  test('is found in its maildir', async () => {
    await deliver('token-maildir');
    expect(await copied('token-maildir')).toMatchObject({ body: 'hello\n' });
    expect(await copied('token-mail')).toBeNull();
  });

  test('is found again after the server has hung up', async () => {
    await using mailbox = await open(`imaps://alice@${server.address()}`);
    await deliver('token-again');
    await server.exec(['doveadm', 'kick', 'alice']);
    expect(await mailbox.find('token-again')).not.toBeNull();
  });
});

/** Looks into a copy of alice's Maildir on this machine. */
async function copied(token: string) {
  const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
  try {
    const archive = await server.exec(['sh', '-c', 'tar -C /home/alice -cz Maildir | base64']);
    writeFileSync(join(folder, 'all.tgz'), Buffer.from(archive, 'base64'));
    execFileSync('tar', ['-C', folder, '-xzf', join(folder, 'all.tgz')]);
    await using mailbox = await open(`maildir:${join(folder, 'Maildir')}`);
    return await mailbox.find(token);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('what cannot be opened is told in one line', () => {
  const mistake = (opened: Promise<unknown>) =>
    opened.then(
      () => 'opened',
      (error: unknown) => (error instanceof UsageError ? error.message.replaceAll(server.address(), '…') : error),
    );

  test('a wrong password, an authority that is not trusted, no such mailbox, nobody there', async () => {
    const at = `imaps://alice@${server.address()}`;
    expect(await mistake(open(at, 'wr0ng'))).toBe(
      'imaps://alice@…:993/INBOX: the server refuses user or password: Authentication failed.; ' +
        'check both, the password is in MXPROBE_INBOX_PASSWORD',
    );
    expect(await mistake(open(at, 'alice-secret', null))).toBe(
      'imaps://alice@…:993/INBOX: the server has a certificate that nobody trusted has signed',
    );
    expect(await mistake(open(`imap://alice@${server.address()}`, 'alice-secret', null))).toBe(
      'imap://alice@…:143/INBOX: the server has a certificate that nobody trusted has signed',
    );
    expect(await mistake(open(`${at}/Nowhere`))).toMatch(
      /^imaps:\/\/alice@…:993\/Nowhere: the server refuses: Mailbox doesn't exist: Nowhere/,
    );
    expect(await mistake(open(`${at}:9`))).toBe('imaps://alice@…:9/INBOX: the server refuses the connection');
  });
});

test('without STARTTLS no password is sent', async () => {
  await using plain = await startServer(
    postfix({
      id: 'inbox-plain',
      sentence: 'IMAP in the clear.',
      config: {
        'file:/etc/dovecot/local.conf':
          'protocols = imap\nssl = no\ndisable_plaintext_auth = no\nmail_location = maildir:~/Maildir',
      },
    }),
  );
  await expect(open(`imap://alice@${plain.address()}`)).rejects.toThrow(/STARTTLS/i);
  expect(await plain.logs()).not.toContain('user=<alice>');
});

/** Each line in lock step; the last reply must be good. */
async function talk(port: number, lines: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1').setEncoding('latin1');
  let text = '';
  const reply = async () => {
    text = '';
    while (!/^\d{3}(?!-).*\r\n$/m.test(text))
      text += await new Promise<string>((resolve, reject) => {
        socket.once('data', resolve).once('close', () => reject(new Error(`closed after ${JSON.stringify(text)}`)));
        socket.once('error', reject);
      });
  };
  try {
    await reply();
    for (const line of lines) {
      socket.write(`${line}\r\n`);
      await reply();
      if (!/^[23]/.test(text)) throw new Error(`${line.slice(0, 80)}: ${text}`);
    }
  } finally {
    socket.destroy();
  }
}
