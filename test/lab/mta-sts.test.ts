import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDns } from '../../docker/lab.ts';
import { defaultRestraint, parseTarget, scan } from '../../src/index.ts';
import { type HttpsAnswer, type HttpsServer, httpAnswer, startHttps } from '../support/https-server.ts';
import { type LabCa, startCa } from '../support/lab-ca.ts';

/**
 * Scans of domains whose policies a real HTTPS server on port 443 of a loopback address serves, with the certificates
 * of an authority of the lab's own; the lab's name server leads there (`sts.test`). The port takes root, as the engine
 * does.
 */
const lines = (...parts: readonly string[]) => `${parts.join('\r\n')}\r\n`;
const policy = ({ mode = 'enforce', mx = ['*.sts.test'], maxAge = '604800' } = {}) =>
  lines('version: STSv1', `mode: ${mode}`, ...mx.map((one) => `mx: ${one}`), `max_age: ${maxAge}`);
const good = httpAnswer(policy());
const text = (body: string | Buffer) => httpAnswer(body);

/** What each domain below `sts.test` serves. */
const served: Readonly<Record<string, HttpsAnswer>> = {
  good,
  testing: text(policy({ mode: 'testing' })),
  none: text(lines('version: STSv1', 'mode: none', 'max_age: 86400')),
  redirect: httpAnswer('', {
    status: '301 Moved',
    headers: ['Location: https://mta-sts.good.sts.test/.well-known/mta-sts.txt'],
  }),
  html: httpAnswer('<!doctype html><title>Hello</title>', { type: 'text/html' }),
  'wrong-type': httpAnswer(policy(), { type: 'application/octet-stream' }),
  large: text(`${policy()}${'x-more: and more\r\n'.repeat(4000)}`),
  slow: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\n');
    const timer = setInterval(() => socket.write('v'), 200);
    socket.on('close', () => clearInterval(timer));
  },
  missing: httpAnswer('not here', { status: '404 Not Found' }),
  'left-out': text(policy({ mx: ['old.sts.test'] })),
  unused: text(policy({ mx: ['mx.sts.test', 'old.sts.test'] })),
  short: text(policy({ maxAge: '3600' })),
  'two-mx': good,
  'bad-mx': good,
  deep: text(policy({ mx: ['*.deep.sts.test'] })),
  'no-record': good,
  'two-records': good,
  'bad-id': good,
  'two-addresses': good,
  'wrong-name': good,

  // What an owner may do to a policy, none of it in any specification.
  bom: text(`\ufeff${policy()}`),
  utf16: text(Buffer.from(`\ufeff${policy()}`, 'utf16le')),
  gzip: httpAnswer(gzipSync(policy()), { headers: ['Content-Encoding: gzip'] }),
  'one-line': text(policy({ mx: ['mx.sts.test, mx2.sts.test'] })),
  'old-mac': text(policy().replaceAll('\r\n', '\r')),
  yaml: text('version: STSv1\nmode: enforce\nmx:\n  - mx.sts.test\nmax_age: 604800\n'),
  quotes: text('version: "STSv1"\nmode: "enforce"\nmx: "mx.sts.test"\nmax_age: "604800"\n'),
  'two-modes': text(`${policy({ mode: 'testing' })}mode: enforce\r\n`),
  everybody: text(policy({ mx: ['mx.sts.test', '*.test'] })),
};

const closing: (() => PromiseLike<unknown>)[] = [];
let dns: Awaited<ReturnType<typeof startDns>>;
let ca: LabCa;
let https: HttpsServer;
let port = 0;

beforeAll(async () => {
  dns = await startDns();
  ca = startCa();
  const named = ca.certify(
    ...Object.keys(served)
      .filter((name) => name !== 'wrong-name')
      .map((name) => `mta-sts.${name}.sts.test`),
  );
  https = await startHttps(named, byHost, { address: '127.0.0.21', port: 443 });
  closing.push(() => https[Symbol.asyncDispose]());
  const plain = await startHttps(null, 'HTTP/1.1 400 Bad Request\r\n\r\n', {
    address: '127.0.0.23',
    port: 443,
    unasked: true,
  });
  closing.push(() => plain[Symbol.asyncDispose]());
  port = await startMta('127.0.0.1', 0, ca.certify('mx.sts.test', 'a.mx.deep.sts.test'));
  await startMta('127.0.0.2', port, null);
  await startMta('127.0.0.3', port, ca.certify('mx.sts.test'));
});

afterAll(async () => {
  await Promise.all(closing.map((close) => close()));
  ca?.[Symbol.dispose]();
  await dns?.[Symbol.asyncDispose]();
});

const byHost: HttpsAnswer = (socket, request) => {
  const name = /^host: mta-sts\.([a-z0-9-]+)\.sts\.test$/im.exec(request)?.[1] ?? '';
  const answer = served[name] ?? httpAnswer('', { status: '421 Misdirected Request' });
  if (typeof answer === 'function') answer(socket, request);
  else socket.end(answer);
};

type Row = [domain: string, expected: string, because: RegExp];

const rows: Row[] = [
  ['good', 'pass', /^its policy \(enforce\) allows mx\.sts\.test, which meet it$/],
  ['testing', 'pass', /\(testing\)/],
  ['none', 'pass', /mode none/],
  ['two-addresses', 'pass', /allows mx\.sts\.test/],
  ['redirect', 'fail low', /301 to https:\/\/mta-sts\.good/],
  ['html', 'fail low', /a web page/],
  ['wrong-type', 'fail low', /application\/octet-stream/],
  ['large', 'fail low', /over 64 kB/],
  ['slow', 'inconclusive timeout', /not whole within 10 s/],
  ['missing', 'fail low', /404/],
  ['wrong-name', 'fail low', /the certificate is not for mta-sts\.wrong-name\.sts\.test but for/],
  ['plain', 'fail low', /in clear/],
  ['no-https', 'inconclusive unreachable', /127\.0\.0\.22: TCP connection failed: ECONNREFUSED/],
  ['no-host', 'fail low', /has no address/],
  ['left-out', 'fail high', /no pattern of its policy \(enforce\) allows mx\.sts\.test/],
  ['deep', 'fail high', /allows a\.mx\.deep\.sts\.test/],
  ['two-mx', 'fail high', /mx2\.sts\.test\/127\.0\.0\.2:\d+ offers no STARTTLS/],
  ['bad-mx', 'fail high', /it is not for mx3\.sts\.test but for mx\.sts\.test/],
  ['unused', 'fail info', /"old\.sts\.test"/],
  ['short', 'fail low', /3600 s/],
  ['no-record', 'fail low', /no TXT record/],
  ['two-records', 'fail low', /2 times/],
  ['bad-id', 'fail low', /letters and digits/],
  ['bom', 'fail low', /has no version/],
  ['utf16', 'fail low', /has no version/],
  ['gzip', 'fail low', /packed \(gzip\)/],
  ['one-line', 'fail high', /is no host name/],
  ['old-mac', 'fail low', /the version "STSv1\\x0dmode/],
  ['yaml', 'fail high', /allows mx\.sts\.test.*is no host name/],
  ['quotes', 'fail low', /version "\\?"STSv1/],
  ['two-modes', 'fail low', /mode stands there more than once/],
  ['everybody', 'fail medium', /\*\.test allows every host/],
];

describe('MTA-STS of real domains', () => {
  test.concurrent.each(rows)('%s', async (domain, expected, because) => {
    const finding = await look(`${domain}.sts.test`);
    expect(
      [finding.verdict, finding.verdict === 'fail' ? finding.severity : finding.doubt].filter(Boolean).join(' '),
    ).toBe(expected);
    expect(finding.because).toMatch(because);
    if (finding.verdict !== 'inconclusive') expect(finding.evidence.length).toBeGreaterThan(0);
  });

  test('nobody connects to a private address unless it may', async () => {
    const before = https.requests.length;
    const finding = await look('good.sts.test', { private: false });
    expect(finding).toMatchObject({
      verdict: 'fail',
      severity: 'low',
      because: expect.stringMatching(/leads to 127\.0\.0\.21, not public/),
    });
    expect(https.requests).toHaveLength(before);
  });

  test('nor believes an authority that it was not given', async () => {
    expect(await look('good.sts.test', { tlsCa: null })).toMatchObject({
      verdict: 'fail',
      severity: 'low',
      because: expect.stringMatching(/certificate of mta-sts\.good\.sts\.test comes without that of its issuer/),
    });
  });
});

async function look(name: string, { private: mayBePrivate = true, tlsCa = ca.root as string | null } = {}) {
  const target = parseTarget(name);
  if (target.kind === 'bad') throw new Error(target.problem);
  const report = await scan([target], {
    helo: 'scanner.example.com',
    dns: dns.address,
    ports: [port],
    allow: 'passive',
    probes: ['mta-sts'],
    restraint: { ...defaultRestraint, replySeconds: 5 },
    private: mayBePrivate,
    tlsCa,
  });
  const finding = report.targets[0]?.findings?.find(({ probe }) => probe === 'mta-sts');
  if (finding === undefined) throw new Error(`nothing of mta-sts: ${JSON.stringify(report.targets)}`);
  return finding;
}

async function startMta(
  address: string,
  wanted: number,
  certificate: { cert: string; key: string } | null,
): Promise<number> {
  const server = new SMTPServer({
    name: `mx at ${address}`,
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    ...(certificate === null ? { disabledCommands: ['STARTTLS'] } : certificate),
  });
  server.on('error', () => {});
  closing.push(() => new Promise<void>((closed) => server.close(() => closed())));
  await new Promise<void>((listening) => server.listen(wanted, address, listening));
  return (server.server.address() as AddressInfo).port;
}
