import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { vantage } from '../../../probes/domain/vantage.ts';
import { judgeDomain, type Zone } from '../../fakes/names.ts';
import { expectHeadline, said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const list = 'dnsbl.example.org';

/** A scanner whose address and name lead to each other. */
const sound: Zone = {
  'scanner.example.net A': ['192.0.2.1'],
  '1.2.0.192.in-addr.arpa PTR': ['scanner.example.net'],
  [`2.0.0.127.${list} A`]: ['127.0.0.2'],
};

/** The same, its address under a name of its own. */
const twoNames: Zone = {
  ...sound,
  '1.2.0.192.in-addr.arpa PTR': ['host.example.net'],
  'host.example.net A': ['192.0.2.1'],
};

const subject = { egress: '192.0.2.1', blockLists: [list] };
const helo = (name: string) => ({ subject: { ...subject, helo: name } });

const listed = { ...sound, [`1.2.0.192.${list} A`]: ['127.0.0.2'], [`1.2.0.192.${list} TXT`]: ['dial-up'] };

const rows: readonly (readonly [name: string, zone: Zone, verdict: string, quote?: string])[] = [
  ['address and name lead to each other', sound, 'pass', '1.2.0.192.in-addr.arpa PTR: scanner.example.net'],
  ['no PTR', { ...sound, '1.2.0.192.in-addr.arpa PTR': [] }, 'fail', '1.2.0.192.in-addr.arpa PTR: NOERROR'],
  ['a PTR that does not lead back', { ...sound, '1.2.0.192.in-addr.arpa PTR': ['gone.example.net'] }, 'fail'],
  ['a PTR of another name than EHLO’s, both right', twoNames, 'pass'],
  [
    'a PTR that is made from the address',
    {
      ...sound,
      '1.2.0.192.in-addr.arpa PTR': ['192-0-2-1.dsl.example.net'],
      '192-0-2-1.dsl.example.net A': ['192.0.2.1'],
    },
    'fail',
  ],
  ['a name in EHLO that leads nowhere', { ...twoNames, 'scanner.example.net A': [] }, 'fail', 'scanner.example.net A'],
  [
    'a name in EHLO that leads elsewhere',
    { ...twoNames, 'scanner.example.net A': ['198.51.100.1'] },
    'fail',
    'scanner.example.net A: 198.51.100.1',
  ],
  ['our address is listed', listed, 'fail', `1.2.0.192.${list} A: 127.0.0.2`],
  ['no answer for the PTR', { ...sound, '1.2.0.192.in-addr.arpa PTR': 'timeout' }, 'inconclusive(dns-failed)'],
  ['no answer for the name in EHLO', { ...twoNames, 'scanner.example.net A': 'timeout' }, 'inconclusive(dns-failed)'],
  ['a list that does not tell', { ...sound, [`2.0.0.127.${list} A`]: ['127.255.255.254'] }, 'pass'],
];

describe('vantage judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, quote]) => {
    const judgement = await judgeDomain(vantage, zone, { subject });
    expect(said(judgement), JSON.stringify(judgement)).toBe(verdict);
    if (quote !== undefined) expect(JSON.stringify(judgement)).toContain(quote);
    if (judgement.verdict !== 'fail') return;
    expect(judgement.severity).toBe('info');
    expectHeadline(judgement);
  });

  test('our address is not known: how to tell it', async () => {
    const judgement = await judgeDomain(vantage, sound, { subject: { egress: null } });
    expect(judgement).toMatchObject({
      verdict: 'not-applicable',
      because: expect.stringContaining('--vantage-address'),
    });
  });

  test.each([['10.0.0.9'], ['fd00::9'], ['127.0.0.1']])('%s is no address that others see', async (egress) => {
    expect((await judgeDomain(vantage, sound, { subject: { egress } })).verdict).toBe('not-applicable');
  });

  test('a name of no domain is not asked for', async () => {
    const judgement = await judgeDomain(vantage, sound, helo('[192.0.2.1]'));
    expect(judgement).toMatchObject({ verdict: 'fail', severity: 'info' });
  });

  test('an IPv6 address is held against AAAA', async () => {
    const name = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa';
    const zone = { [`${name} PTR`]: ['scanner.example.net'], 'scanner.example.net AAAA': ['2001:db8::1'] };
    expect((await judgeDomain(vantage, zone, { subject: { egress: '2001:db8::1' } })).verdict).toBe('pass');
  });

  test('says what that means for the answers of the servers, and measures it', async () => {
    expect(await judgeDomain(vantage, listed, { subject })).toMatchObject({
      because: expect.stringContaining('may be about us'),
      measured: {
        address: '192.0.2.1',
        helo: 'scanner.example.net',
        names: ['scanner.example.net'],
        listed: [`192.0.2.1 on ${list}: 127.0.0.2`],
      },
    });
  });

  test('never throws, and never weighs, whatever the records', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone(), async (zone) => {
        const judgement = await judgeDomain(vantage, zone, { subject });
        if (judgement.verdict === 'fail') expect(judgement.severity).toBe('info');
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
