import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spf } from '../../../probes/domain/spf.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { said } from '../judged.ts';

const txt = (...texts: readonly string[]) => ({ 'example.com TXT': texts });
const google = 'google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ';

/** `n` records below each other, by include or redirect. */
const chain = (n: number, by: 'include:' | 'redirect=') =>
  Object.fromEntries(
    Array.from({ length: n + 1 }, (_, i) => [
      `${i === 0 ? '' : `s${i}.`}example.com TXT`,
      [`v=spf1 ${i === n ? '-all' : `${by}s${i + 1}.example.com`}${by === 'include:' && i < n ? ' -all' : ''}`],
    ]),
  );
/** A record that includes `n` others side by side. */
const wide = (n: number) => ({
  ...txt(`v=spf1 ${Array.from({ length: n }, (_, i) => `include:s${i}.example.com`).join(' ')} -all`),
  ...Object.fromEntries(
    Array.from({ length: n }, (_, i) => [`s${i}.example.com TXT`, [`v=spf1 ip4:192.0.2.${i} -all`]]),
  ),
});
const exchanges = (n: number) => Array.from({ length: n }, (_, i) => `10 mx${i}.example.com`);

type Row = readonly [name: string, zone: Zone, verdict: string, severity?: string | undefined, quote?: string | RegExp];
const rows: readonly Row[] = [
  ['one record', txt('v=spf1 ip4:192.0.2.1 -all'), 'pass', undefined, 'example.com TXT: v=spf1 ip4:192.0.2.1 -all'],
  ['a domain that sends nothing', { ...txt('v=spf1 -all'), 'example.com MX': ['0 '] }, 'pass'],
  ['softfail', txt('v=spf1 ip4:192.0.2.1 ~all'), 'pass'],
  ['capital letters', txt('V=SPF1 IP4:192.0.2.1 -ALL'), 'pass'],
  ['others beside it', txt(google, 'v=spf1 ip4:192.0.2.1 -all', 'MS=ms12345678', 'v=spf10 x'), 'pass'],
  ['no TXT', { 'example.com MX': ['10 mx.example.com'] }, 'fail', 'low', /^example.com TXT: NOERROR, nothing/],
  ['no SPF among them', txt(google), 'fail', 'low', /google/],
  ['no such domain', { 'example.org TXT': ['x'] }, 'not-applicable'],
  ['no answer', { 'example.com TXT': 'timeout' }, 'inconclusive(dns-failed)', undefined, /no answer/],
  ['SERVFAIL', { 'example.com TXT': 'SERVFAIL' }, 'inconclusive(dns-failed)'],

  // One record.
  ['two records', txt('v=spf1 mx -all', 'v=spf1 include:_spf.example.net ~all'), 'fail', 'medium', /\|/],
  ['the same record twice', txt('v=spf1 -all', 'v=spf1 -all'), 'fail', 'medium'],
  ['quotation marks in it', txt('"v=spf1 mx -all"'), 'fail', 'low', /"v=spf1/],
  ['a tab behind the version, as a report holds it', txt('v=spf1\\x09mx\\x09-all'), 'fail', 'low'],
  ['a byte order mark in front', txt('\\u{feff}v=spf1 -all'), 'fail', 'low'],
  ['a hard space from a web page', txt('v=spf1\u00a0mx -all'), 'fail', 'low'],
  ['a space of no width in it', txt('v=spf1 ip4:192.0.2.1\\u{200b} -all'), 'fail', 'medium'],
  ['a byte of Latin-1 in a note', txt('v=spf1 owner=M\\xfcller -all'), 'fail', 'medium'],
  ['a tab behind the version', txt('v=spf1\tmx\t-all'), 'fail', 'low'],

  // Syntax.
  ['an unknown mechanism', txt('v=spf1 ipv4:192.0.2.1 -all'), 'fail', 'medium'],
  ['an unknown modifier', txt('v=spf1 x-note=ours ip4:192.0.2.1 -all'), 'pass'],
  ['trailing garbage', txt('v=spf1 ip4:192.0.2.1 -all;'), 'fail', 'medium'],
  ['an error behind all', txt('v=spf1 -all include:'), 'fail', 'medium'],
  ['a dash from a word processor', txt('v=spf1 ip4:192.0.2.1 –all'), 'fail', 'medium'],
  ['an address as a name', { ...txt('v=spf1 a:192.0.2.1 -all') }, 'fail', 'medium'],
  ['ip4 with an equals sign', txt('v=spf1 ip4=192.0.2.1 -all'), 'fail', 'low'],
  ['the rest behind all', txt('v=spf1 -all ip4:192.0.2.1'), 'fail', 'low'],
  ['a redirect beside all', txt('v=spf1 -all redirect=gone.example.net'), 'pass'],
  [
    'an error in what is included',
    { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': ['v=spf1 foo'] },
    'fail',
    'medium',
    /^example/,
  ],
  ['exp that is not there', txt('v=spf1 -all exp=why.example.com'), 'pass'],
  ['exp with an error', txt('v=spf1 -all exp=%{y}.example.com'), 'fail', 'medium'],
  ['10 kB of it', txt(`v=spf1 ${'ip4:192.0.2.1 '.repeat(700)}-all`), 'pass'],
  ['10 kB of nonsense', txt(`v=spf1 ${'x'.repeat(10_000)}`), 'fail', 'medium'],

  // Others' records.
  ['include', { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': [google, 'v=spf1 ip4:192.0.2.1 ?all'] }, 'pass'],
  ['include of a name that is gone', txt('v=spf1 include:gone.test -all'), 'fail', 'medium'],
  ['include of a name without SPF', { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': [google] }, 'fail', 'medium'],
  [
    'include of two records',
    { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': ['v=spf1', 'v=spf1'] },
    'fail',
    'medium',
  ],
  ['include with a label of 64', txt(`v=spf1 include:${'a'.repeat(64)}.test -all`), 'fail', 'medium'],
  [
    'include that DNS does not answer',
    { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': 'timeout' },
    'inconclusive(dns-failed)',
  ],
  ['the same beside an error', { ...txt('v=spf1 include:a.test foo -all'), 'a.test TXT': 'timeout' }, 'fail', 'medium'],
  [
    'the same beside ptr',
    { ...txt('v=spf1 include:a.test ptr -all'), 'a.test TXT': 'timeout' },
    'inconclusive(dns-failed)',
  ],
  ['redirect', { ...txt('v=spf1 redirect=a.test'), 'a.test TXT': ['v=spf1 -all'] }, 'pass'],
  ['redirect to nothing', txt('v=spf1 redirect=a.test'), 'fail', 'medium'],
  ['redirect to neutral', { ...txt('v=spf1 redirect=a.test'), 'a.test TXT': ['v=spf1 ?all'] }, 'fail', 'low'],
  [
    'an alias',
    { 'example.com CNAME': ['a.test'], 'a.test TXT': ['v=spf1 -all'] },
    'pass',
    undefined,
    'example.com -> a.test TXT: v=spf1 -all',
  ],
  ['include of itself', txt('v=spf1 include:example.com -all'), 'fail', 'medium'],
  ['redirect to itself', txt('v=spf1 redirect=EXAMPLE.com.'), 'fail', 'medium'],
  [
    'a circle',
    {
      ...txt('v=spf1 include:a.test -all'),
      'a.test TXT': ['v=spf1 include:b.test'],
      'b.test TXT': ['v=spf1 redirect=a.test'],
    },
    'fail',
    'medium',
  ],
  ['DNSSEC fails', { 'example.com TXT': 'BOGUS' }, 'fail', 'medium'],

  // Counting.
  ['10 look-ups', wide(10), 'pass'],
  ['11 look-ups', wide(11), 'fail', 'medium'],
  ['10 below each other', chain(10, 'include:'), 'pass'],
  ['11 below each other', chain(11, 'include:'), 'fail', 'medium'],
  ['10 redirects', chain(10, 'redirect='), 'pass'],
  ['11 redirects', chain(11, 'redirect='), 'fail', 'medium'],
  ['what stands behind all is free', { ...txt(`v=spf1 -all ${'mx '.repeat(11)}`) }, 'fail', 'low'],
  ['two names that are gone', txt('v=spf1 a:a.test mx:b.test ip4:192.0.2.1 -all'), 'pass'],
  ['one that is gone, three times', txt('v=spf1 a:a.test mx:a.test a:a.test//64 -all'), 'fail', 'medium'],
  ['three names that are gone', txt('v=spf1 a:a.test a:b.test mx:c.test -all'), 'fail', 'medium'],
  [
    'three with IPv6 alone',
    {
      ...txt('v=spf1 a:a.test a:b.test a:c.test -all'),
      'a.test AAAA': ['2001:db8::1'],
      'b.test AAAA': ['2001:db8::1'],
      'c.test AAAA': ['2001:db8::1'],
    },
    'pass',
  ],
  ['two lists that know nothing of a stranger', txt('v=spf1 exists:%{i}.a.test exists:%{i}.b.test -all'), 'pass'],
  [
    'three lists: for him, and for who stands behind them, the record is in error',
    txt('v=spf1 exists:%{i}.a.test exists:%{i}.b.test exists:%{i}.c.test ip4:192.0.2.1 -all'),
    'fail',
    'medium',
  ],
  ['10 MX hosts', { ...txt('v=spf1 mx -all'), 'example.com MX': exchanges(10) }, 'pass'],
  ['11 MX hosts', { ...txt('v=spf1 mx -all'), 'example.com MX': exchanges(11) }, 'fail', 'medium'],
  [
    'an MX that DNS does not answer',
    { ...txt('v=spf1 mx -all'), 'example.com MX': 'SERVFAIL' },
    'inconclusive(dns-failed)',
  ],

  // Strangers.
  ['+all', txt('v=spf1 mx +all'), 'fail', 'medium'],
  ['all', txt('v=spf1 all'), 'fail', 'medium'],
  ['?all', txt('v=spf1 ip4:192.0.2.1 ?all'), 'fail', 'low'],
  ['no all', txt('v=spf1 ip4:192.0.2.1'), 'fail', 'low'],
  ['nothing but the version', txt('v=spf1'), 'fail', 'low'],
  ['all of IPv4', txt('v=spf1 ip4:0.0.0.0/0 -all'), 'fail', 'medium'],
  ['half of IPv4, twice', txt('v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all'), 'fail', 'medium'],
  ['a /8', txt('v=spf1 ip4:10.0.0.0/8 ip6:2001:db8::/32 -all'), 'pass'],
  ['all of IPv6', txt('v=spf1 ip6:::/0 -all'), 'fail', 'medium'],
  [
    'the neighbours of its own address',
    { ...txt('v=spf1 a/0 -all'), 'example.com A': ['192.0.2.9'] },
    'fail',
    'medium',
  ],
  [
    '+all in what is included',
    { ...txt('v=spf1 include:a.test -all'), 'a.test TXT': ['v=spf1 +all'] },
    'fail',
    'medium',
  ],
  ['+all in what is excluded', { ...txt('v=spf1 -include:a.test -all'), 'a.test TXT': ['v=spf1 +all'] }, 'pass'],
  [
    'a list that has everybody',
    { ...txt('v=spf1 exists:%{ir}.spf.test -all'), '1.2.0.192.spf.test A': ['127.0.0.2'] },
    'fail',
    'medium',
  ],
  [
    'a record made for each client',
    {
      ...txt('v=spf1 include:%{ir}.%{v}.%{d}.spf.test -all'),
      '1.2.0.192.in-addr.example.com.spf.test TXT': ['v=spf1 ~all'],
    },
    'pass',
  ],
  ['ptr', txt('v=spf1 ptr -all'), 'fail', 'low'],
  ['%{p}', txt('v=spf1 exists:%{p}.a.test -all'), 'fail', 'low'],
];

describe('spf judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, severity, quote]) => {
    const judgement = await judgeDomain(spf, zone);
    expect([said(judgement), 'severity' in judgement ? judgement.severity : undefined]).toEqual([verdict, severity]);
    if ('evidence' in judgement) {
      expect(judgement.evidence.length).toBeGreaterThan(0);
      if (quote !== undefined) expect(judgement.evidence[0]?.quote).toMatch(quote);
    }
    if (judgement.verdict === 'fail') expect(judgement.headline?.length).toBeLessThan(100);
  });
});

describe('spf measures', () => {
  test('what each term costs', async () => {
    const judgement = await judgeDomain(spf, {
      ...txt('v=spf1 a mx include:a.test ip4:192.0.2.1 include:b.test -all'),
      'example.com A': ['192.0.2.1'],
      'example.com MX': ['10 mx.example.com'],
      'a.test TXT': ['v=spf1 include:c.test redirect=b.test'],
      'b.test TXT': ['v=spf1 ip4:192.0.2.2 -all'],
      'c.test TXT': ['v=spf1 a:gone.test ~all'],
    });
    expect(judgement).toMatchObject({
      verdict: 'pass',
      measured: {
        lookups: 7,
        spent: ['a 1', 'mx 1', 'include:a.test 4', 'include:b.test 1'],
        voids: ['gone.test'],
        result: 'fail',
      },
    });
    expect('evidence' in judgement ? judgement.evidence.map(({ quote }) => quote.split(' ')[0]) : []).toEqual([
      'example.com',
      'a.test',
      'c.test',
      'b.test',
    ]);
  });

  test.each([
    ['+all', txt('v=spf1 +all'), 'pass', 'SPF lets everybody'],
    [
      '+all behind an error, at which receivers end',
      txt('v=spf1 include:gone.test +all'),
      'permerror',
      'The SPF record includes a domain',
    ],
    ['?all behind three names that are gone', txt('v=spf1 a:a.test a:b.test a:c.test ?all'), 'permerror', 'SPF asks'],
    ['a circle', txt('v=spf1 include:example.com -all'), 'permerror', 'The SPF record includes itself'],
    ['two records', txt('v=spf1 -all', 'v=spf1'), 'permerror', 'There are several'],
  ])('what strangers get: %s', async (_, zone, result, headline) => {
    expect(await judgeDomain(spf, zone)).toMatchObject({
      measured: { result },
      headline: expect.stringMatching(`^${headline}`),
    });
  });

  test('records that multiply, to an end', async () => {
    const names = ['example.com', ...'abcdefghij'].map((name, i) => (i === 0 ? name : `${name}.test`));
    const zone = Object.fromEntries(
      names.map((name, i) => [`${name} TXT`, [`v=spf1 ${`include:${names[i + 1] ?? 'z.test'} `.repeat(9)}-all`]]),
    );
    const judgement = await judgeDomain(spf, zone);
    expect(judgement).toMatchObject({ verdict: 'fail', measured: { lookups: 100 } });
  });
});

test('each name is asked for once, and no more than a hundred', async () => {
  const names = fakeNames(wide(300));
  await spf.observe(names);
  const asked = names.lookups.map(({ name, type }) => `${name} ${type}`);
  expect(asked).toHaveLength(100);
  expect(new Set(asked).size).toBe(100);
});

test('any records are judged', async () => {
  const term = fc.constantFrom(
    ...['a', 'mx', 'ptr', '-all', '+all', '?all', 'a:%{i}.a.test', 'exists:%{l}.%{d}', 'ip4:0.0.0.0/0', 'a//0', 'x'],
    ...['include:a.test', 'include:b.test', 'redirect=b.test', 'include:%{d}', 'redirect=example.com', 'exp=%{', '\t"'],
  );
  const record = fc.oneof(
    fc.array(term, { maxLength: 14 }).map((terms) => `v=spf1 ${terms.join(' ')}`),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const answer = fc.oneof(fc.array(record, { maxLength: 2 }), fc.constantFrom('SERVFAIL', 'BOGUS', 'timeout'));
  const zones = fc.dictionary(
    fc.constantFrom('example.com TXT', 'a.test TXT', 'b.test TXT', 'example.com A', 'example.com MX', 'a.test A'),
    answer,
  );
  await fc.assert(
    fc.asyncProperty(zones, async (zone) => {
      const judgement = await judgeDomain(spf, zone as Zone);
      if (judgement.verdict === 'pass' || judgement.verdict === 'fail')
        expect(judgement.evidence[0].quote).toContain('example.com');
    }),
  );
});
