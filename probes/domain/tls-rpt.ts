import { type Fault, failOf, naming } from '../../src/kit/domain/faults.ts';
import { textsOf } from '../../src/kit/domain/texts.ts';
import { isNearlyTlsRpt, isTlsRpt, readTlsRpt } from '../../src/kit/domain/tls-rpt-record.ts';
import {
  answerShape,
  defineDomainProbe,
  inconclusive,
  notApplicable,
  pass,
  type Shaped,
  type Zod,
} from '../../src/kit/index.ts';

const shape = (z: Zod) => z.object({ domain: z.string(), mx: answerShape('MX')(z), text: answerShape('TXT')(z) });

export const tlsRpt = defineDomainProbe({
  id: 'tls-rpt',
  question: 'Is there a place for reports of failed TLS?',
  severity: 'low',
  weighs: 'Low where senders pass over the record or part of it; info where there is none.',
  why: 'Senders that cannot deliver over TLS, because a certificate, a DANE record or an MTA-STS policy is wrong, keep the mail back or send it in clear. Where a domain names an address for it (SMTP TLS Reporting), they tell once a day.',
  judged:
    'TXT of _smtp._tls. pass: one record that begins with v=TLSRPTv1; and names mailto: or https: addresses. low: several, one that does not begin like that, no rua or one that is no such address, failing DNSSEC. info: none. not-applicable: the domain takes no mail (null MX). inconclusive: DNS did not answer.',
  refs: ['RFC 8460 §3'],
  lookups: 2,
  data: shape,

  async observe(names) {
    const { domain } = names.subject;
    const [mx, text] = await Promise.all([names.ask(domain, 'MX'), names.ask(`_smtp._tls.${domain}`, 'TXT')]);
    return { domain, mx, text };
  },

  judge(data) {
    const { domain, mx, text } = data;
    const [record = ''] = textsOf(text.records).filter(isTlsRpt);
    const { reports } = readTlsRpt(record);
    if (mx.kind === 'no-name') return notApplicable(`${domain} does not exist`);
    if (mx.records.length === 1 && mx.records[0]?.exchange === '') return notApplicable(`${domain} takes no mail`);
    if (text.kind === 'failed')
      return inconclusive('dns-failed', `TXT of _smtp._tls.${domain}: ${text.because}`, [text.at]);
    const [worst, ...more] = faultsOf(data);
    const measured = { reports: [...reports] };
    if (worst !== undefined) return failOf([worst, ...more], text.at, measured);
    return pass(`reports of failed TLS go to ${naming(reports)}`, text.at, { measured });
  },
});

function faultsOf({ domain, text: { kind, records, at } }: Shaped<typeof shape>): readonly Fault[] {
  const name = `_smtp._tls.${domain}`;
  const low = (headline: string, says: string): Fault => ({ severity: 'low', headline, says, at: [at] });
  const texts = textsOf(records);
  const own = texts.filter(isTlsRpt);
  const bogus = low('The record for TLS reports fails DNSSEC validation', `DNSSEC validation fails for ${name}`);
  const first = kind === 'bogus' ? [bogus] : [];
  if (own.length > 1)
    return [
      ...first,
      low(
        'There are several records for TLS reports where one may be: senders use neither',
        `${name} has ${own.length} records`,
      ),
    ];
  const [record] = own;
  if (record !== undefined) return [...first, ...errorsOf(record, low)];
  if (texts.some(isNearlyTlsRpt))
    return [
      ...first,
      low(
        'The record for TLS reports does not begin as one: senders see none',
        `a TXT record of ${name} is meant for TLS reports, and does not begin with "v=TLSRPTv1;"`,
      ),
    ];
  if (first.length > 0) return first;
  const headline = 'Nobody is told when senders cannot reach this domain over TLS';
  return [{ severity: 'info', headline, says: `${name} has no record for TLS reports`, at: [at] }];
}

function errorsOf(record: string, low: (headline: string, says: string) => Fault): readonly Fault[] {
  const { bad, reports } = readTlsRpt(record);
  if (bad.length === 0) return [];
  const headline =
    reports.length === 0
      ? 'The record for TLS reports names no address that reports can go to'
      : 'Part of the record for TLS reports is in error: senders may pass over all of it';
  return [low(headline, `in error: ${naming(bad)}`)];
}
