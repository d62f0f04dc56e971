import { failOf, nameShown } from '../../src/kit/domain/faults.ts';
import { textsOf } from '../../src/kit/domain/texts.ts';
import {
  defineDomainProbe,
  fail,
  inconclusive,
  type Judgement,
  type Measured,
  notApplicable,
  pass,
} from '../../src/kit/index.ts';
import { evaluateSpf, maxLookups, type SpfReading } from '../../src/kit/spf/evaluate.ts';
import { gatherSpf, type SpfText, spfRecords, spfShape } from '../../src/kit/spf/gather.ts';
import { isNearlySpf } from '../../src/kit/spf/record.ts';
import { spfFaults } from '../../src/kit/spf/words.ts';

export const spf = defineDomainProbe({
  id: 'spf',
  question: 'Is its SPF record sound?',
  severity: 'medium',
  weighs:
    'Medium where anybody may send in its name, or where receivers find an error and use none of it; low where it says nothing of strangers, or part of it is not looked at.',
  why: 'SPF says from where mail of this domain comes. A record with an error in it counts as none, nobody is told, and the mail of its own servers is taken for forged. Most errors come from what is included: ten look-ups are all that a receiver makes.',
  judged:
    'TXT of the domain, and of all that it includes, read as a receiver does for mail from an address that matches nothing (192.0.2.1), which goes the longest way. fail: several records, a syntax error, an include or redirect that leads to no record or in a circle, over 10 look-ups, over 2 names that are not there, or a stranger passes (+all, a network wider than /8); low: no record, ?all or no all, terms behind all, ip4= for ip4:, ptr. pass: one record that can be read to its end. inconclusive: DNS did not answer.',
  refs: ['RFC 7208 §3.2, §4.5 (one record)', 'RFC 7208 §4.6.4 (look-ups)', 'RFC 7208 §5, §6, §7 (terms and macros)'],
  lookups: 8,
  data: spfShape,

  observe: gatherSpf,

  judge(data) {
    const own = data.texts.find(({ domain }) => domain === data.domain);
    if (own === undefined) return inconclusive('dns-failed', 'TXT was not asked for');
    const { kind, records, because, at } = own.answer;
    if (kind === 'no-name') return notApplicable(`${data.domain} does not exist`);
    if (kind === 'failed') return inconclusive('dns-failed', `TXT of ${data.domain}: ${because}`, [at]);
    return kind !== 'bogus' && spfRecords(records).length === 0 ? none(own) : judgeReading(evaluateSpf(data));
  },
});

function none({ domain, answer: { records, at } }: SpfText): Judgement {
  const nearly = textsOf(records).find(isNearlySpf);
  return nearly === undefined
    ? fail(`${domain} has no SPF record: nothing says where its mail comes from`, at, {
        severity: 'low',
        headline: 'There is no SPF record: anybody can forge mail of this domain unseen',
      })
    : fail('a TXT record that is meant for SPF does not begin with "v=spf1" and a blank: nobody takes it for one', at, {
        severity: 'low',
        headline: 'The SPF record does not begin as one: for receivers there is none',
      });
}

function judgeReading(reading: SpfReading): Judgement {
  const { lookups, spent, voids, result, failed } = reading;
  const measured: Measured = { lookups, spent: [...spent], voids: [...voids], result };
  const [own, ...others] = reading.at;
  if (own === undefined) return inconclusive('ambiguous', 'there is no record to read', [], { measured });
  const [worst, ...more] = spfFaults(reading);
  const [silent] = failed;
  // A warning may not hide what an answer might have shown.
  if (silent !== undefined && (worst === undefined || worst.severity === 'low')) {
    const because = `its record leads to ${nameShown(silent.name)}: ${silent.because}`;
    return inconclusive('dns-failed', because, [own, silent.at], { measured });
  }
  if (worst !== undefined) return failOf([worst, ...more], own, measured);
  const because = `it is read to its end with ${lookups} of ${maxLookups} look-ups, and strangers get "${result}"`;
  return pass(because, [own, ...others], { measured });
}
