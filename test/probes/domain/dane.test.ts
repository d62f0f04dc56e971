import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dane } from '../../../probes/domain/dane.ts';
import { domainProbes } from '../../../probes/domain/index.ts';
import { hello } from '../../../probes/hello.ts';
import { starttlsWorks } from '../../../probes/starttls-works.ts';
import type { CertificateFacts, ObservedEndpoint } from '../../../src/kit/index.ts';
import { endpointOf } from '../../../src/model/endpoint.ts';
import type { Judgement } from '../../../src/model/judgement.ts';
import { trouble } from '../../../src/model/trouble.ts';
import { chainFacts } from '../../../src/wire/tls-facts.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { certificatePem } from '../../support/tls-mta.ts';
import { tlsFacts } from '../../unit/kit/certificate/facts.ts';
import { exchange } from '../../unit/kit/replies.ts';
import { said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const read = (name: string) => new X509Certificate(certificatePem(name));
const chainOf = (...names: readonly string[]) => chainFacts(names.map(read));

/** A TLSA record of a certificate of the fixtures, as zone files write it. */
function tlsa(numbers: string, name: string): string {
  const [certificate] = chainOf(name);
  const [, selector, matching] = numbers.split(' ').map(Number);
  const whole = { '1': certificate?.sha256.replaceAll(':', '').toLowerCase(), '2': certificate?.sha512 };
  const key = { '1': certificate?.keySha256, '2': certificate?.keySha512 };
  const digests: Readonly<Record<string, string | undefined>> = selector === 0 ? whole : key;
  return `${numbers} ${matching === 0 ? read(name).raw.toString('hex') : digests[`${matching}`]}`;
}

const offering = exchange('EHLO us', '250-mx.example.test\n250 STARTTLS');
const plain = exchange('EHLO us', '250 mx.example.test');
const go = exchange('STARTTLS', '220 2.0.0 Ready to start TLS');

function endpoint(host: string, address: string, observations: Readonly<Record<string, unknown>>, port = 25) {
  const parts = { host, address, port, role: 'mx', tls: 'starttls' } as const;
  return { endpoint: endpointOf(parts), observations } satisfies ObservedEndpoint;
}

const opening = (ehlo = offering) => ({ [hello.id]: { ehlo, serverName: null } });
const established = (chain: readonly CertificateFacts[], seenAt = '2026-11-28T00:00:00.000Z', ehlo = offering) => ({
  ...opening(ehlo),
  [starttlsWorks.id]: {
    kind: 'established',
    exchange: go,
    leftover: '',
    leftoverAt: null,
    facts: tlsFacts({ chain, seenAt }),
    ehlo: exchange('EHLO us', '250 mx.example.test'),
    after: null,
  },
});
const shows = (...names: readonly string[]) => established(chainOf(...names));
const refuses = (reply: string, ehlo = offering) => ({
  ...opening(ehlo),
  [starttlsWorks.id]: { kind: 'refused', exchange: exchange('STARTTLS', reply), control: [] },
});
const breaks = (...how: Parameters<typeof trouble>) => ({
  ...opening(),
  [starttlsWorks.id]: { kind: 'failed', exchange: go, leftover: '', leftoverAt: null, cut: trouble(...how) },
});

const domainOnly = chainOf('good', 'intermediate').map((one, place) =>
  place === 0 ? { ...one, altNames: ['DNS:example.test'] } : one,
);

const record = '_25._tcp.mx.example.test TLSA';
/** One host with one address, whose record fits. */
const sound: Zone = {
  'example.com MX': ['10 mx.example.test'],
  'mx.example.test A': ['192.0.2.1'],
  [record]: [tlsa('3 1 1', 'good')],
};
const good = [endpoint('mx.example.test', '192.0.2.1', shows('good', 'intermediate'))];
const with1 = (observations: Readonly<Record<string, unknown>>) => [
  endpoint('mx.example.test', '192.0.2.1', observations),
];
const records = (...texts: readonly string[]): Zone => ({ ...sound, [record]: texts });

const two: Zone = {
  'example.com MX': ['10 mx.example.test', '20 mx2.example.test'],
  'mx.example.test A': ['192.0.2.1'],
  'mx2.example.test A': ['198.51.100.1'],
  [record]: [tlsa('3 1 1', 'good')],
  '_25._tcp.mx2.example.test TLSA': [tlsa('3 1 1', 'ed25519')],
};
const twoServers = (second: Readonly<Record<string, unknown>>) => [
  ...good,
  endpoint('mx2.example.test', '198.51.100.1', second),
];

interface Row {
  readonly zone?: Zone;
  readonly endpoints?: readonly ObservedEndpoint[];
  readonly secure?: boolean | null | ((name: string) => boolean | null);
  readonly verdict: string;
  readonly severity?: string;
  readonly quote?: string;
  readonly says?: RegExp;
}

const handshake = '"session":"mx.example.test/192.0.2.1:25 s1"';

const rows: Readonly<Record<string, Row>> = {
  'a record that matches': { verdict: 'pass', quote: handshake },
  'and the record is quoted': { verdict: 'pass', quote: '_25._tcp.mx.example.test TLSA: 3 1 1 ' },
  'a record of another key': {
    zone: records(tlsa('3 1 1', 'ed25519')),
    verdict: 'fail',
    severity: 'critical',
    quote: handshake,
    says: /3 1 1 is of another key \(192\.0\.2\.1\)/,
  },
  'one of another key beside one that matches': {
    zone: records(tlsa('3 1 1', 'ed25519'), tlsa('3 1 1', 'good')),
    verdict: 'pass',
  },
  'a stronger digest of another key': {
    zone: records(tlsa('3 1 2', 'ed25519'), tlsa('3 1 1', 'good')),
    verdict: 'fail',
    severity: 'critical',
  },
  '3 1 2': { zone: records(tlsa('3 1 2', 'good')), verdict: 'pass' },
  '3 0 1': { zone: records(tlsa('3 0 1', 'good')), verdict: 'fail', severity: 'low', says: /renewal/ },
  '3 0 1 beside 3 1 1': { zone: records(tlsa('3 0 1', 'good'), tlsa('3 1 1', 'good')), verdict: 'pass' },
  '3 0 1 after a renewal': {
    zone: records(tlsa('3 0 1', 'good')),
    endpoints: with1(shows('expired', 'intermediate')),
    verdict: 'fail',
    severity: 'critical',
    says: /3 0 1 is of another certificate/,
  },
  '3 1 1, expired': {
    zone: records(tlsa('3 1 1', 'expired')),
    endpoints: with1(shows('expired', 'intermediate')),
    verdict: 'pass',
  },
  '3 1 1, of another name': {
    zone: records(tlsa('3 1 1', 'other-name')),
    endpoints: with1(shows('other-name')),
    verdict: 'pass',
  },
  '2 1 1': { zone: records(tlsa('2 1 1', 'intermediate')), verdict: 'pass' },
  '2 0 0': { zone: records(tlsa('2 0 0', 'intermediate')), verdict: 'pass' },
  '2 1 1 of what is not sent': {
    zone: records(tlsa('2 1 1', 'intermediate')),
    endpoints: with1(shows('good')),
    verdict: 'fail',
    severity: 'critical',
    says: /2 1 1 is of no authority that it sends/,
  },
  '2 0 0 of what is not sent': {
    zone: records(tlsa('2 0 0', 'root')),
    verdict: 'inconclusive(prerequisite)',
  },
  '2 1 1, of another name': {
    zone: records(tlsa('2 1 1', 'intermediate')),
    endpoints: with1(shows('other-name', 'intermediate')),
    verdict: 'fail',
    severity: 'critical',
    says: /for another name/,
  },
  '2 1 1, expired': {
    zone: records(tlsa('2 1 1', 'intermediate')),
    endpoints: with1(shows('expired', 'intermediate')),
    verdict: 'fail',
    severity: 'critical',
    says: /out of date/,
  },
  'usage 0 and 1': {
    zone: records(tlsa('1 1 1', 'good'), tlsa('0 1 1', 'intermediate')),
    verdict: 'fail',
    severity: 'medium',
    quote: '1 1 1 ',
  },
  'usage 1 beside one that matches': {
    zone: records(tlsa('1 1 1', 'ed25519'), tlsa('3 1 1', 'good')),
    verdict: 'pass',
  },
  'a digest that was cut off': { zone: records('3 1 1 abcdef'), verdict: 'fail', severity: 'medium' },
  'usage 1 and no TLS': {
    zone: records(tlsa('1 1 1', 'good')),
    endpoints: with1(refuses('502 5.5.1 Command not implemented', plain)),
    verdict: 'fail',
    severity: 'critical',
  },
  'no STARTTLS': {
    endpoints: with1(refuses('502 5.5.1 Command not implemented', plain)),
    verdict: 'fail',
    severity: 'critical',
    quote: '502 5.5.1 Command not implemented',
  },
  'STARTTLS that is hidden': {
    endpoints: with1(established(chainOf('good'), undefined, plain)),
    verdict: 'fail',
    severity: 'critical',
    quote: '250 mx.example.test',
  },
  'STARTTLS that a limiter refuses': {
    endpoints: with1(refuses('421 4.7.0 mx.example.test Error: too many connections from 192.0.2.9')),
    verdict: 'inconclusive(prerequisite)',
  },
  'a handshake that the server breaks off': {
    endpoints: with1(breaks('tls-failed', 'tls-alert', 'the server sends the alert handshake_failure')),
    verdict: 'fail',
    severity: 'critical',
    quote: '220 2.0.0 Ready to start TLS',
  },
  'a handshake that fails at our library': {
    endpoints: with1(breaks('tls-failed', 'tls-here', 'unsupported')),
    verdict: 'inconclusive(prerequisite)',
  },
  'a server that could not be asked': { endpoints: with1({}), verdict: 'inconclusive(prerequisite)' },
  'another port alone': {
    endpoints: [endpoint('mx.example.test', '192.0.2.1', shows('good'), 587)],
    verdict: 'inconclusive(prerequisite)',
  },
  'an address that was not looked at': {
    zone: { ...sound, 'mx.example.test AAAA': ['2001:db8::1'] },
    verdict: 'inconclusive(prerequisite)',
    says: /2001:db8::1/,
  },
  'an address that was not looked at, beside one that is wrong': {
    zone: { ...records(tlsa('3 1 1', 'ed25519')), 'mx.example.test AAAA': ['2001:db8::1'] },
    verdict: 'fail',
    severity: 'high',
  },
  'addresses of one family that DNS does not tell': {
    zone: { ...sound, 'mx.example.test AAAA': 'timeout' },
    verdict: 'inconclusive(dns-failed)',
  },
  'one of two addresses': {
    zone: { ...sound, 'mx.example.test A': ['192.0.2.1', '192.0.2.2'] },
    endpoints: [...good, endpoint('mx.example.test', '192.0.2.2', shows('ed25519'))],
    verdict: 'fail',
    severity: 'high',
    says: /192\.0\.2\.2/,
  },
  'two hosts': { zone: two, endpoints: twoServers(shows('ed25519')), verdict: 'pass' },
  'one of two hosts': { zone: two, endpoints: twoServers(shows('rsa1024')), verdict: 'fail', severity: 'high' },
  'no TLS at one of two hosts': {
    zone: two,
    endpoints: twoServers(refuses('502 5.5.1 Command not implemented', plain)),
    verdict: 'fail',
    severity: 'high',
  },
  'one of two hosts without a record': {
    zone: { ...two, '_25._tcp.mx2.example.test TLSA': [] },
    endpoints: good,
    verdict: 'fail',
    severity: 'low',
  },
  'no match, and another host without a record': {
    zone: {
      ...two,
      ...records(tlsa('3 1 1', 'ed25519')),
      ...{ 'example.com MX': two['example.com MX'] ?? [] },
      '_25._tcp.mx2.example.test TLSA': [],
    },
    endpoints: good,
    verdict: 'fail',
    severity: 'high',
  },
  'two hosts with one address': {
    zone: { ...two, 'mx2.example.test A': ['192.0.2.1'], '_25._tcp.mx2.example.test TLSA': [tlsa('3 1 1', 'good')] },
    verdict: 'pass',
  },
  'two hosts with one address, the other’s certificate not seen': {
    zone: { ...two, 'mx2.example.test A': ['192.0.2.1'] },
    verdict: 'inconclusive(prerequisite)',
  },
  'no DNSSEC': { secure: false, verdict: 'not-applicable' },
  'no DNSSEC at the host': { secure: (name) => name === 'example.com', verdict: 'not-applicable' },
  'records that are not signed': {
    secure: (name) => !name.startsWith('_25'),
    verdict: 'fail',
    severity: 'low',
    quote: '_25._tcp.mx.example.test TLSA: 3 1 1',
  },
  'MX records that are not signed': { secure: (name) => name !== 'example.com', verdict: 'not-applicable' },
  'MX records that are not signed, and no match': {
    zone: records(tlsa('3 1 1', 'ed25519')),
    secure: (name) => name !== 'example.com',
    verdict: 'fail',
    severity: 'medium',
  },
  'a resolver that may not be believed': {
    secure: null,
    verdict: 'inconclusive(prerequisite)',
    says: /--dns 127\.0\.0\.1/,
  },
  'a resolver that may not be believed, and no record': {
    zone: records(),
    secure: null,
    verdict: 'not-applicable',
  },
  'no TLSA record': { zone: records(), verdict: 'not-applicable' },
  'no such name': {
    zone: { 'example.com MX': ['10 mx.example.test'], 'mx.example.test A': ['192.0.2.1'] },
    verdict: 'not-applicable',
  },
  'a null MX': { zone: { 'example.com MX': ['0 '] }, verdict: 'not-applicable' },
  'no such domain': { zone: {}, verdict: 'not-applicable' },
  'an address and no MX': {
    zone: { 'example.com A': ['192.0.2.1'], '_25._tcp.example.com TLSA': [tlsa('3 1 1', 'good')] },
    endpoints: [endpoint('example.com', '192.0.2.1', shows('good'))],
    verdict: 'pass',
  },
  'MX records that do not validate': {
    zone: { ...sound, 'example.com MX': 'BOGUS' },
    verdict: 'fail',
    severity: 'high',
    quote: 'example.com MX: BOGUS',
  },
  'addresses that do not validate': {
    zone: { ...sound, 'mx.example.test A': 'BOGUS' },
    verdict: 'fail',
    severity: 'high',
    quote: 'mx.example.test A: BOGUS',
  },
  'TLSA records that do not validate': {
    zone: { ...sound, [record]: 'BOGUS' },
    verdict: 'fail',
    severity: 'high',
    quote: '_25._tcp.mx.example.test TLSA: BOGUS',
  },
  'SERVFAIL for TLSA alone': {
    zone: { ...sound, [record]: 'SERVFAIL' },
    verdict: 'fail',
    severity: 'high',
    quote: '_25._tcp.mx.example.test TLSA: SERVFAIL',
  },
  'no answer for TLSA': { zone: { ...sound, [record]: 'timeout' }, verdict: 'inconclusive(dns-failed)' },
  'no answer for MX': { zone: { ...sound, 'example.com MX': 'timeout' }, verdict: 'inconclusive(dns-failed)' },
  'no answer for the host': {
    zone: { ...sound, 'mx.example.test A': 'timeout', 'mx.example.test AAAA': 'timeout' },
    verdict: 'inconclusive(dns-failed)',
  },
  'an alias at the record': {
    zone: {
      ...records(),
      '_25._tcp.mx.example.test CNAME': ['tlsa.example.net'],
      'tlsa.example.net TLSA': [tlsa('2 1 1', 'intermediate')],
    },
    verdict: 'pass',
    quote: '_25._tcp.mx.example.test -> tlsa.example.net TLSA',
  },
  'a host that is an alias, by the name behind it': {
    zone: {
      'example.com MX': ['10 alias.example.com'],
      'alias.example.com CNAME': ['mx.example.test'],
      'mx.example.test A': ['192.0.2.1'],
      [record]: [tlsa('3 1 1', 'good')],
    },
    endpoints: [endpoint('alias.example.com', '192.0.2.1', shows('good'))],
    verdict: 'pass',
  },
  'a host that is an alias, whose certificate was not asked for by the name behind it': {
    zone: {
      'example.com MX': ['10 alias.example.com'],
      'alias.example.com CNAME': ['mx.example.test'],
      'mx.example.test A': ['192.0.2.1'],
      [record]: [tlsa('3 1 1', 'ed25519')],
    },
    endpoints: [endpoint('alias.example.com', '192.0.2.1', shows('good'))],
    verdict: 'inconclusive(prerequisite)',
  },
  'MX records that are not signed, and a certificate for the domain alone': {
    zone: {
      'example.test MX': ['10 mx.example.net'],
      'mx.example.net A': ['192.0.2.1'],
      '_25._tcp.mx.example.net TLSA': [tlsa('2 1 1', 'intermediate')],
    },
    endpoints: [endpoint('mx.example.net', '192.0.2.1', established(domainOnly))],
    secure: (name) => name !== 'example.test',
    verdict: 'not-applicable',
  },
  'a host that is an alias, by its own name': {
    zone: {
      'example.com MX': ['10 alias.example.com'],
      'alias.example.com CNAME': ['mx.example.test'],
      'mx.example.test A': ['192.0.2.1'],
      '_25._tcp.alias.example.com TLSA': [tlsa('3 1 1', 'good')],
    },
    endpoints: [endpoint('alias.example.com', '192.0.2.1', shows('good'))],
    verdict: 'pass',
  },
  'a record for another port': {
    zone: { ...records(), '_465._tcp.mx.example.test TLSA': [tlsa('3 1 1', 'ed25519')] },
    verdict: 'not-applicable',
  },
  'a report of an earlier version': {
    endpoints: with1(established([{ ...chainOf('good')[0], keySha256: undefined } as never])),
    verdict: 'inconclusive(prerequisite)',
  },
  'a certificate for neither the host nor the domain': {
    zone: {
      'example.test MX': ['10 mx.example.net'],
      'mx.example.net A': ['192.0.2.1'],
      '_25._tcp.mx.example.net TLSA': [tlsa('2 1 1', 'intermediate')],
    },
    endpoints: [endpoint('mx.example.net', '192.0.2.1', shows('good', 'intermediate'))],
    verdict: 'fail',
    severity: 'critical',
  },
};

const domainOf = (zone: Zone) => (zone['example.test MX'] === undefined ? {} : { subject: { domain: 'example.test' } });

describe('dane judges', () => {
  test.each(Object.entries(rows))('%s', async (_, { zone = sound, endpoints = good, secure = true, ...expected }) => {
    const judgement = await judgeDomain(dane, zone, { endpoints, secure, ...domainOf(zone) });
    expect(said(judgement), JSON.stringify(judgement)).toBe(expected.verdict);
    if (expected.severity !== undefined) expect(judgement).toMatchObject({ severity: expected.severity });
    if (expected.quote !== undefined) expect(JSON.stringify(judgement)).toContain(expected.quote);
    if (expected.says !== undefined) expect(judgement.because).toMatch(expected.says);
    if (judgement.verdict === 'fail') expect(judgement.headline?.length).toBeLessThan(100);
  });

  const measuredOf = (judgement: Judgement) => ('measured' in judgement ? judgement.measured : undefined);

  test('the record that is wanted, in the zone file’s own words', async () => {
    const judgement = await judgeDomain(dane, records(tlsa('3 1 1', 'ed25519')), { endpoints: good, secure: true });
    expect(measuredOf(judgement)).toMatchObject({
      dnssec: 'signed',
      stopped: ['mx.example.test/192.0.2.1'],
      wanted: [`_25._tcp.mx.example.test. IN TLSA ${tlsa('3 1 1', 'good')}`],
    });
  });

  test('nothing is wanted where a record of the key or of an authority matches', async () => {
    const judgement = await judgeDomain(dane, sound, { endpoints: good, secure: true });
    expect(measuredOf(judgement)).toMatchObject({ matched: ['mx.example.test/192.0.2.1'], wanted: [] });
  });

  test.each<[string, Zone, string, string | undefined]>([
    ['the only key', sound, '2119-12-25T00:00:00.000Z', 'info'],
    [
      'beside the next one',
      records(tlsa('3 1 1', 'good'), tlsa('3 1 1', 'ed25519')),
      '2119-12-25T00:00:00.000Z',
      undefined,
    ],
    [
      'beside an authority',
      records(tlsa('3 1 1', 'good'), tlsa('2 1 1', 'intermediate')),
      '2119-12-25T00:00:00.000Z',
      undefined,
    ],
    ['long before', sound, '2119-06-01T00:00:00.000Z', undefined],
  ])('a certificate near its end, %s', async (_, zone, seenAt, severity) => {
    const endpoints = with1(established(chainOf('good', 'intermediate'), seenAt));
    const judgement = await judgeDomain(dane, zone, { endpoints, secure: true });
    expect(judgement).toMatchObject(severity === undefined ? { verdict: 'pass' } : { verdict: 'fail', severity });
  });

  test('an MTA-STS policy is no way out of a record that does not match', async () => {
    const policy = { '_mta-sts.example.com TXT': ['v=STSv1; id=1'] };
    const judgement = await judgeDomain(
      dane,
      { ...records(tlsa('3 1 1', 'ed25519')), ...policy },
      { endpoints: good, secure: true },
    );
    expect(judgement.because).toContain('MTA-STS');
    expect((await judgeDomain(dane, sound, { endpoints: good, secure: true })).because).not.toContain('MTA-STS');
  });

  test('names the domain in a certificate of an authority', async () => {
    const zone = {
      'mx.example.test MX': ['10 host.example.net'],
      'host.example.net A': ['192.0.2.1'],
      '_25._tcp.host.example.net TLSA': [tlsa('2 1 1', 'intermediate')],
    };
    const endpoints = [endpoint('host.example.net', '192.0.2.1', shows('good', 'intermediate'))];
    const subject = { domain: 'mx.example.test' };
    expect(await judgeDomain(dane, zone, { endpoints, secure: true, subject })).toMatchObject({ verdict: 'pass' });
  });
});

describe('dane asks', () => {
  test('for no TLSA records below what is not signed', async () => {
    const names = fakeNames(sound, { secure: false });
    await dane.observe(names);
    expect(names.lookups.map(({ type }) => type)).not.toContain('TLSA');
  });

  test('about 20 hosts, and no pass where there are more', async () => {
    const hosts = Array.from({ length: 30 }, (_, index) => `mx${index}.example.test`);
    const zone: Zone = {
      'example.com MX': hosts.map((host, index) => `${index} ${host}`),
      ...Object.fromEntries(hosts.map((host) => [`${host} A`, ['192.0.2.1']])),
      ...Object.fromEntries(hosts.map((host) => [`_25._tcp.${host} TLSA`, [tlsa('3 1 1', 'good')]])),
    };
    expect(said(await judgeDomain(dane, zone, { endpoints: good, secure: true }))).toBe('inconclusive(prerequisite)');
    const names = fakeNames(zone, { secure: true });
    await dane.observe(names);
    expect(names.lookups.length).toBe(62);
  });

  test('stands in the catalogue', () => expect(domainProbes).toContain(dane));
});

test('whatever DNS and servers say, there is a verdict, and no pass without DNSSEC', async () => {
  const texts = [tlsa('3 1 1', 'good'), tlsa('2 0 1', 'root'), tlsa('3 1 1', 'ed25519'), '3 1 1 zz', '255 9 9 ', ''];
  const tlsaZone = fc.dictionary(
    fc.constantFrom('_25._tcp.mx.example.com TLSA', '_25._tcp.mx2.example.com TLSA', '_25._tcp.example.com TLSA'),
    fc.oneof(
      fc.array(fc.constantFrom(...texts)),
      fc.constantFrom('SERVFAIL' as const, 'BOGUS' as const, 'timeout' as const),
    ),
  );
  const secure = fc.constantFrom(true, false, null);
  const seen = fc.constantFrom(shows('good'), shows(), opening(), {}, refuses('502 no', plain));
  await fc.assert(
    fc.asyncProperty(anyZone(), tlsaZone, secure, seen, async (zone, held, isSecure, observations) => {
      const hosts = ['mx.example.com', 'mx2.example.com', 'example.com'];
      const endpoints = hosts.map((host) => endpoint(host, '192.0.2.1', observations));
      const judgement = await judgeDomain(dane, { ...zone, ...held }, { endpoints, secure: isSecure });
      if (judgement.verdict === 'pass') expect(isSecure).toBe(true);
    }),
    { numRuns: 300 },
  );
});
