import { createSocket } from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDns } from '../../docker/lab.ts';
import { defaultRestraint, parseTarget, type Report, scan } from '../../src/index.ts';

/** Mail servers at three loopback addresses, all on one port, which the real name server of the lab leads to. */
const servers: SMTPServer[] = [];
let port = 0;
let dns: Awaited<ReturnType<typeof startDns>>;

beforeAll(async () => {
  dns = await startDns();
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
