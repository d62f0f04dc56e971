import type { Cite } from '../../model/transcript.ts';
import { type Fault, nameShown, naming } from '../domain/faults.ts';
import { textsOf } from '../domain/texts.ts';
import { type DmarcData, type DmarcText, dmarcRecords } from './gather.ts';
import { type DmarcRecord, isDmarc, isNearlyDmarc, isStricter, readDmarc } from './record.ts';

/** The policy that receivers go by, and whose record it is. */
export interface DmarcFound extends DmarcRecord {
  readonly text: DmarcText;
  readonly isOwn: boolean;
}

/** Null where there is none, or one too many. */
export function dmarcFound({ domain, policies }: DmarcData): DmarcFound | null {
  const text = policies.find((one) => dmarcRecords(one).length > 0);
  const [record, second] = text === undefined ? [] : dmarcRecords(text);
  if (text === undefined || record === undefined || second !== undefined) return null;
  return { ...readDmarc(record), text, isOwn: text.domain === domain };
}

/** What mail in the name of the domain gets; null: no policy. */
export const policyHere = ({ isOwn, policy, subdomains }: DmarcFound) => (isOwn ? policy : subdomains);

/** What is wrong with the records, worst first. */
export function dmarcFaults(data: DmarcData, found: DmarcFound | null): readonly Fault[] {
  const faults = [...unread(data), ...(found === null ? [] : [...inError(found), ...withoutConsent(data, found)])];
  if (found !== null) return [...faults, ...watching(found)];
  return faults.length > 0 ? faults : [none(data)];
}

/** Records that receivers do not get to read as one. */
const unreadable: readonly {
  readonly where: 'policies' | 'astray';
  readonly is: (text: DmarcText) => boolean;
  readonly headline: string;
  readonly says: (name: string) => string;
}[] = [
  {
    where: 'policies',
    is: (text) => dmarcRecords(text).length > 1,
    headline: 'There are several DMARC records where one may be: receivers use neither',
    says: (name) => `_dmarc.${name} has several DMARC records, and receivers do as if there were none`,
  },
  {
    where: 'policies',
    is: ({ answer }) => answer.kind === 'bogus',
    headline: 'The DMARC record fails DNSSEC validation: many receivers cannot read it',
    says: (name) => `DNSSEC validation fails for _dmarc.${name}`,
  },
  {
    where: 'policies',
    is: (text) => dmarcRecords(text).length === 0 && textsOf(text.answer.records).some(isNearlyDmarc),
    headline: 'The DMARC record does not begin as one: for receivers there is none',
    says: (name) => `a TXT record of _dmarc.${name} is meant for DMARC, and does not begin with "v=DMARC1;"`,
  },
  {
    where: 'astray',
    is: ({ answer }) => textsOf(answer.records).some((record) => isDmarc(record) || isNearlyDmarc(record)),
    headline: 'The DMARC record stands at the wrong name: for receivers there is none',
    says: (name) => `a DMARC record stands at ${name}, where nobody looks for it`,
  },
];

const unread = (data: DmarcData): readonly Fault[] =>
  unreadable.flatMap(({ where, is, headline, says }) =>
    data[where]
      .filter(is)
      .map(
        ({ domain, answer }): Fault => ({ severity: 'low', headline, says: says(nameShown(domain)), at: [answer.at] }),
      ),
  );

function inError({ bad, isSpoilt, policy, text }: DmarcFound): readonly Fault[] {
  if (bad.length === 0) return [];
  const comesTo = policy === null ? 'as if there were no record' : 'as if it said p=none (RFC 7489 §6.6.3)';
  const fault = { severity: 'low', at: [text.answer.at] } as const;
  const says = `in error in the record of ${text.domain}: ${naming(bad)}`;
  return isSpoilt
    ? [
        {
          ...fault,
          headline: 'The DMARC record has an error in its policy: receivers do not go by it',
          says: `${says}; receivers do ${comesTo}`,
        },
      ]
    : [{ ...fault, headline: 'Part of the DMARC record is in error: receivers pass over it', says }];
}

function withoutConsent({ consents }: DmarcData, { text }: DmarcFound): readonly Fault[] {
  const refusing = consents.filter((one) => one.answer.kind !== 'failed' && dmarcRecords(one).length === 0);
  if (refusing.length === 0) return [];
  const names = refusing.map(({ domain }) => domain);
  return [
    {
      severity: 'low',
      headline: 'DMARC reports are not sent: the domain they go to has not agreed to take them',
      says: `its reports go to ${naming(names)}, where no record such as ${nameShown(`${text.domain}._report._dmarc.${names[0]}`)} agrees to that`,
      at: [text.answer.at, ...refusing.map(({ answer }) => answer.at)],
    },
  ];
}

/** A policy that does nothing, as its owner wants it. */
function watching(found: DmarcFound): readonly Fault[] {
  const { isSpoilt, percent, reports, text } = found;
  const policy = policyHere(found);
  if (isSpoilt || policy === null || (policy !== 'none' && percent > 0)) return [];
  const what = policy === 'none' ? 'p=none' : 'pct=0';
  return [
    {
      severity: 'info',
      headline: 'DMARC only watches: forged mail is delivered all the same',
      says: `${sourceOf(found)} ${what}: forged mail is delivered, ${reports.length > 0 ? 'and reported' : 'and not reported either (no rua)'}`,
      at: [text.answer.at],
    },
  ];
}

const sourceOf = ({ isOwn, text }: DmarcFound): string => (isOwn ? 'its policy is' : `the policy of ${text.domain} is`);

function none({ domain, policies }: DmarcData): Fault {
  const at: readonly Cite[] = policies.map(({ answer }) => answer.at);
  const names = policies.map((text) => `_dmarc.${text.domain}`);
  return {
    severity: 'info',
    headline: 'There is no DMARC policy: each receiver decides what forged mail gets',
    says: `${domain} has no DMARC record at ${naming(names)}`,
    at,
  };
}

/** What a policy that does something says, for a pass. */
export function dmarcWords(found: DmarcFound): string {
  const { isOwn, policy, subdomains, percent, reports } = found;
  const isWeaker = isOwn && policy !== null && subdomains !== null && isStricter(policy, subdomains);
  return [
    `${sourceOf(found)} ${policyHere(found)}`,
    ...(percent < 100 ? [`for ${percent} of 100 messages`] : []),
    ...(isWeaker ? [`its subdomains get ${subdomains}`] : []),
    ...(reports.length === 0 ? ['it asks for no reports'] : []),
  ].join('; ');
}
