import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dmarc } from '../../../probes/domain/dmarc.ts';
import { fakeNames, judgeDomain, type Zone } from '../../fakes/names.ts';
import { said } from '../judged.ts';

const mx = { 'example.com MX': ['10 mx.example.com'] };
const at = (...records: readonly string[]): Zone => ({ ...mx, '_dmarc.example.com TXT': records });
const google = 'google-site-verification=rXOxyZounnZasA8Z7oaD3c14JdjS9aKSWvsR1EbUSIQ';
const sound = 'v=DMARC1; p=reject; rua=mailto:dmarc@example.com';
const outside = 'v=DMARC1; p=reject; rua=mailto:x@reports.example.net, mailto:dmarc@mail.example.com!10m';
const consent = 'example.com._report._dmarc.reports.example.net TXT';

type Row = readonly [name: string, zone: Zone, verdict: string, severity?: string | undefined, measured?: object];
const rows: readonly Row[] = [
  ['reject', at(sound), 'pass', undefined, { policy: 'reject', reports: ['mailto:dmarc@example.com'] }],
  ['quarantine, others beside it', at(google, 'v=DMARC1;p=quarantine', 'v=spf1 -all'), 'pass'],
  ['no semicolon at the end, many blanks', at('v = DMARC1 ;  p = Reject ; RUA = mailto:d@example.com ; '), 'pass'],
  ['tags in capital letters', at('V=DMARC1; P=REJECT; SP=Quarantine'), 'pass', undefined, { subdomains: 'quarantine' }],
  ['tabs between', at('v=DMARC1;\\x09p=reject;\\x09rua=mailto:d@example.com'), 'pass', undefined, { policy: 'reject' }],
  ['a byte order mark in front', at('\\u{feff}v=DMARC1; p=reject'), 'fail', 'low', { policy: null }],
  [
    'a space of no width in an address',
    at('v=DMARC1; p=reject; rua=mailto:d\\u{200b}@example.com'),
    'fail',
    'low',
    { reports: [] },
  ],
  ['an unknown tag', at('v=DMARC1; p=reject; x-owner=us; np=reject; t=n; psd=n'), 'pass'],
  [
    'all tags',
    at('v=DMARC1; p=reject; sp=none; adkim=s; aspf=r; pct=50; fo=1:d:s; rf=afrf; ri=86400'),
    'pass',
    undefined,
    { percent: 50, subdomains: 'none' },
  ],
  [
    'an alias to a provider',
    { ...mx, '_dmarc.example.com CNAME': ['example.com.hosted.test'], 'example.com.hosted.test TXT': [sound] },
    'pass',
  ],

  // None.
  ['none', mx, 'fail', 'info', { policy: null }],
  ['a wildcard with SPF', at('v=spf1 -all'), 'fail', 'info'],
  ['no such domain', { 'example.org TXT': ['x'] }, 'not-applicable'],
  ['null MX without a policy', { 'example.com MX': ['0 '] }, 'fail', 'info'],
  ['no answer', { ...mx, '_dmarc.example.com TXT': 'timeout' }, 'inconclusive(dns-failed)'],
  ['SERVFAIL', { ...mx, '_dmarc.example.com TXT': 'SERVFAIL' }, 'inconclusive(dns-failed)'],
  ['DNSSEC fails', { ...mx, '_dmarc.example.com TXT': 'BOGUS' }, 'fail', 'low'],

  // It only watches.
  ['p=none', at('v=DMARC1; p=none; rua=mailto:d@example.com'), 'fail', 'info', { policy: 'none' }],
  ['p=none without reports', at('v=DMARC1; p=none'), 'fail', 'info'],
  ['pct=0', at('v=DMARC1; p=reject; pct=0'), 'fail', 'info'],

  // Not read as one.
  ['several', at(sound, 'v=DMARC1; p=none'), 'fail', 'low', { policy: null }],
  ['the same twice', at(sound, sound), 'fail', 'low'],
  ['small letters', at('v=dmarc1; p=reject'), 'fail', 'low', { policy: null }],
  ['quotation marks in it', at('"v=DMARC1; p=reject"'), 'fail', 'low'],
  ['the policy first', at('p=reject; v=DMARC1'), 'fail', 'low'],
  ['no semicolons', at('v=DMARC1 p=reject'), 'fail', 'low'],
  ['commas', at('v=DMARC1, p=reject'), 'fail', 'low'],
  ['typographer’s quotes', at('“v=DMARC1; p=reject”'), 'fail', 'low'],
  ['at the domain itself', { ...mx, 'example.com TXT': [google, sound] }, 'fail', 'low'],
  ['a zone file without the dot', { ...mx, '_dmarc.example.com.example.com TXT': [sound] }, 'fail', 'low'],
  ['what is called like it', { ...mx, 'example.com TXT': ['dmarc-verification=abc'] }, 'fail', 'info'],

  // In error.
  ['an unknown policy', at('v=DMARC1; p=block; rua=mailto:d@example.com'), 'fail', 'low', { policy: 'none' }],
  ['the same without reports', at('v=DMARC1; p=block'), 'fail', 'low', { policy: null }],
  ['no policy', at('v=DMARC1; rua=mailto:d@example.com'), 'fail', 'low', { policy: 'none' }],
  ['nothing but the version', at('v=DMARC1'), 'fail', 'low', { policy: null }],
  [
    'sp in error, which spoils p',
    at('v=DMARC1; p=reject; sp=all; rua=mailto:d@example.com'),
    'fail',
    'low',
    { policy: 'none' },
  ],
  ['p twice', at('v=DMARC1; p=none; p=reject'), 'fail', 'low', { policy: 'none' }],
  ['pct=100%', at('v=DMARC1; p=reject; pct=100%'), 'fail', 'low', { policy: 'reject', percent: 100 }],
  ['adkim=strict', at('v=DMARC1; p=reject; adkim=strict'), 'fail', 'low', { policy: 'reject' }],
  ['two slashes too many', at('v=DMARC1; p=reject; rua=mailto://d@example.com'), 'fail', 'low', { reports: [] }],
  ['rua without mailto:', at('v=DMARC1; p=reject; rua=dmarc@example.com'), 'fail', 'low', { reports: [] }],
  ['rua with a blank between', at('v=DMARC1; p=reject; rua=mailto:a@example.com mailto:b@example.com'), 'fail', 'low'],
  ['trailing garbage', at(`${sound}; and so on`), 'fail', 'low', { policy: 'reject' }],
  ['two semicolons', at('v=DMARC1;; p=reject'), 'fail', 'low', { policy: 'reject' }],
  ['a hard space from a web page', at('v=DMARC1;\u00a0p=reject'), 'fail', 'low', { policy: null }],
  ['a Cyrillic p', at('v=DMARC1; р=reject'), 'fail', 'low', { policy: null }],
  ['10 kB of it', at(`v=DMARC1; p=reject; x=${'y'.repeat(10_000)}`), 'pass'],

  // Reports to others.
  ['to another domain without its consent', at(outside), 'fail', 'low'],
  ['with it', { ...at(outside), [consent]: ['v=DMARC1;'] }, 'pass'],
  ['with a wildcard for all', { ...at(outside), [consent]: ['v=DMARC1; rua=mailto:all@example.net'] }, 'pass'],
  ['with a wildcard of SPF in its place', { ...at(outside), [consent]: ['v=spf1 -all'] }, 'fail', 'low'],
  ['where DNS does not answer', { ...at(outside), [consent]: 'timeout' }, 'inconclusive(dns-failed)'],
  [
    'the same while it watches',
    { ...at('v=DMARC1; p=none; rua=mailto:x@reports.example.net'), [consent]: 'timeout' },
    'inconclusive(dns-failed)',
  ],
  ['the same beside an error', { ...at(`${outside}; fo=x`), [consent]: 'timeout' }, 'fail', 'low'],
  ['without consent while it watches', at('v=DMARC1; p=none; ruf=mailto:x@reports.example.net'), 'fail', 'low'],
];

const below: readonly Row[] = [
  [
    'its own',
    {
      'a.example.com MX': ['10 mx.test'],
      '_dmarc.a.example.com TXT': [sound],
      '_dmarc.example.com TXT': ['v=DMARC1; p=none'],
    },
    'pass',
    undefined,
    { from: 'a.example.com' },
  ],
  [
    'that of the organization',
    { 'a.example.com MX': ['10 mx.test'], '_dmarc.example.com TXT': [sound] },
    'pass',
    undefined,
    { from: 'example.com', policy: 'reject' },
  ],
  [
    'sp of the organization',
    { 'a.example.com MX': ['10 mx.test'], '_dmarc.example.com TXT': [`${sound}; sp=none`] },
    'fail',
    'info',
    { policy: 'none' },
  ],
  [
    'its own in error, so that of the organization',
    {
      'a.example.com MX': ['10 mx.test'],
      '_dmarc.a.example.com TXT': ['DMARC1; p=reject'],
      '_dmarc.example.com TXT': [sound],
    },
    'fail',
    'low',
    { from: 'example.com', policy: 'reject' },
  ],
  [
    'two of its own: none',
    {
      'a.example.com MX': ['10 mx.test'],
      '_dmarc.a.example.com TXT': [sound, sound],
      '_dmarc.example.com TXT': [sound],
    },
    'fail',
    'low',
    { policy: null },
  ],
  ['none', { 'a.example.com MX': ['10 mx.test'] }, 'fail', 'info'],
  [
    'no answer for the organization',
    { 'a.example.com MX': ['10 mx.test'], '_dmarc.example.com TXT': 'timeout' },
    'inconclusive(dns-failed)',
  ],
];

async function expectRow([, zone, verdict, severity, measured]: Row, domain: string) {
  const judgement = await judgeDomain(dmarc, zone, { subject: { domain } });
  expect([said(judgement), 'severity' in judgement ? judgement.severity : undefined]).toEqual([verdict, severity]);
  if (measured !== undefined) expect(judgement).toMatchObject({ measured });
  if ('evidence' in judgement) expect(judgement.evidence[0]?.quote).toContain('_dmarc.');
}

describe('dmarc judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', (_, row) => expectRow(row, 'example.com'));
});

describe('dmarc judges a subdomain by', () => {
  test.each(below.map((row) => [row[0], row] as const))('%s', (_, row) => expectRow(row, 'a.example.com'));
});

test('no more than ten domains are asked whether they take reports', async () => {
  const uris = Array.from({ length: 300 }, (_, i) => `mailto:a@r${i}.test`).join(',');
  const names = fakeNames(at(`v=DMARC1; p=reject; rua=${uris}`));
  await dmarc.observe(names);
  expect(names.lookups.filter(({ name }) => name.includes('._report.'))).toHaveLength(10);
});

test('any records are judged', async () => {
  const part = fc.constantFrom(
    'v=DMARC1',
    'p=none',
    'p=',
    'sp=x',
    'rua=mailto:a@b.test,',
    'pct=-1',
    '=',
    ';',
    'ruf=mailto:@',
    'constructor=x',
  );
  const record = fc.oneof(
    fc.array(part, { maxLength: 8 }).map((parts) => `v=DMARC1;${parts.join(';')}`),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const answer = fc.oneof(fc.array(record, { maxLength: 2 }), fc.constantFrom('SERVFAIL', 'BOGUS', 'timeout'));
  const name = fc.constantFrom('_dmarc.a.example.com TXT', '_dmarc.example.com TXT', 'a.example.com TXT');
  await fc.assert(
    fc.asyncProperty(fc.dictionary(name, answer), async (zone) => {
      const all = { 'a.example.com MX': ['10 mx.test'], ...(zone as Zone) };
      const judgement = await judgeDomain(dmarc, all, { subject: { domain: 'a.example.com' } });
      if (judgement.verdict === 'pass') expect(judgement.evidence[0].quote).toContain('DMARC1');
    }),
  );
});
