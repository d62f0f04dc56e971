import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningDns, startDns } from '../../docker/lab.ts';
import { dnsClient } from '../../src/discover/dns-client.ts';
import { defaultRestraint, parseTarget, type Report, scan } from '../../src/index.ts';
import type { RecordType } from '../../src/model/lookup.ts';

/** Mail servers at three loopback addresses, all on one port, which the real name server of the lab leads to. */
const servers: SMTPServer[] = [];
let port = 0;
let dns: RunningDns;

/** The same however the zone is signed. */
const text = `@ MX 10 mx
mx A 127.0.0.1
_25._tcp.mx TLSA 3 1 1 ${'ab'.repeat(32)}
alias CNAME mx
a CNAME b
b CNAME a
${Array.from({ length: 300 }, (_, n) => `many MX ${n} mx${n}`).join('\n')}
`;

beforeAll(async () => {
  dns = await startDns({
    zones: {
      'signed.test': { text, how: 'signed' },
      'plain.test': { text, how: 'plain' },
      'tampered.test': { text, how: 'tampered' },
      'below.signed.test': { text, how: 'signed' },
      'plain.signed.test': { text, how: 'plain' },
    },
  });
  port = await listen('127.0.0.1', 0);
  await listen('127.0.0.2', port);
  await listen('::1', port);
});

afterAll(async () => {
  await Promise.all(servers.map((server) => new Promise<void>((closed) => server.close(() => closed()))));
  await dns?.[Symbol.asyncDispose]();
});

describe('targets by the DNS', () => {
  test('MX hosts by preference', async () => {
    const report = await look('two-mx.test');
    expect(idsOf(report)).toEqual([`mx1.two-mx.test/127.0.0.1:${port}`, `mx2.two-mx.test/127.0.0.2:${port}`]);
    expect(report.targets[0]?.kind).toBe('domain');
    expect(verdicts(report)).toEqual(['pass', 'pass']);
  });

  test('null MX: nothing to scan, said so, and no success', async () => {
    const report = await look('null-mx.test');
    expect(idsOf(report)).toEqual([]);
    expect(report.targets[0]?.notes.join()).toMatch(/null MX/);
    expect(report.summary.exitCode).toBe(2);
  });

  test('no MX but an address: scanned as a host', async () => {
    const report = await look('no-mx.test');
    expect(idsOf(report)).toEqual([`no-mx.test/127.0.0.1:${port}`]);
    expect(report.targets[0]?.kind).toBe('host');
  });

  test('an MX that is an alias is followed, and noted', async () => {
    const report = await look('cname-mx.test');
    expect(report.endpoints.map(({ address }) => address)).toEqual(['127.0.0.1']);
    expect(report.targets[0]?.notes.join()).toMatch(/CNAME|alias/i);
  });

  test('two names with one address are scanned once', async () => {
    const report = await look('same-address.test');
    expect(idsOf(report)).toEqual([`mx1.same-address.test/127.0.0.1:${port}`]);
    expect(report.targets[0]?.notes.join()).toContain('mx2.same-address.test');
  });

  test('AAAA only', async () => {
    const report = await look('ipv6-only.test');
    expect(idsOf(report)).toEqual([`mx.ipv6-only.test/[::1]:${port}`]);
    expect(verdicts(report)).toEqual(['pass']);
  });

  test('every A and AAAA', async () => {
    const report = await look('many-addresses.test');
    expect(report.endpoints.map(({ address }) => address)).toEqual(['127.0.0.1', '127.0.0.2', '::1']);
  });

  test('SERVFAIL is no answer, so no scan and no success', async () => {
    const report = await look('servfail.test');
    expect(idsOf(report)).toEqual([]);
    expect(report.targets[0]?.notes.join()).toMatch(/SERVFAIL/);
    expect(report.summary.exitCode).toBe(2);
  });

  test('a name that does not exist', async () => {
    const report = await look('nonexistent.test');
    expect(report.targets[0]?.notes.join()).toMatch(/does not exist/);
    expect(report.summary.exitCode).toBe(2);
  });

  test('a name server that does not answer: bounded, and said so', async () => {
    const silent = createSocket('udp4');
    await new Promise<void>((bound) => silent.bind(0, '127.0.0.1', bound));
    const began = performance.now();
    const report = await look('two-mx.test', `127.0.0.1:${silent.address().port}`);
    silent.close();
    expect(performance.now() - began).toBeLessThan(60_000);
    expect(idsOf(report)).toEqual([]);
    expect(report.targets[0]?.notes.join()).toMatch(/no answer|time/i);
    expect(report.summary.exitCode).toBe(2);
  });

  test('two targets that lead to one address share one scan', async () => {
    const report = await look('two-mx.test', dns.address, 'same-address.test');
    expect(report.endpoints).toHaveLength(2);
    expect(report.targets[1]?.endpoints).toEqual([`mx1.two-mx.test/127.0.0.1:${port}`]);
  });
});

describe('a resolver that validates', () => {
  const mx = [{ preference: 10, exchange: 'mx.signed.test' }];
  const tlsa = { usage: 3, selector: 1, matching: 1, data: 'ab'.repeat(32) };

  test.each(['signed.test', 'below.signed.test', 'two-mx.test'])('%s: the chain of trust holds', async (zone) => {
    const answer = await ask(zone, 'MX');
    expect(answer).toMatchObject({ kind: 'found', secure: true, rcode: 'NOERROR', ttl: 60 });
  });

  test.each(['plain.test', 'plain.signed.test'])('%s: proven to be unsigned', async (zone) => {
    const exchange = `mx.${zone}`;
    expect(await ask(zone, 'MX')).toMatchObject({
      kind: 'found',
      secure: false,
      records: [{ preference: 10, exchange }],
    });
  });

  test('TLSA and an alias, vouched for', async () => {
    expect(await ask('_25._tcp.mx.signed.test', 'TLSA')).toMatchObject({
      kind: 'found',
      secure: true,
      records: [tlsa],
    });
    expect(await ask('alias.signed.test', 'A')).toMatchObject({
      kind: 'found',
      secure: true,
      records: ['127.0.0.1'],
      aliases: ['mx.signed.test'],
    });
  });

  test('tampered with: bogus, and the records come with checking disabled', async () => {
    expect(await ask('tampered.test', 'MX')).toMatchObject({
      kind: 'bogus',
      rcode: 'BOGUS',
      secure: false,
      records: [{ preference: 10, exchange: 'mx.tampered.test' }],
    });
    expect(await ask('_25._tcp.mx.tampered.test', 'TLSA')).toMatchObject({ kind: 'bogus', records: [tlsa] });
  });

  test('nothing there, and nothing of that type: proven where signed', async () => {
    expect(await ask('gone.signed.test', 'A')).toMatchObject({ kind: 'no-name', secure: true });
    expect(await ask('mx.signed.test', 'AAAA')).toMatchObject({ kind: 'no-data', secure: true });
    expect(await ask('gone.plain.test', 'A')).toMatchObject({ kind: 'no-name', secure: false });
    expect(await ask('gone.tampered.test', 'A')).toMatchObject({ kind: 'bogus', records: [] });
  });

  test('SERVFAIL for another reason is a failure', async () => {
    expect(await ask('servfail.test', 'MX')).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL', secure: null });
  });

  test('too large for UDP: over TCP, from either server', async () => {
    for (const server of [dns.validating, dns.address]) {
      const { kind, records } = await ask('many.signed.test', 'MX', server);
      expect([kind, records.length]).toEqual(['found', 300]);
    }
  });

  test('aliases in a circle: Unbound gives up, NSD shows them', async () => {
    expect(await ask('a.signed.test', 'A')).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL' });
    expect(await ask('a.signed.test', 'A', dns.address)).toMatchObject({ kind: 'no-data', secure: false });
  });

  test('a server without validation vouches for nothing', async () => {
    expect(await ask('signed.test', 'MX', dns.address)).toMatchObject({ kind: 'found', secure: false, records: mx });
    expect(await ask('tampered.test', 'MX', dns.address)).toMatchObject({ kind: 'found', secure: false });
  });

  test('a zone of a running server is replaced, and another added', async () => {
    const zones = (address: string, how: 'signed' | 'plain' | 'tampered') => ({
      'changing.test': { text: `@ A ${address}`, how },
    });
    const said = async () => {
      const { kind, records, secure } = await ask('changing.test', 'A');
      return { kind, records, secure };
    };
    expect(await said()).toEqual({ kind: 'no-name', records: [], secure: true });
    await dns.publish({ zones: zones('127.0.0.1', 'signed') });
    expect(await said()).toEqual({ kind: 'found', records: ['127.0.0.1'], secure: true });
    await dns.publish({ zones: zones('127.0.0.2', 'tampered') });
    expect(await said()).toEqual({ kind: 'bogus', records: ['127.0.0.2'], secure: false });
    await dns.publish({ zones: zones('127.0.0.3', 'plain') });
    expect(await said()).toEqual({ kind: 'found', records: ['127.0.0.3'], secure: false });
    await dns.publish({ zones: zones('127.0.0.4', 'signed') });
    expect(await said()).toEqual({ kind: 'found', records: ['127.0.0.4'], secure: true });
  });

  test('a zone with a fault is named, and the others stay', async () => {
    const zones = { 'broken.test': { text: 'no record', how: 'plain' } } as const;
    await expect(dns.publish({ zones })).rejects.toThrow(/broken\.test/);
    // Of a name that the root zone holds, too: the zone takes its place.
    await dns.publish({ zones: { 'example.test': { text: '@ MX 10 mx.two', how: 'signed' } } });
    const answer = await ask('example.test', 'MX');
    expect(answer).toMatchObject({ secure: true, records: [{ preference: 10, exchange: 'mx.two.example.test' }] });
    expect(await ask('signed.test', 'MX')).toMatchObject({ secure: true });
  });

  const ask = <T extends RecordType>(name: string, type: T, server = dns.validating) =>
    dnsClient({ server, isTrusted: false, timeoutSeconds: 20 }).ask(name, type);
});

async function look(name: string, server = dns.address, ...more: string[]): Promise<Report> {
  const targets = [name, ...more].map(parseTarget).flatMap((target) => (target.kind === 'bad' ? [] : [target]));
  const restraint = { ...defaultRestraint, replySeconds: 3 };
  return await scan(targets, {
    helo: 'scanner.example.com',
    dns: server,
    ports: [port],
    allow: 'passive',
    private: true,
    restraint,
  });
}

const idsOf = ({ endpoints }: Report): string[] => endpoints.map(({ id }) => id);
const verdicts = ({ endpoints }: Report): (string | undefined)[] =>
  endpoints.map(({ findings }) => findings.find(({ probe }) => probe === 'hello')?.verdict);

async function listen(address: string, wanted: number): Promise<number> {
  const server = new SMTPServer({
    name: `mx at ${address}`,
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
  });
  // A handshake with an old version of TLS ends in an error here, as it should.
  server.on('error', () => {});
  servers.push(server);
  await new Promise<void>((listening) => server.listen(wanted, address, listening));
  return (server.server.address() as AddressInfo).port;
}
