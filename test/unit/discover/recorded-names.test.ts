import type { Answer } from 'dns-packet';
import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { dnsClient } from '../../../src/discover/dns-client.ts';
import { type Fetch, recordedNames } from '../../../src/discover/recorded-names.ts';
import type { Names } from '../../../src/kit/index.ts';
import { answerShape, lookupShape } from '../../../src/model/lookup.ts';
import { packetFor, startHostileDns } from '../../support/hostile-dns.ts';

const subject = {
  domain: 'example.test',
  hosts: [],
  helo: 'scanner.example.net',
  egress: null,
  mayBePrivate: false,
  blockLists: [],
};
const noFetch: Fetch = async () => ({ kind: 'failed', why: 'unreachable', because: 'ECONNREFUSED' });
const text = (data: string): Answer => ({ type: 'TXT', name: 'example.test', ttl: 300, data: [data] });

const rcodes: Readonly<Record<string, number>> = { 'gone.test': 3, 'sick.test': 2 };

async function record(fetch: Fetch, work: (names: Names) => Promise<unknown>) {
  await using dns = await startHostileDns((heard) => [
    packetFor(
      heard,
      heard.question.name in rcodes
        ? { rcode: rcodes[heard.question.name] ?? 0 }
        : { answers: [text('v=spf1 \u202e -all')] },
    ),
  ]);
  const client = dnsClient({ server: dns.server, isTrusted: false, timeoutSeconds: 5 });
  const { names, lookups } = recordedNames(client, subject, fetch);
  return { said: await work(names), lookups, asked: dns.asked };
}

test('a question of two probes is one look-up, cited by both', async () => {
  const { said, lookups } = await record(noFetch, (names) =>
    Promise.all([names.ask('example.test', 'TXT'), names.ask('Example.Test.', 'TXT'), names.ask('gone.test', 'A')]),
  );
  const at = { session: 'dns', event: 0, quote: 'example.test TXT: v=spf1 \\u{202e} -all' };
  expect(said).toMatchObject([
    { kind: 'found', records: ['v=spf1 \\u{202e} -all'], at },
    { kind: 'found', at },
    { kind: 'no-name', at: { event: 1, quote: 'gone.test A: NXDOMAIN, nothing of this type' } },
  ]);
  expect(lookups).toEqual([
    {
      name: 'example.test',
      type: 'TXT',
      rcode: 'NOERROR',
      authenticated: false,
      records: ['v=spf1 \\u{202e} -all'],
      ttl: 300,
    },
    { name: 'gone.test', type: 'A', rcode: 'NXDOMAIN', authenticated: false, records: [], ttl: null },
  ]);
  for (const lookup of lookups) expect(lookupShape(z).parse(lookup)).toEqual(lookup);
  expect(answerShape('TXT')(z).parse((said as unknown[])[0])).toEqual((said as unknown[])[0]);
});

test('two targets share the questions, and each has its own record', async () => {
  await using dns = await startHostileDns((heard) => [packetFor(heard, { answers: [text('v=spf1 -all')] })]);
  const client = dnsClient({ server: dns.server, isTrusted: false, timeoutSeconds: 5 });
  const both = [recordedNames(client, subject, noFetch), recordedNames(client, subject, noFetch)];
  await Promise.all(both.map(({ names }) => names.ask('example.test', 'TXT')));
  expect(both.map(({ lookups }) => lookups.length)).toEqual([1, 1]);
  expect(dns.asked).toHaveLength(1);
});

test('a file is fetched once, and stands beside the answers of DNS', async () => {
  const fetch = vi.fn<Fetch>(async () => ({
    kind: 'fetched',
    status: 200,
    contentType: 'text/plain',
    location: null,
    body: `version: STSv1\r\n${'x'.repeat(300)}`,
  }));
  const url = 'https://mta-sts.example.test/.well-known/mta-sts.txt';
  const { said, lookups } = await record(fetch, (names) => Promise.all([names.fetch(url), names.fetch(url)]));
  expect(fetch).toHaveBeenCalledTimes(1);
  expect(said).toMatchObject([
    { kind: 'fetched', status: 200, at: { session: 'dns', event: 0 } },
    { at: { event: 0 } },
  ]);
  expect(lookups).toMatchObject([
    {
      name: url,
      type: 'HTTPS',
      rcode: '200',
      records: ['text/plain', 'version: STSv1', expect.stringMatching(/^x{184}$/)],
    },
  ]);
});

test('a file that could not be fetched says why', async () => {
  const { lookups } = await record(noFetch, (names) => names.fetch('https://mta-sts.example.test/'));
  expect(lookups).toMatchObject([{ type: 'HTTPS', rcode: 'none', records: [], because: 'ECONNREFUSED' }]);
});

test('a failure keeps what the server said, and silence says nothing', async () => {
  const { said } = await record(noFetch, (names) => names.ask('sick.test', 'TLSA'));
  expect(said).toMatchObject({ kind: 'failed', rcode: 'SERVFAIL', because: 'the server answered SERVFAIL' });
  const silent = dnsClient({ server: '127.0.0.1:9', isTrusted: false, timeoutSeconds: 0.1 });
  expect(await recordedNames(silent, subject, noFetch).names.ask('example.test', 'A')).not.toHaveProperty('rcode');
});

test('a quote is cut, and the record is whole', async () => {
  await using dns = await startHostileDns((heard) => [
    packetFor(heard, { answers: Array(9).fill(text('x'.repeat(200))) }),
  ]);
  const client = dnsClient({ server: dns.server, isTrusted: false, timeoutSeconds: 5 });
  const { names, lookups } = recordedNames(client, subject, noFetch);
  expect((await names.ask('example.test', 'TXT')).at.quote).toMatch(/^example.test TXT: .{1000}…$/);
  expect(lookups[0]?.records).toHaveLength(9);
});
