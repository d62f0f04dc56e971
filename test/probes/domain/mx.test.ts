import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mx } from '../../../probes/domain/mx.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { expectHeadline, said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

/** Two hosts, each with an address of its own: nothing to say. */
const sound: Zone = {
  'example.com MX': ['10 mx1.example.com', '20 mx2.example.com'],
  'mx1.example.com A': ['192.0.2.1'],
  'mx1.example.com AAAA': ['2001:db8::1'],
  'mx2.example.com A': ['198.51.100.1'],
};

const without = (zone: Zone, ...keys: readonly string[]): Zone =>
  Object.fromEntries(Object.entries(zone).filter(([key]) => !keys.includes(key)));

const with2 = (...records: readonly string[]): Zone => ({ ...sound, 'example.com MX': records });
const lostSecond = without(sound, 'mx2.example.com A');
const lostFirst = without(sound, 'mx1.example.com A', 'mx1.example.com AAAA');

type Row = readonly [name: string, zone: Zone, verdict: string, severity?: string | undefined, quote?: string];

const rows: readonly Row[] = [
  ['two hosts with addresses', sound, 'pass', undefined, 'example.com MX: 10 mx1.example.com | 20 mx2.example.com'],
  [
    'a second host that does not exist',
    lostSecond,
    'fail',
    'medium',
    'mx2.example.com A: NXDOMAIN, nothing of this type',
  ],
  [
    'a second host without an address',
    { ...sound, 'mx2.example.com A': [], 'mx2.example.com TXT': ['x'] },
    'fail',
    'medium',
  ],
  ['a first host that does not exist', lostFirst, 'fail', 'high', 'mx1.example.com A: NXDOMAIN, nothing of this type'],
  [
    'one of two first hosts that does not exist',
    without(with2('10 mx1.example.com', '10 mx2.example.com'), 'mx2.example.com A'),
    'fail',
    'medium',
  ],
  ['no host has an address', { 'example.com MX': ['10 mx1.example.com', '20 mx2.example.com'] }, 'fail', 'high'],
  ['the domain itself as MX, without an address', { 'example.com MX': ['10 example.com'] }, 'fail', 'high'],
  [
    'the domain itself as MX, with addresses',
    { 'example.com MX': ['10 example.com'], 'example.com A': ['192.0.2.1', '192.0.2.2'] },
    'pass',
  ],
  ['an address as the only MX', { 'example.com MX': ['10 192.0.2.1'] }, 'fail', 'high'],
  ['an address as fallback', with2('10 mx1.example.com', '20 192.0.2.1'), 'fail', 'medium'],
  [
    'an alias beside a host that is none',
    {
      ...without(sound, 'mx2.example.com A'),
      'mx2.example.com CNAME': ['host.example.net'],
      'host.example.net A': ['198.51.100.1'],
    },
    'fail',
    'low',
    'mx2.example.com -> host.example.net A: 198.51.100.1',
  ],
  [
    'nothing but aliases',
    {
      'example.com MX': ['10 mx.example.com'],
      'mx.example.com CNAME': ['host.example.net'],
      'host.example.net A': ['198.51.100.1', '198.51.100.2'],
    },
    'fail',
    'medium',
  ],
  [
    'an alias that leads nowhere',
    { 'example.com MX': ['10 mx.example.com'], 'mx.example.com CNAME': ['gone.example.net'] },
    'fail',
    'high',
    'mx.example.com -> gone.example.net A: NXDOMAIN, nothing of this type',
  ],
  [
    'an alias of itself',
    { 'example.com MX': ['10 mx.example.com'], 'mx.example.com CNAME': ['mx.example.com'] },
    'fail',
    'high',
  ],
  ['localhost', { 'example.com MX': ['0 localhost'] }, 'fail', 'high', 'example.com MX: 0 localhost'],
  [
    'an address of this machine',
    { ...sound, 'mx2.example.com A': ['127.0.0.1'] },
    'fail',
    'high',
    'mx2.example.com A: 127.0.0.1',
  ],
  [
    'a private address',
    { ...sound, 'mx2.example.com A': ['10.0.0.25'] },
    'fail',
    'high',
    'mx2.example.com A: 10.0.0.25',
  ],
  ['an unspecified address', { ...sound, 'mx2.example.com A': ['0.0.0.0'] }, 'fail', 'high'],
  ['a link-local address', { ...sound, 'mx2.example.com AAAA': ['fe80::1'], 'mx2.example.com A': [] }, 'fail', 'high'],
  [
    'a private address in IPv6 clothing',
    { ...sound, 'mx2.example.com A': [], 'mx2.example.com AAAA': ['::ffff:10.0.0.1'] },
    'fail',
    'high',
  ],
  [
    'a private address beside a public one',
    { ...sound, 'mx2.example.com AAAA': ['fd00::25'] },
    'fail',
    'medium',
    'mx2.example.com AAAA: fd00::25',
  ],
  ['this machine beside a public address', { ...sound, 'mx2.example.com AAAA': ['::1'] }, 'fail', 'high'],
  ['null MX alone', { 'example.com MX': ['0 '] }, 'not-applicable'],
  ['null MX with a preference', { 'example.com MX': ['10 '] }, 'fail', 'low'],
  ['null MX twice', { 'example.com MX': ['0 ', '10 '] }, 'fail', 'low'],
  ['null MX beside others', with2('0 ', '10 mx1.example.com', '20 mx2.example.com'), 'fail', 'medium'],
  [
    'an underscore',
    { ...with2('10 mx1.example.com', '20 mx_2.example.com'), 'mx_2.example.com A': ['192.0.2.9'] },
    'fail',
    'low',
  ],
  ['a name with odd bytes', with2('10 mx1.example.com', '20 mx\\0322.example.com'), 'fail', 'medium'],
  ['a name without a domain', { ...with2('10 mx1.example.com', '20 mail'), 'mail A': ['192.0.2.9'] }, 'fail', 'low'],
  [
    'no validation of the MX records',
    { ...sound, 'example.com MX': 'BOGUS' },
    'fail',
    'high',
    'example.com MX: BOGUS, nothing of this type',
  ],
  [
    'no validation of a host',
    { ...sound, 'mx2.example.com A': 'BOGUS' },
    'fail',
    'high',
    'mx2.example.com A: BOGUS, nothing of this type',
  ],
  [
    'one host, one address',
    { 'example.com MX': ['10 mx.example.com'], 'mx.example.com A': ['192.0.2.1'] },
    'fail',
    'info',
  ],
  [
    'one host, two addresses',
    { 'example.com MX': ['10 mx.example.com'], 'mx.example.com A': ['192.0.2.1', '192.0.2.2'] },
    'pass',
  ],
  ['the same address twice', { ...sound, 'mx2.example.com A': ['192.0.2.1'] }, 'fail', 'info'],
  ['the same host twice', with2('10 mx1.example.com', '20 mx2.example.com', '30 mx2.example.com'), 'fail', 'info'],
  [
    'IPv6 alone',
    { 'example.com MX': ['10 mx.example.com'], 'mx.example.com AAAA': ['2001:db8::1', '2001:db8::2'] },
    'fail',
    'medium',
  ],
  ['a zone file without the dot', with2('10 mx1.example.com', '20 mx.example.net.example.com'), 'fail', 'medium'],
  ['no MX, but an address', { 'example.com A': ['192.0.2.1'] }, 'fail', 'info', 'example.com A: 192.0.2.1'],
  ['no MX and no address', { 'example.com TXT': ['v=spf1 -all'] }, 'not-applicable'],
  ['no such domain', {}, 'not-applicable'],
  ['no answer for MX', { 'example.com MX': 'timeout' }, 'inconclusive(dns-failed)'],
  ['SERVFAIL', { 'example.com MX': 'SERVFAIL' }, 'inconclusive(dns-failed)'],
  [
    'no answer for a host',
    { ...sound, 'mx2.example.com A': 'timeout' },
    'inconclusive(dns-failed)',
    undefined,
    'mx2.example.com A: none, no answer within 5 s',
  ],
  ['no answer for one family of two', { ...sound, 'mx1.example.com AAAA': 'timeout' }, 'pass'],
  ['no answer for a host, and another one lost', { ...lostFirst, 'mx2.example.com A': 'timeout' }, 'fail', 'high'],
  ['no answer for the address of a domain without MX', { 'example.com A': 'timeout' }, 'not-applicable'],
];

describe('mx judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, severity, quote]) => {
    const judgement = await judgeDomain(mx, zone);
    expect(said(judgement), JSON.stringify(judgement)).toBe(verdict);
    if (severity !== undefined) expect(judgement).toMatchObject({ severity });
    if (quote !== undefined) expect(JSON.stringify(judgement)).toContain(quote);
    if (judgement.verdict === 'fail') expectHeadline(judgement);
  });

  test('all that is wrong is said, and the worst decides', async () => {
    const judgement = await judgeDomain(mx, {
      ...sound,
      'example.com MX': ['10 mx1.example.com', '20 mx2.example.com', '30 gone.example.com', '40 192.0.2.7'],
      'mx2.example.com A': ['10.0.0.1'],
    });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      severity: 'high',
      because: expect.stringMatching(
        /^mx2\.example\.com .*10\.0\.0\.1.*; gone\.example\.com \(MX\) does not exist.*192\.0\.2\.7/,
      ),
      measured: {
        hosts: ['mx1.example.com', 'mx2.example.com', 'gone.example.com', '192.0.2.7'],
        preferences: ['10', '20', '30', '40'],
        lost: ['gone.example.com', '192.0.2.7'],
        aliases: [],
        private: ['10.0.0.1'],
      },
    });
  });

  test('a dot that is missing in the zone file is likely', async () => {
    const zone = with2('10 mx1.example.com', '20 mx.example.net.example.com');
    expect(await judgeDomain(mx, zone)).toMatchObject({ likely: expect.stringContaining('dot') });
  });

  describe('in a network of one’s own (--private)', () => {
    const subject = { mayBePrivate: true };

    test.each([['10.0.0.25'], ['127.0.0.1'], ['fd00::25'], ['::1']])(
      '%s is an address like others',
      async (address) => {
        const type = address.includes(':') ? 'AAAA' : 'A';
        const zone: Zone = {
          ...without(sound, 'mx2.example.com A'),
          [`mx2.example.com ${type}`]: [address],
        };
        expect((await judgeDomain(mx, zone, { subject })).verdict).toBe('pass');
        expect(await judgeDomain(mx, zone)).toMatchObject({ verdict: 'fail', severity: 'high' });
      },
    );

    test.each([['0.0.0.0'], ['::']])('%s is none', async (address) => {
      const type = address.includes(':') ? 'AAAA' : 'A';
      const zone: Zone = { ...without(sound, 'mx2.example.com A'), [`mx2.example.com ${type}`]: [address] };
      expect(await judgeDomain(mx, zone, { subject })).toMatchObject({ verdict: 'fail', severity: 'high' });
    });
  });

  test('of 300 records 20 hosts are asked about, and it says so', async () => {
    const hosts = Array.from({ length: 300 }, (_, index) => `mx${index}.example.com`);
    const zone = Object.fromEntries(hosts.map((host, index) => [`${host} A`, [`192.0.2.${index % 256}`]]));
    const names = fakeNames({ ...zone, 'example.com MX': hosts.map((host, index) => `${index} ${host}`) });
    await mx.observe(names);
    expect(names.lookups.length).toBe(61);
    const judgement = await judgeDomain(mx, {
      ...zone,
      'example.com MX': hosts.map((host, index) => `${index} ${host}`),
    });
    expect(judgement).toMatchObject({
      verdict: 'fail',
      severity: 'info',
      because: expect.stringContaining('280 more'),
    });
  });

  test('never throws, whatever the records', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone(), fc.boolean(), async (zone, mayBePrivate) => {
        const judgement = await judgeDomain(mx, zone, { subject: { mayBePrivate } });
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
