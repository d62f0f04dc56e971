import type { Severity } from '../../model/judgement.ts';
import { type Fault, nameShown, naming } from '../domain/faults.ts';
import { maxCounted, maxLookups, maxVoids, type SpfFlaw, type SpfFlawKind, type SpfReading } from './evaluate.ts';

interface FlawWords {
  readonly severity: Severity;
  readonly headline: string;
  /** What is so, as part of a sentence. */
  readonly says: (flaw: SpfFlaw, reading: SpfReading) => string;
}

const permerror = '(permerror: receivers use none of it)';
const terms = ({ terms }: SpfFlaw) => naming(terms.map((term) => `"${term}"`));
const recordOf = ({ domain }: SpfFlaw) => `the record of ${nameShown(domain)}`;

/** What a flaw comes to, worst first: a record in error lets nobody in, and nobody knows whom else. */
const flawWords: Readonly<Record<SpfFlawKind, FlawWords>> = {
  several: {
    severity: 'medium',
    headline: 'There are several SPF records where one may be: receivers use neither',
    says: ({ domain }) => `${nameShown(domain)} has several SPF records ${permerror}`,
  },
  syntax: {
    severity: 'medium',
    headline: 'The SPF record has an error in it: receivers do not use it',
    says: (flaw) => `${recordOf(flaw)} has what is no term of SPF, ${terms(flaw)} ${permerror}`,
  },
  loop: {
    severity: 'medium',
    headline: 'The SPF record includes itself: receivers do not use it',
    says: (flaw) => `${recordOf(flaw)} leads back to where it came from by ${terms(flaw)} ${permerror}`,
  },
  'no-record': {
    severity: 'medium',
    headline: 'The SPF record includes a domain that has none: receivers do not use it',
    says: (flaw) => `${recordOf(flaw)} leads to no SPF record by ${terms(flaw)} ${permerror}`,
  },
  lookups: {
    severity: 'medium',
    headline: 'SPF needs more DNS look-ups than receivers make: mail of the last entries fails',
    says: (_, { lookups, spent }) =>
      `it takes ${lookups >= maxCounted ? `${maxCounted} look-ups and more` : `${lookups} look-ups`} to read it to its end, and receivers make ${maxLookups} (then permerror): ${naming(spent)}`,
  },
  exchanges: {
    severity: 'medium',
    headline: 'SPF names a domain with more MX hosts than receivers look up',
    says: (flaw) => `${recordOf(flaw)} names a domain with more than ten MX hosts by ${terms(flaw)} ${permerror}`,
  },
  voids: {
    severity: 'medium',
    headline: 'SPF asks for names that are not there: receivers give up at the third',
    says: (flaw) =>
      `nothing is found at ${naming(flaw.terms)}: receivers stand ${maxVoids} such look-ups (then permerror)`,
  },
  bogus: {
    severity: 'medium',
    headline: 'The SPF record fails DNSSEC validation: many receivers cannot read it',
    says: (flaw) => `DNSSEC validation fails for ${recordOf(flaw)}`,
  },
  anybody: {
    severity: 'medium',
    headline: 'SPF lets everybody send mail in the name of this domain',
    says: (flaw) => `any address matches ${terms(flaw)} in ${recordOf(flaw)}`,
  },
  dead: {
    severity: 'low',
    headline: 'Part of the SPF record stands behind "all", where nobody looks',
    says: (flaw) => `behind "all" in ${recordOf(flaw)} nobody looks: ${terms(flaw)}`,
  },
  'passed-over': {
    severity: 'low',
    headline: 'Part of the SPF record is passed over: it has "=" in place of ":"',
    says: (flaw) => `${recordOf(flaw)} has "=" in place of ":", which everybody passes over: ${terms(flaw)}`,
  },
  neutral: {
    severity: 'low',
    headline: 'SPF says nothing of strangers: forged mail is as good as any',
    says: () => 'mail from any other address gets "neutral", as if there were no record',
  },
  ptr: {
    severity: 'low',
    headline: 'SPF hangs on PTR records, which is slow, and which many receivers do not ask for',
    says: (flaw) => `${recordOf(flaw)} asks for PTR records, which it should not (RFC 7208 §5.5): ${terms(flaw)}`,
  },
};

/** What is wrong with the records that were read, worst first. */
export function spfFaults(reading: SpfReading): readonly Fault[] {
  return Object.entries(flawWords).flatMap(([kind, { severity, headline, says }]) =>
    reading.flaws
      .filter((flaw) => flaw.kind === kind)
      .map((flaw) => ({ severity, headline, says: says(flaw, reading), at: flaw.at })),
  );
}
