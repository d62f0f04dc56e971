import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tlsRpt } from '../../../probes/domain/tls-rpt.ts';
import { judgeDomain, type Zone } from '../../fakes/names.ts';
import { said } from '../judged.ts';

const mx = { 'example.com MX': ['10 mx.example.com'] };
const name = '_smtp._tls.example.com TXT';
const at = (...records: readonly string[]): Zone => ({ ...mx, [name]: records });
const sound = 'v=TLSRPTv1; rua=mailto:tls@example.com';

type Row = readonly [
  name: string,
  zone: Zone,
  verdict: string,
  severity?: string | undefined,
  reports?: readonly string[],
];
const rows: readonly Row[] = [
  ['mailto', at(sound), 'pass', undefined, ['mailto:tls@example.com']],
  ['https', at('v=TLSRPTv1;rua=https://reports.example.com/v1/tlsrpt;'), 'pass'],
  ['both', at('v=TLSRPTv1; rua=mailto:tls@example.com , https://reports.example.com/'), 'pass'],
  ['an extension', at(`${sound}; x-owner=us`), 'pass'],
  ['tabs between', at('v=TLSRPTv1;\\x09rua=mailto:tls@example.com'), 'pass'],
  ['a space of no width at the end', at('v=TLSRPTv1; rua=mailto:tls@example.com\\u{200b}'), 'fail', 'low'],
  ['version 10', at('v=TLSRPTv10; rua=mailto:tls@example.com'), 'fail', 'low'],
  ['codes of no character', at('v=TLSRPTv1; rua=mailto:tls@example.com; x=\\u{110000}\\u{d800}'), 'pass'],
  ['others beside it', at('google-site-verification=abc', sound, 'v=spf1 -all'), 'pass'],
  [
    'an alias to a provider',
    { ...mx, '_smtp._tls.example.com CNAME': ['rpt.hosted.test'], 'rpt.hosted.test TXT': [sound] },
    'pass',
  ],
  ['none', mx, 'fail', 'info'],
  ['a wildcard with SPF', at('v=spf1 -all'), 'fail', 'info'],
  ['no such domain', { 'example.org TXT': ['x'] }, 'not-applicable'],
  ['null MX', { 'example.com MX': ['0 '] }, 'not-applicable'],
  ['no answer', { ...mx, [name]: 'timeout' }, 'inconclusive(dns-failed)'],
  ['DNSSEC fails', { ...mx, [name]: 'BOGUS' }, 'fail', 'low'],
  ['several', at(sound, 'v=TLSRPTv1; rua=https://reports.example.net/'), 'fail', 'low'],
  ['no rua', at('v=TLSRPTv1;'), 'fail', 'low', []],
  ['an empty rua', at('v=TLSRPTv1; rua='), 'fail', 'low'],
  ['an address without mailto:', at('v=TLSRPTv1; rua=tls@example.com'), 'fail', 'low'],
  ['http', at('v=TLSRPTv1; rua=http://reports.example.com/'), 'fail', 'low'],
  ['two slashes too many', at('v=TLSRPTv1; rua=mailto://tls@example.com'), 'fail', 'low'],
  ['one address of two in error', at(`${sound},postmaster@example.com`), 'fail', 'low', ['mailto:tls@example.com']],
  ['a size, as DMARC has it', at('v=TLSRPTv1; rua=mailto:tls@example.com!10m'), 'fail', 'low'],
  ['rua twice', at(`${sound}; rua=mailto:other@example.com`), 'fail', 'low'],
  ['RUA in capital letters', at('v=TLSRPTv1; RUA=mailto:tls@example.com'), 'fail', 'low'],
  ['trailing garbage', at(`${sound}; and so on`), 'fail', 'low'],
  ['small letters', at('v=tlsrptv1; rua=mailto:tls@example.com'), 'fail', 'low'],
  ['no semicolon', at('v=TLSRPTv1 rua=mailto:tls@example.com'), 'fail', 'low'],
  ['another version', at('v=TLSRPT1; rua=mailto:tls@example.com'), 'fail', 'low'],
  ['quotation marks in it', at('"v=TLSRPTv1; rua=mailto:tls@example.com"'), 'fail', 'low'],
  ['the record of MTA-STS', at('v=STSv1; id=20260101'), 'fail', 'info'],
  ['10 kB of it', at(`${sound}; x=${'y'.repeat(10_000)}`), 'pass'],
];

describe('tls-rpt judges', () => {
  test.each(rows.map((row) => [row[0], row] as const))('%s', async (_, [, zone, verdict, severity, reports]) => {
    const judgement = await judgeDomain(tlsRpt, zone);
    expect([said(judgement), 'severity' in judgement ? judgement.severity : undefined]).toEqual([verdict, severity]);
    if (reports !== undefined) expect(judgement).toMatchObject({ measured: { reports } });
    if ('evidence' in judgement) expect(judgement.evidence[0]?.quote).toContain('_smtp._tls.example.com');
  });
});

test('any records are judged', async () => {
  const part = fc.constantFrom(
    'rua=',
    'rua=mailto:a@b.test,',
    'RUA',
    '=',
    'https://[',
    'rua=https://[',
    ',',
    'v=TLSRPTv1',
  );
  const record = fc.oneof(
    fc.array(part, { maxLength: 6 }).map((parts) => `v=TLSRPTv1;${parts.join(';')}`),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(record, { maxLength: 3 }), async (records) => {
      const judgement = await judgeDomain(tlsRpt, at(...records));
      if (judgement.verdict === 'pass') expect(judgement.evidence[0].quote).toContain('v=TLSRPTv1');
    }),
  );
});
