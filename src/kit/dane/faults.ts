import type { Cite } from '../../model/transcript.ts';
import { flawsOf } from '../certificate/flaws.ts';
import { type Fault, naming } from '../domain/faults.ts';
import type { HostRead } from './host.ts';
import { flawOf, usages } from './records.ts';
import type { Outcome } from './server.ts';

/** A host, and what senders that do DANE come to at each of its addresses. */
export interface HostResult extends HostRead {
  readonly outcomes: readonly { readonly address: string; readonly outcome: Outcome }[];
}

type At<Kind extends Outcome['kind']> = {
  readonly address: string;
  readonly outcome: Extract<Outcome, { kind: Kind }>;
};

/** The addresses of a host with this outcome. */
export const having = <Kind extends Outcome['kind']>({ outcomes }: HostResult, kind: Kind): At<Kind>[] =>
  outcomes.filter((one): one is At<Kind> => one.outcome.kind === kind);

/** Where mail of senders that do DANE stays in their queues. */
export function stops(results: readonly HostResult[]): Fault[] {
  const takes = (result: HostResult) =>
    result.says !== 'lost' && result.says !== 'broken' && result.outcomes.length > having(result, 'stopped').length;
  const isOpen = results.some((result) => takes(result) || openAnyway.includes(result.says));
  return results.flatMap((result) => [...broken(result), ...stopped(result, isOpen)]);
}

/** Without TLSA records senders deliver as to anybody. */
const openAnyway: readonly HostRead['says'][] = ['none', 'unsigned', 'in-vain'];

function broken({ says, host, base, at, addresses }: HostResult): Fault[] {
  if (says !== 'broken') return [];
  const what = addresses.length > 0 ? `the TLSA records of ${base}` : `the addresses of ${host}`;
  return [
    {
      severity: 'high',
      headline: 'Its DNS breaks at what DANE asks for: senders that do DANE keep their mail',
      says: `DNS fails for ${what} alone, which senders that validate take for an attack, and wait`,
      at: [at],
    },
  ];
}

function stopped(result: HostResult, isOpen: boolean): Fault[] {
  const here = having(result, 'stopped');
  const [first] = here;
  if (first === undefined) return [];
  const reasons = [...new Set(here.map(({ outcome }) => outcome.because))];
  const where = (because: string) =>
    naming(here.filter(({ outcome }) => outcome.because === because).map(({ address }) => address));
  const { why } = first.outcome;
  return [
    {
      severity: isOpen ? 'high' : 'critical',
      headline: isOpen ? 'Its TLSA records fit only some of its servers' : headlineOf[why],
      says: `${result.host}: ${reasons.map((because) => `${saying[why](because)} (${where(because)})`).join(', ')}${rightOne([result])}`,
      at: [result.at, ...here.flatMap(({ outcome }) => outcome.at)],
      ...(here.every(({ outcome }) => outcome.why === 'mismatch')
        ? { likely: 'the certificate was renewed, and the TLSA record was not' }
        : {}),
    },
  ];
}

/** The record to publish, where there is one that a sentence can hold. */
function rightOne(results: readonly HostResult[]): string {
  const [wanted, ...others] = wantedFor(results);
  return wanted === undefined || others.length > 0 ? '' : `; the record of the key that it shows is ${wanted}`;
}

const headlineOf = {
  'no-tls': 'It publishes TLSA records, and its server has no TLS: senders that do DANE keep their mail',
  mismatch: 'Its TLSA records do not match its certificate: senders that do DANE keep their mail',
} as const;

const saying = {
  'no-tls': (because: string) => `TLSA records promise TLS, and it ${because}`,
  mismatch: (because: string) => `no TLSA record matches what it shows: ${because}`,
} as const;

/** Records that nobody can use: TLS is mandatory all the same, with whomever (RFC 7672 §2.2). */
export function unusable(results: readonly HostResult[]): Fault[] {
  const here = results.filter(({ says }) => says === 'unusable');
  if (here.length === 0) return [];
  const kinds = [...new Set(here.flatMap(({ records }) => records.map(flawOf)))];
  return [
    {
      severity: 'medium',
      headline: 'None of its TLSA records can be used: anybody in between can pass for its server',
      says: `the TLSA records of ${hostsOf(here)} are of no use to senders of mail (${naming(kinds)}): those of mail are 3 1 1 and 2 1 1, RFC 7672 §3.1`,
      at: here.map(({ at }) => at),
    },
  ];
}

/** What works today, and is worth a word. */
export function notes(results: readonly HostResult[]): Fault[] {
  const matched = results.filter((result) => having(result, 'match').some(({ outcome }) => outcome.by.length > 0));
  return [...inVain(results), ...(matched.length > 0 ? bare(results) : []), ...fragile(matched), ...rollOver(matched)];
}

function inVain(results: readonly HostResult[]): Fault[] {
  const here = results.filter(({ says }) => says === 'in-vain');
  if (here.length === 0) return [];
  return [
    {
      severity: 'low',
      headline: 'Its TLSA records are not signed (DNSSEC), so that senders leave them alone',
      says: `the TLSA records of ${hostsOf(here)} are not signed, and count for nothing`,
      at: here.map(({ at }) => at),
    },
  ];
}

/** One host without suffices to get the mail in clear: who can block the others can bring senders to it. */
function bare(results: readonly HostResult[]): Fault[] {
  const here = results.filter(({ says }) => says === 'none' || says === 'unsigned');
  if (here.length === 0) return [];
  return [
    {
      severity: 'low',
      headline: 'Only some of its MX hosts have TLSA records: mail to the others is not protected',
      says: `${hostsOf(here)} ${here.length > 1 ? 'have' : 'has'} no TLSA record, or none that is signed`,
      at: here.map(({ at }) => at),
    },
  ];
}

function fragile(matched: readonly HostResult[]): Fault[] {
  const here = matched.filter((result) =>
    having(result, 'match').some(({ outcome: { by } }) =>
      by.every(({ usage, selector }) => usage === usages.endEntity && selector === 0),
    ),
  );
  if (here.length === 0) return [];
  return [
    {
      severity: 'low',
      headline: 'Its TLSA record is of the certificate, not of its key, and breaks at each renewal',
      says: `only records of the whole certificate (3 0 x) match at ${hostsOf(here)}: the next renewal breaks them, even with the same key${rightOne(here)}`,
      at: quotesOf(here),
    },
  ];
}

function rollOver(matched: readonly HostResult[]): Fault[] {
  const here = matched.filter(({ host, decisive, ...rest }) =>
    having({ host, decisive, ...rest }, 'match').some(
      ({ outcome: { by, facts } }) =>
        by.length === decisive.length &&
        by.every(({ usage, selector }) => usage === usages.endEntity && selector === 1) &&
        flawsOf(facts, host).some(({ kind }) => kind === 'expires-soon'),
    ),
  );
  if (here.length === 0) return [];
  return [
    {
      severity: 'info',
      headline: 'Its certificate ends soon, and only the key in use has a TLSA record',
      says: `the certificate of ${hostsOf(here)} ends soon, and only its key has a TLSA record: keep the key, or publish the record of the next one first`,
      at: quotesOf(here),
    },
  ];
}

const hostsOf = (results: readonly HostResult[]): string => naming(results.map(({ host }) => host));

/** The TLSA records and the handshakes that they were held against. */
export const quotesOf = (results: readonly HostResult[]): Cite[] =>
  results.flatMap((result) => [result.at, ...having(result, 'match').map(({ outcome }) => outcome.at)]);

/** The record to publish for each certificate that has none, or none that lasts; as zone files write it. */
export function wantedFor(results: readonly HostResult[]): string[] {
  const lines = results.flatMap(({ base, outcomes, says }) =>
    outcomes.flatMap(({ outcome }) => {
      if (outcome.kind === 'unseen' || outcome.leaf?.keySha256 === undefined) return [];
      const lasts =
        outcome.kind === 'match' && outcome.by.some(({ usage, selector }) => usage === usages.anchor || selector === 1);
      return lasts && says === 'usable' ? [] : [`_25._tcp.${base}. IN TLSA 3 1 1 ${outcome.leaf.keySha256}`];
    }),
  );
  return [...new Set(lines)];
}
