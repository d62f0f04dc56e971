import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { cutsFields, mailboxServer } from '../fakes/mailbox-server.ts';
import { relayingServer } from '../fakes/relaying-server.ts';
import { mta } from '../fakes/scripted-server.ts';
import { world } from './fake-io.ts';

const main = resolve('dist/src/cli/main.js');
const secret = 'a secret of the tests';
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxprobe-sink-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { MXPROBE_SINK_SECRET: secret };
const said = async (argv: readonly string[], variables: Readonly<Record<string, string>> = env) => {
  const { io, err } = world({ env: variables, hostname: 'host' });
  return { code: await run([...argv], io), err: err() };
};

describe('bad input is one clear line', () => {
  const sink = ['sink', '--domain', 'sink.example.net'];
  const scan = ['scan', '127.0.0.1:1'];
  test.each<[string, readonly string[], string, Readonly<Record<string, string>>?]>([
    ['no domain', ['sink'], 'mxprobe sink --domain'],
    ['no secret', sink, 'openssl rand -hex 16', {}],
    ['a short one', sink, 'has 5 characters, and needs 16', { MXPROBE_SINK_SECRET: 'short' }],
    [
      'a file of it that is not there',
      sink,
      'MXPROBE_SINK_SECRET_FILE: "nowhere"',
      { MXPROBE_SINK_SECRET_FILE: 'nowhere' },
    ],
    ['a word', [...sink, 'word'], 'takes no "word"'],
    ['a name to listen on', [...sink, '--listen', 'mx.example.com:25'], 'names a host'],
    ['no port', [...sink, '--listen', ':0'], 'ports are between 1 and 65535'],
    ['an address of somebody else', [...sink, '--listen', '192.0.2.1:2525'], 'cannot listen on 192.0.2.1 port 2525'],
    ['a folder for results', [...sink, '--output', '/'], '"/" cannot be written'],
    ['results that are not there', [...scan, '--sink', 'nowhere'], '"nowhere" cannot be read'],
    ['results that are none', [...scan, '--sink', 'package.json'], 'does not begin as the results of mxprobe sink do'],
    ['a place that is none', [...scan, '--sink', 'http://sink.example.net/x'], 'give https://…, a file, or embedded'],
    ['an embedded sink without a name', [...scan, '--sink', 'embedded'], '--sink-domain'],
    ['a domain without one', [...scan, '--sink-domain', 'sink.example.net'], 'is for --sink embedded'],
    ['a wait that is none', [...scan, '--wait', 'long'], '--wait'],
    ['a mailbox that is none', [...scan, '--inbox', 'pop3://alice@mail.example.net'], '--inbox'],
    ['a password in it', [...scan, '--inbox', 'imaps://alice:hunter2@mail.example.net'], 'MXPROBE_INBOX_PASSWORD'],
    ['no password', [...scan, '--inbox', 'imaps://alice@127.0.0.1'], 'needs a password'],
    ['a maildir that is none', [...scan, '--inbox', 'maildir:/nowhere'], '/nowhere'],
  ])('%s', async (_, argv, words, variables) => {
    const { code, err } = await said(argv, variables);
    expect(code).toBe(3);
    expect(err).toContain(words);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toMatch(/internal error|hunter2|a secret of the tests/);
  });
});

const scanned = async (port: number, ...more: readonly string[]) => {
  const options = [
    '--allow',
    'intrusive',
    '--probe',
    'relay-proof',
    '--domain',
    'example.test',
    '--vantage',
    'outside',
  ];
  const argv = [
    main,
    'scan',
    `127.0.0.1:${port}`,
    ...options,
    '--helo',
    'probe.scanner.test',
    '--format',
    'json',
    ...more,
  ];
  const told = { ...process.env, ...env };
  const { stdout } = await promisify(execFile)(process.execPath, argv, { env: told }).catch(
    (error: unknown) => error as { stdout: string },
  );
  const report = JSON.parse(stdout);
  return { report, finding: report.endpoints[0].findings[0] };
};

const freePort = async () => {
  const server = await mta().start();
  const { port } = server;
  await server[Symbol.asyncDispose]();
  return port;
};

test('an embedded sink sees what a server relays', async () => {
  const listen = await freePort();
  await using server = await relayingServer('delivers', () => listen);
  const sink = ['--sink', 'embedded', '--sink-domain', 'sink.example.net', '--sink-listen', `127.0.0.1:${listen}`];
  const { finding, report } = await scanned(server.port, ...sink, '--wait', '30');
  expect(finding).toMatchObject({ probe: 'relay-proof', verdict: 'fail', severity: 'critical' });
  expect(report.options).toMatchObject({ sink: 'the sink of sink.example.net here', inbox: null, waitSeconds: 30 });
});

test('a sink by itself writes down what comes, is added to, and ends when it has had its messages', async () => {
  const port = await freePort();
  const file = join(folder, 'results.ndjson');
  const argv = [
    'sink',
    '--domain',
    'sink.example.net',
    '--listen',
    `127.0.0.1:${port}`,
    '--output',
    file,
    '--messages',
    '1',
  ];
  for (const turn of [1, 2]) {
    const sink = spawn(process.execPath, [main, ...argv], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise((over) => sink.once('exit', over));
    await new Promise((ready) => sink.stderr.once('data', ready));
    const { makeToken } = await import('../../src/proof/token.ts');
    const token = makeToken(secret, { about: 'test', at: new Date() });
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
    await transport.sendMail({ from: 'a@example.org', to: `${token}@sink.example.net`, subject: 'x', text: 'y' });
    transport.close();
    expect(await ended).toBe(0);
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines).toHaveLength(2 * turn);
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ token, sender: 'a@example.org', peer: '127.0.0.1' });
  }
});

test('a maildir of one’s own shows what arrives, and where a field is cut', async () => {
  const maildir = join(folder, 'Maildir');
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
  const cut = cutsFields(2000);
  let count = 0;
  await using server = await mailboxServer((message) => {
    const stored = cut(message);
    if (stored !== null)
      writeFileSync(join(maildir, 'new', `${Date.now()}.${++count}.mx`), stored.replaceAll('\r\n', '\n'));
    return stored;
  });
  const argv = [
    '--probe',
    'delivers',
    'header-limit',
    '--recipient',
    'alice@example.test',
    '--inbox',
    `maildir:${maildir}`,
  ];
  const { report } = await scanned(server.port, ...argv, '--skip', 'relay-proof', '--wait', '20');
  const found = (id: string) => report.endpoints[0].findings.find(({ probe }: { probe: string }) => probe === id);
  expect(found('delivers')).toMatchObject({ verdict: 'pass' });
  expect(found('header-limit')).toMatchObject({ verdict: 'pass', measured: { limit: expect.any(Number) } });
  expect(Math.abs(found('header-limit').measured.limit - 1999)).toBeLessThanOrEqual(1);
  expect(count).toBe(2);
});

test('where DNS leads nowhere for the sink, nothing is sent through the server', async () => {
  const file = join(folder, 'elsewhere.ndjson');
  writeFileSync(file, '{"sink":"sink.invalid","startedAt":"2026-01-01T00:00:00.000Z"}\n');
  await using server = await relayingServer('delivers', () => 1);
  const { finding } = await scanned(server.port, '--sink', file, '--dns', '127.0.0.1:1', '--timeout', '1');
  expect(finding).toMatchObject({ verdict: 'inconclusive', doubt: 'prerequisite' });
  expect(server.taken).toEqual([]);
});
