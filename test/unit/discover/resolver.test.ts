import { describe, expect, test } from 'vitest';
import { discover } from '../../../src/discover/discover.ts';
import { dnsClient } from '../../../src/discover/dns-client.ts';
import { namedResolver, systemResolver } from '../../../src/discover/resolver.ts';
import { parseTarget } from '../../../src/model/parse-target.ts';
import { type FakeDns, startFakeDns, type Zone } from '../../fakes/fake-dns.ts';

const patient = 10;
const hasty = 0.2;
const ports = { ofDomain: [25], ofHost: [25] };

const clientOf = (server: string | null, timeoutSeconds: number) =>
  dnsClient({ server, isTrusted: false, timeoutSeconds });

async function find(input: string, dns: FakeDns, timeoutSeconds = patient) {
  const target = parseTarget(input);
  if (target.kind === 'bad') throw new Error(target.problem);
  const found = await discover(target, {
    ports,
    family: null,
    resolver: namedResolver(clientOf(dns.server, timeoutSeconds)),
    mayBePrivate: true,
  });
  return { ...found, ids: found.endpoints.map((endpoint) => endpoint.id) };
}

const zone: Zone = {
  'example.test': { MX: ['20 mx2.example.test', '10 mx1.example.test'] },
  'mx1.example.test': { A: ['192.0.2.1'], AAAA: ['2001:DB8:0::1'] },
  'mx2.example.test': { A: ['192.0.2.2'] },
  'null.test': { MX: ['0 .'], A: ['192.0.2.1'] },
  'host.test': { A: ['192.0.2.3'] },
  'six.test': { AAAA: ['2001:db8::6'] },
  'bare.test': {},
  'twins.test': { MX: ['10 one.twins.test', '20 two.twins.test'] },
  'one.twins.test': { A: ['192.0.2.4'] },
  'two.twins.test': { A: ['192.0.2.4'] },
  'aliased.test': { MX: ['10 alias.aliased.test'] },
  'alias.aliased.test': { CNAME: ['mx1.example.test'] },
  'nickname.test': { CNAME: ['example.test'] },
  'loop.test': { CNAME: ['loop.test'] },
  'sick.test': { MX: 'SERVFAIL', A: ['192.0.2.5'] },
  'refused.test': { MX: 'REFUSED', A: ['192.0.2.5'] },
  'dead.test': { MX: 'silent', A: ['192.0.2.5'] },
  'half.test': { MX: ['10 mx.half.test'] },
  'mx.half.test': { A: ['192.0.2.6'], AAAA: 'silent' },
};

describe('discovery by a DNS server over UDP', () => {
  test.each([
    [
      'example.test',
      ['mx1.example.test/192.0.2.1:25', 'mx1.example.test/[2001:db8::1]:25', 'mx2.example.test/192.0.2.2:25'],
      0,
    ],
    ['host.test', ['host.test/192.0.2.3:25'], 1],
    ['six.test', ['six.test/[2001:db8::6]:25'], 1],
    ['twins.test', ['one.twins.test/192.0.2.4:25'], 1],
    ['aliased.test', ['alias.aliased.test/192.0.2.1:25', 'alias.aliased.test/[2001:db8::1]:25'], 1],
    [
      'nickname.test',
      ['mx1.example.test/192.0.2.1:25', 'mx1.example.test/[2001:db8::1]:25', 'mx2.example.test/192.0.2.2:25'],
      0,
    ],
    ['host.test:2525', ['host.test/192.0.2.3:2525'], 0],
  ])('%s leads to %j', async (input, ids, notes) => {
    await using dns = await startFakeDns(zone);
    const found = await find(input, dns);
    expect(found).toMatchObject({ ids, trouble: null });
    expect(found.notes).toHaveLength(notes);
  });

  test.each([
    ['null.test', 'null-mx', 'null MX'],
    ['nowhere.test', 'not-found', 'NXDOMAIN'],
    ['nowhere.test:25', 'not-found', 'NXDOMAIN'],
    ['bare.test', 'no-address', 'has no address'],
    ['loop.test', 'no-address', 'has no address'],
    ['sick.test', 'dns-failed', 'SERVFAIL'],
    ['refused.test', 'dns-failed', 'REFUSED'],
  ])('%s leads nowhere: %s', async (input, kind, because) => {
    await using dns = await startFakeDns(zone);
    expect(await find(input, dns)).toMatchObject({
      ids: [],
      trouble: { kind, because: expect.stringContaining(because) },
    });
    if (kind === 'null-mx' || kind === 'dns-failed')
      expect(dns.asked.every((question) => question === `MX ${input}`)).toBe(true);
  });

  test.each(['aliased.test', 'nickname.test'])('%s is followed by us where the server does not', async (input) => {
    await using dns = await startFakeDns(zone, { recurses: false });
    expect((await find(input, dns)).endpoints[0]).toMatchObject({ address: '192.0.2.1' });
  });

  test('a server that never answers ends the question in its time', async () => {
    await using dns = await startFakeDns(zone);
    const found = await find('dead.test', dns, hasty);
    expect(found).toMatchObject({
      ids: [],
      trouble: { kind: 'dns-failed', because: expect.stringContaining('no answer within 0.2 s') },
    });
    expect(dns.asked.length).toBeLessThanOrEqual(2);
    expect(dns.asked.every((question) => question === 'MX dead.test')).toBe(true);
  });

  test('one question without an answer leaves the others theirs', async () => {
    await using dns = await startFakeDns(zone);
    const found = await find('half.test', dns, hasty);
    expect(found).toMatchObject({ ids: ['mx.half.test/192.0.2.6:25'], trouble: null });
    expect(found.notes).toEqual(['mx.half.test: AAAA could not be looked up, no answer within 0.2 s']);
  });

  test('a port where no server listens is a failure that says so', async () => {
    const { server } = await (async () => {
      await using gone = await startFakeDns({});
      return gone;
    })();
    expect(await namedResolver(clientOf(server, patient)).mx('example.test')).toEqual({
      kind: 'failed',
      because: `no DNS server listens at ${server} (ECONNREFUSED)`,
    });
  });

  test('all questions go there, even those of this machine itself', async () => {
    await using dns = await startFakeDns({ localhost: { A: ['192.0.2.7'] } });
    expect((await find('localhost', dns)).ids).toEqual(['localhost/192.0.2.7:25']);
    expect(dns.asked).toContain('MX localhost');
  });
});

describe("the system's resolver", () => {
  test('knows this machine from its hosts file, and asks DNS nothing about it', async () => {
    const resolver = systemResolver(clientOf(null, patient), patient);
    expect(await resolver.mx('localhost')).toEqual({ kind: 'no-data' });
    expect(await resolver.isLocal('localhost')).toBe(true);
    const target = { kind: 'name', input: 'localhost', name: 'localhost' } as const;
    const found = await discover(target, { ports, family: 4, resolver, mayBePrivate: false });
    expect(found).toMatchObject({ kind: 'host', endpoints: [{ id: 'localhost/127.0.0.1:25' }], trouble: null });
  });
});
