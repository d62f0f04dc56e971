import type { Severity } from '../../model/judgement.ts';
import { type Fault, nameShown, naming } from '../domain/faults.ts';
import { maxCounted, maxLookups, maxVoids, type SpfFlaw, type SpfFlawKind, type SpfReading } from './evaluate.ts';

interface FlawWords {
  readonly severity: Severity;
  readonly headline: string;
  /** What is so, as part of a sentence. */
  readonly says: (flaw: SpfFlaw, reading: SpfReading) => string;
}

const permerror = 'receivers find an error and take it for no record (permerror)';
const terms = ({ terms }: SpfFlaw) => naming(terms.map((term) => `"${term}"`));

/** What a flaw comes to, worst first. */
const flawWords: Readonly<Record<SpfFlawKind, FlawWords>> = {
  anybody: {
    severity: 'medium',
    headline: 'SPF lets everybody send mail in the name of this domain',
    says: (flaw) => `${terms(flaw)} in the record of ${nameShown(flaw.domain)} matches any address`,
  },
  several: {
    severity: 'medium',
    headline: 'There are two SPF records where one may be: receivers use neither',
    says: ({ domain }) => `${nameShown(domain)} has several SPF records: ${permerror}`,
  },
  syntax: {
    severity: 'medium',
    headline: 'The SPF record has an error in it: receivers do not use it',
    says: (flaw) => `${terms(flaw)} in the record of ${nameShown(flaw.domain)} is no term of SPF: ${permerror}`,
  },
  loop: {
    severity: 'medium',
    headline: 'The SPF record includes itself: receivers do not use it',
    says: (flaw) =>
      `${terms(flaw)} in the record of ${nameShown(flaw.domain)} leads back to where it came from: ${permerror}`,
  },
  'no-record': {
    severity: 'medium',
    headline: 'The SPF record includes a domain that has none: receivers do not use it',
    says: (flaw) => `${terms(flaw)} in the record of ${nameShown(flaw.domain)} leads to no SPF record: ${permerror}`,
  },
  lookups: {
    severity: 'medium',
    headline: 'SPF needs more DNS look-ups than receivers make: mail of the last entries fails',
    says: (_, { lookups, spent }) =>
      `it takes ${lookups >= maxCounted ? `${maxCounted} look-ups and more` : `${lookups} look-ups`} to read it to its end, and receivers make ${maxLookups} (permerror): ${naming(spent)}`,
  },
  exchanges: {
    severity: 'medium',
    headline: 'SPF names a domain with more MX hosts than receivers look up',
    says: (flaw) => `${terms(flaw)} has more than ten MX hosts: ${permerror}`,
  },
  voids: {
    severity: 'medium',
    headline: 'SPF asks for names that are not there: receivers give up at the third',
    says: (flaw) =>
      `${naming(flaw.terms)} are not there, and receivers stand ${maxVoids} look-ups of that kind (permerror)`,
  },
  bogus: {
    severity: 'medium',
    headline: 'The SPF record fails DNSSEC validation: many receivers cannot read it',
    says: ({ domain }) => `DNSSEC validation fails for the record of ${nameShown(domain)}`,
  },
  dead: {
    severity: 'low',
    headline: 'Part of the SPF record stands behind "all", where nobody looks',
    says: (flaw) =>
      `${terms(flaw)} in the record of ${nameShown(flaw.domain)} stands behind "all" and is never looked at`,
  },
  'passed-over': {
    severity: 'low',
    headline: 'Part of the SPF record is passed over: it has "=" in place of ":"',
    says: (flaw) =>
      `${terms(flaw)} in the record of ${nameShown(flaw.domain)} is written with "=", which everybody passes over`,
  },
  neutral: {
    severity: 'low',
    headline: 'SPF says nothing of strangers: forged mail is as good as any',
    says: () => 'mail from any other address gets "neutral", as if there were no record',
  },
  ptr: {
    severity: 'low',
    headline: 'SPF hangs on PTR records, which is slow, and which many receivers do not ask for',
    says: (flaw) =>
      `${terms(flaw)} in the record of ${nameShown(flaw.domain)} asks for PTR records, which nobody should publish`,
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
