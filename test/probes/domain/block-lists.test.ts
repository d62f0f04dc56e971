import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockLists } from '../../../probes/domain/block-lists.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { expectHeadline, said } from '../judged.ts';
import { anyZone } from './any-zone.ts';

const list = 'dnsbl.example.org';
const nibbles = '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2';
const control6 = `2.0.0.0.0.0.f.7.f.f.f.f.${'0.'.repeat(20)}${list}`;

/** A list that works, and has none of the addresses. */
const clean: Zone = {
  [`2.0.0.127.${list} A`]: ['127.0.0.2'],
  [`${control6} A`]: ['127.0.0.2'],
};

const listed: Zone = {
  ...clean,
  [`1.2.0.192.${list} A`]: ['127.0.0.4'],
  [`1.2.0.192.${list} TXT`]: ['spam seen, https://example.org/why'],
};

const subject = {
  hosts: [{ host: 'mx.example.com', addresses: ['192.0.2.1', '2001:db8::1'] }],
  blockLists: [list],
};

type Row = readonly [name: string, zone: Zone, verdict: string, severity?: string | undefined, quote?: string];

const rows: readonly Row[] = [
  ['no address is listed', clean, 'pass', undefined, `1.2.0.192.${list} A: NXDOMAIN`],
  ['an address is listed', listed, 'fail', 'low', `1.2.0.192.${list} A: 127.0.0.4`],
  ['the reason is quoted', listed, 'fail', 'low', `1.2.0.192.${list} TXT: spam seen`],
  ['listed without a reason', { ...clean, [`1.2.0.192.${list} A`]: ['127.0.0.4'] }, 'fail', 'low'],
  [
    'the IPv6 address is listed',
    { ...clean, [`${nibbles}.${list} A`]: ['127.0.0.3'] },
    'fail',
    'low',
    `${nibbles}.${list} A: 127.0.0.3`,
  ],
  [
    'by SPF it sends, too (mx)',
    { ...listed, 'example.com TXT': ['v=spf1 mx -all'] },
    'fail',
    'medium',
    'example.com TXT: v=spf1 mx -all',
  ],
  ['by SPF it sends, too (ip4)', { ...listed, 'example.com TXT': ['v=spf1 ip4:192.0.2.1 -all'] }, 'fail', 'medium'],
  ['by SPF its network sends', { ...listed, 'example.com TXT': ['v=spf1 ip4:192.0.0.0/22 -all'] }, 'fail', 'medium'],
  ['by SPF another network sends', { ...listed, 'example.com TXT': ['v=spf1 ip4:192.0.3.0/24 -all'] }, 'fail', 'low'],
  [
    'by SPF it does not send (-mx)',
    { ...listed, 'example.com TXT': ['v=spf1 -mx include:example.net -all'] },
    'fail',
    'low',
  ],
  [
    'by SPF another MX sends',
    { ...listed, 'example.com TXT': ['v=spf1 mx:example.net ip4:192.0.2.2 -all'] },
    'fail',
    'low',
  ],
  ['SPF behind -all counts for nothing', { ...listed, 'example.com TXT': ['v=spf1 -all mx'] }, 'fail', 'low'],
  [
    'an answer outside 127.0.0.0/8',
    { ...clean, [`1.2.0.192.${list} A`]: ['198.51.100.7'] },
    'inconclusive(dns-failed)',
  ],
  ['no entry for tests', { [`2.0.0.127.${list} TXT`]: ['x'] }, 'inconclusive(prerequisite)'],
  ['a zone that is not there', {}, 'inconclusive(prerequisite)'],
  [
    'a list that lists everything, as a parked domain does',
    { ...listed, [`1.0.0.127.${list} A`]: ['198.51.100.7'], [`2.0.0.127.${list} A`]: ['198.51.100.7'] },
    'inconclusive(prerequisite)',
  ],
  ['a list that lists 127.0.0.1', { ...listed, [`1.0.0.127.${list} A`]: ['127.0.0.2'] }, 'inconclusive(prerequisite)'],
  [
    'public resolvers are refused',
    { ...listed, [`2.0.0.127.${list} A`]: ['127.255.255.254'], [`1.0.0.127.${list} A`]: ['127.255.255.254'] },
    'inconclusive(dns-failed)',
    undefined,
    '127.255.255.254',
  ],
  ['refused in the midst', { ...clean, [`1.2.0.192.${list} A`]: ['127.255.255.255'] }, 'inconclusive(dns-failed)'],
  [
    'refused by 127.0.0.1, as URIBL does',
    { ...clean, [`2.0.0.127.${list} A`]: ['127.0.0.1'] },
    'inconclusive(dns-failed)',
  ],
  ['no answer for the control', { ...listed, [`2.0.0.127.${list} A`]: 'timeout' }, 'inconclusive(dns-failed)'],
  ['no answer for an address', { ...clean, [`1.2.0.192.${list} A`]: 'timeout' }, 'inconclusive(dns-failed)'],
  ['a list without IPv6', { [`2.0.0.127.${list} A`]: ['127.0.0.2'] }, 'pass'],
  ['validation fails', { ...listed, [`2.0.0.127.${list} A`]: 'BOGUS' }, 'inconclusive(dns-failed)'],
];

describe('block-lists judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, severity, quote]) => {
    const judgement = await judgeDomain(blockLists, zone, { subject });
    expect(said(judgement), JSON.stringify(judgement)).toBe(verdict);
    if (severity !== undefined) expect(judgement).toMatchObject({ severity });
    if (quote !== undefined) expect(JSON.stringify(judgement)).toContain(quote);
    if (judgement.verdict === 'fail') expectHeadline(judgement);
  });

  test('asks nobody where no list is named, or no address is public', async () => {
    for (const other of [
      { ...subject, blockLists: [] },
      { ...subject, hosts: [] },
    ]) {
      const names = fakeNames(clean, { subject: other });
      await blockLists.observe(names);
      expect(names.lookups).toEqual([]);
      expect((await judgeDomain(blockLists, clean, { subject: other })).verdict).toBe('not-applicable');
    }
  });

  test('a list that refuses us is asked for nothing but the control', async () => {
    const names = fakeNames({ [`2.0.0.127.${list} A`]: ['127.255.255.254'] }, { subject });
    await blockLists.observe(names);
    expect(names.lookups.map(({ name }) => name)).not.toContain(`1.2.0.192.${list}`);
  });

  test.each([['dnsbl..example.org'], ['dnsbl.example.org/x'], [`${'a.'.repeat(100)}org`], ['']])(
    '%j is no zone to ask',
    async (zone) => {
      const names = fakeNames(clean, { subject: { ...subject, blockLists: [zone] } });
      await blockLists.observe(names);
      expect(names.lookups).toEqual([]);
      const judgement = await judgeDomain(blockLists, clean, { subject: { ...subject, blockLists: [zone] } });
      expect(said(judgement)).toBe('inconclusive(prerequisite)');
    },
  );

  test('one list that is not told leaves the other one’s word', async () => {
    const two = { subject: { ...subject, blockLists: ['gone.example.org', list] } };
    expect(await judgeDomain(blockLists, listed, two)).toMatchObject({
      verdict: 'fail',
      measured: {
        lists: ['gone.example.org', list],
        listed: [`192.0.2.1 on ${list}: 127.0.0.4`],
        untold: ['gone.example.org'],
      },
    });
    expect(said(await judgeDomain(blockLists, clean, two))).toBe('inconclusive(prerequisite)');
  });

  test('never throws, whatever the records', async () => {
    await fc.assert(
      fc.asyncProperty(anyZone(), async (zone) => {
        const judgement = await judgeDomain(blockLists, zone, { subject });
        if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
          expect(judgement.evidence.length).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });
});
