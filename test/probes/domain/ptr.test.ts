import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ptr } from '../../../probes/domain/ptr.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { expectHeadline, said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const v6Name = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa';

const sound: Zone = {
  '1.2.0.192.in-addr.arpa PTR': ['mail.example.net'],
  'mail.example.net A': ['192.0.2.1'],
  [`${v6Name} PTR`]: ['mx.example.com'],
  'mx.example.com AAAA': ['2001:db8::1'],
};

/** One name for the IPv4 address, whose forward holds the address. */
const named = (name: string): Zone => ({
  ...sound,
  '1.2.0.192.in-addr.arpa PTR': [name],
  [`${name} A`]: ['192.0.2.1'],
});

const toOther: Zone = { ...sound, 'mail.example.net A': ['192.0.2.99'] };

type Row = readonly [name: string, zone: Zone, verdict: string, severity?: string | undefined, quote?: string];

const rows: readonly Row[] = [
  ['a name each, and back', sound, 'pass', undefined, '1.2.0.192.in-addr.arpa PTR: mail.example.net'],
  ['no PTR', { ...sound, '1.2.0.192.in-addr.arpa PTR': [] }, 'fail', 'low', '1.2.0.192.in-addr.arpa PTR: NOERROR'],
  ['no PTR of the IPv6 address alone', { ...sound, [`${v6Name} PTR`]: [] }, 'fail', 'low', `${v6Name} PTR`],
  ['a forward to another address', toOther, 'fail', 'low', 'mail.example.net A: 192.0.2.99'],
  ['a forward to this address among others', { ...sound, 'mail.example.net A': ['192.0.2.99', '192.0.2.1'] }, 'pass'],
  ['no forward', { ...sound, 'mail.example.net A': [] }, 'fail', 'low', 'mail.example.net A: NOERROR'],
  [
    'one of three names confirms',
    { ...sound, '1.2.0.192.in-addr.arpa PTR': ['a.example.org', 'mail.example.net', 'b.example.org'] },
    'pass',
  ],
  [
    'the forward of an alias',
    {
      ...sound,
      'mail.example.net A': [],
      'mail.example.net CNAME': ['h.example.org'],
      'h.example.org A': ['192.0.2.1'],
    },
    'pass',
  ],
  [
    'a reverse zone that is delegated by aliases (RFC 2317)',
    {
      ...sound,
      '1.2.0.192.in-addr.arpa PTR': [],
      '1.2.0.192.in-addr.arpa CNAME': ['1.0-63.2.0.192.in-addr.arpa'],
      '1.0-63.2.0.192.in-addr.arpa PTR': ['mail.example.net'],
    },
    'pass',
    undefined,
    '1.2.0.192.in-addr.arpa -> 1.0-63.2.0.192.in-addr.arpa PTR: mail.example.net',
  ],
  [
    'such a delegation that leads nowhere',
    { ...sound, '1.2.0.192.in-addr.arpa PTR': [], '1.2.0.192.in-addr.arpa CNAME': ['1.0-63.2.0.192.in-addr.arpa'] },
    'fail',
    'low',
  ],
  [
    'localhost, with its forward',
    { ...sound, '1.2.0.192.in-addr.arpa PTR': ['localhost'], 'localhost A': ['127.0.0.1'] },
    'fail',
    'low',
  ],
  [
    'a name without the last dot',
    { ...sound, '1.2.0.192.in-addr.arpa PTR': ['mx.example.com.2.0.192.in-addr.arpa'] },
    'fail',
    'low',
  ],
  ['an address as name', { ...sound, '1.2.0.192.in-addr.arpa PTR': ['192.0.2.1'] }, 'fail', 'low'],
  ['odd bytes as name', { ...sound, '1.2.0.192.in-addr.arpa PTR': ['mail\\032example.net'] }, 'fail', 'low'],
  ['the address in the name', named('static-192-0-2-1.isp.example.net'), 'fail', 'info'],
  ['the address in the name, backwards', named('1.2.0.192.dsl.example.net'), 'fail', 'info'],
  ['the address in the name, padded', named('host192000002001.example.net'), 'fail', 'info'],
  ['the address in the name, in hexadecimal', named('c0000201.rev.example.net'), 'fail', 'info'],
  ['numbers in the name that are another address', named('mail-192-0-2-10.example.net'), 'pass'],
  [
    'a generic name beside one of its own',
    {
      ...named('static-192-0-2-1.isp.example.net'),
      '1.2.0.192.in-addr.arpa PTR': ['static-192-0-2-1.isp.example.net', 'mail.example.net'],
    },
    'pass',
  ],
  [
    'the IPv6 address in the name',
    { ...sound, [`${v6Name} PTR`]: ['2001-db8--1.v6.example.net'], '2001-db8--1.v6.example.net AAAA': ['2001:db8::1'] },
    'fail',
    'info',
  ],
  ['validation of the PTR fails', { ...sound, '1.2.0.192.in-addr.arpa PTR': 'BOGUS' }, 'fail', 'low'],
  ['validation of the forward fails', { ...sound, 'mail.example.net A': 'BOGUS' }, 'fail', 'low'],
  ['no answer', { ...sound, '1.2.0.192.in-addr.arpa PTR': 'timeout' }, 'inconclusive(dns-failed)'],
  ['no answer for the forward', { ...sound, 'mail.example.net A': 'SERVFAIL' }, 'inconclusive(dns-failed)'],
  [
    'no answer for one forward, and another that confirms',
    { ...sound, '1.2.0.192.in-addr.arpa PTR': ['a.example.org', 'mail.example.net'], 'a.example.org A': 'timeout' },
    'pass',
  ],
  ['no answer for one address, none for the other', { [`${v6Name} PTR`]: 'timeout' }, 'fail', 'low'],
];

const subject = { hosts: [{ host: 'mx.example.com', addresses: ['192.0.2.1', '2001:db8::1'] }] };

describe('ptr judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, severity, quote]) => {
    const judgement = await judgeDomain(ptr, zone, { subject });
    expect(said(judgement), JSON.stringify(judgement)).toBe(verdict);
    if (severity !== undefined) expect(judgement).toMatchObject({ severity });
    if (quote !== undefined) expect(JSON.stringify(judgement)).toContain(quote);
    if (judgement.verdict === 'fail') expectHeadline(judgement);
  });

  test('what each address is called is measured', async () => {
    expect(await judgeDomain(ptr, toOther, { subject })).toMatchObject({
      measured: {
        addresses: ['192.0.2.1', '2001:db8::1'],
        names: ['mail.example.net', 'mx.example.com'],
        confirmed: ['2001:db8::1'],
        unconfirmed: ['192.0.2.1'],
        none: [],
      },
    });
  });

  test('a dot that is missing in the reverse zone is likely', async () => {
    const zone = { ...sound, '1.2.0.192.in-addr.arpa PTR': ['mx.example.com.2.0.192.in-addr.arpa'] };
    expect(await judgeDomain(ptr, zone, { subject })).toMatchObject({ likely: expect.stringContaining('dot') });
  });

  test('private addresses are nobody’s to name', async () => {
    const hosts = [{ host: 'mx.example.com', addresses: ['10.0.0.1', 'fd00::1', '127.0.0.1'] }];
    const names = fakeNames({}, { subject: { hosts } });
    await ptr.observe(names);
    expect(names.lookups).toEqual([]);
    expect((await judgeDomain(ptr, {}, { subject: { hosts } })).verdict).toBe('not-applicable');
    expect((await judgeDomain(ptr, {})).verdict).toBe('not-applicable');
  });

  test('five names of an address are looked up, and 16 addresses', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `name${index}.example.net`);
    const hosts = [
      { host: 'mx.example.com', addresses: Array.from({ length: 30 }, (_, index) => `198.51.100.${index}`) },
    ];
    const zone = Object.fromEntries(
      hosts[0]?.addresses.map((_, index) => [`${index}.100.51.198.in-addr.arpa PTR`, many]) ?? [],
    );
    const names = fakeNames(zone, { subject: { hosts } });
    await ptr.observe(names);
    expect(names.lookups).toHaveLength(16 * 6);
    expect(await judgeDomain(ptr, zone, { subject: { hosts } })).toMatchObject({ verdict: 'fail', severity: 'low' });
  });

  test('never throws, whatever the records', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone(), async (zone) => {
        const judgement = await judgeDomain(ptr, zone, { subject });
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
