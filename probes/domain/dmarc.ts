import { dmarcFaults, dmarcFound, dmarcWords, policyHere } from '../../src/kit/dmarc/faults.ts';
import { dmarcShape, gatherDmarc } from '../../src/kit/dmarc/gather.ts';
import { failOf, nameShown } from '../../src/kit/domain/faults.ts';
import { defineDomainProbe, inconclusive, type Measured, notApplicable, pass } from '../../src/kit/index.ts';

export const dmarc = defineDomainProbe({
  id: 'dmarc',
  question: 'Is there a DMARC policy, and is it sound?',
  severity: 'low',
  weighs:
    'Low where receivers do not do what the record says, or send no reports; info where there is no policy, or one that only watches.',
  why: 'DMARC tells receivers what mail in the name of the domain gets that neither SPF nor DKIM vouches for. A record with an error in it is passed over in silence, and reports that nobody has agreed to take are not sent.',
  judged:
    'TXT of _dmarc at the domain, else at its organizational domain (by the Public Suffix List; the successor of RFC 7489 looks at each name between, too); for each address outside that reports go to, TXT of <domain>._report._dmarc.<other>. low: several records, one that does not begin with v=DMARC1, one that stands at the wrong name, a tag in error, reports to a domain that has not agreed, failing DNSSEC. info: no record, p=none, pct=0. pass: quarantine or reject; pct and a weaker sp are said. inconclusive: DNS did not answer.',
  refs: ['RFC 7489 §6.3 (tags)', 'RFC 7489 §6.6.3 (discovery)', 'RFC 7489 §7.1 (reports to others)'],
  lookups: 5,
  data: dmarcShape,

  observe: gatherDmarc,

  judge(data) {
    const { domain, exists, policies, consents } = data;
    if (exists === 'no-name') return notApplicable(`${domain} does not exist`);
    const silent = policies.find(({ answer }) => answer.kind === 'failed');
    if (silent !== undefined)
      return inconclusive('dns-failed', `TXT of _dmarc.${silent.domain}: ${silent.answer.because}`, [silent.answer.at]);
    const found = dmarcFound(data);
    const measured: Measured = {
      policy: found === null ? null : policyHere(found),
      subdomains: found?.subdomains ?? null,
      percent: found?.percent ?? null,
      reports: [...(found?.reports ?? [])],
      from: found?.text.domain ?? null,
    };
    const at = (found?.text ?? policies[0])?.answer.at;
    if (at === undefined) return inconclusive('ambiguous', 'nothing was asked', [], { measured });
    const [worst, ...more] = dmarcFaults(data, found);
    const untold = consents.find(({ answer }) => answer.kind === 'failed');
    if (untold !== undefined && (worst === undefined || worst.severity === 'info')) {
      const because = `whether ${nameShown(untold.domain)} agrees to take its reports: ${untold.answer.because}`;
      return inconclusive('dns-failed', because, [at, untold.answer.at], { measured });
    }
    if (worst !== undefined) return failOf([worst, ...more], at, measured);
    if (found === null) return inconclusive('ambiguous', 'there is no policy to read', [at], { measured });
    return pass(dmarcWords(found), [at, ...consents.map(({ answer }) => answer.at)], { measured });
  },
});
