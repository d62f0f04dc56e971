import { listed, type Tag, tagsOf } from '../domain/tags.ts';

/** From weakest to strictest. */
const policies = ['none', 'quarantine', 'reject'] as const;
export type DmarcPolicy = (typeof policies)[number];

/** What receivers read in a DMARC record. */
export interface DmarcRecord {
  /** Of the domain itself; null where receivers do as if there were no record. */
  readonly policy: DmarcPolicy | null;
  /** Of its subdomains. */
  readonly subdomains: DmarcPolicy | null;
  /** Of a hundred messages, those that the policy is for. */
  readonly percent: number;
  /** Addresses that reports go to, and the domains of them all. */
  readonly reports: readonly string[];
  readonly reportDomains: readonly string[];
  /** What is in error, each in words or in quotation marks. */
  readonly bad: readonly string[];
  /** Whether an error in `p` or `sp` is why receivers do not do what the record says. */
  readonly isSpoilt: boolean;
}

/** Whether receivers take this TXT record for DMARC: the version is first, its value to the letter (RFC 7489 §6.4). */
export const isDmarc = (text: string): boolean => /^[vV][ \t]*=[ \t]*DMARC1[ \t]*(;|$)/.test(text);

/** Meant for DMARC, and read by nobody: small letters, a quotation mark in front, a comma behind, another tag first. */
export const isNearlyDmarc = (text: string): boolean =>
  !isDmarc(text) && /^[^a-z0-9]*(v[^a-z0-9]*dmarc|dmarc\s*1\b)|;\s*v\s*=\s*dmarc/i.test(text);

/** Whether one policy is stricter than another. */
export const isStricter = (one: DmarcPolicy, other: DmarcPolicy): boolean =>
  policies.indexOf(one) > policies.indexOf(other);

/** Reads a record that `isDmarc` (RFC 7489 §6.3, §6.6.3 step 6). Throws nothing. */
export function readDmarc(record: string): DmarcRecord {
  const tags = tagsOf(record).slice(1);
  const saidOf = (name: string) => tags.find((tag) => tag.name?.toLowerCase() === name)?.value;
  const policyOf = (name: string) => policies.find((policy) => policy === saidOf(name)?.toLowerCase());
  const p = policyOf('p');
  const sp = policyOf('sp');
  const reports = ['rua', 'ruf'].flatMap((name) => listed(saidOf(name) ?? '')).filter(isReportAddress);
  const isSpoilt = p === undefined || (saidOf('sp') !== undefined && sp === undefined);
  // Without a policy that can be read, reports alone are sent, where there is an address for them.
  const spoilt = listed(saidOf('rua') ?? '').some(isReportAddress) ? 'none' : null;
  const percent = saidOf('pct') ?? '';
  return {
    policy: isSpoilt ? spoilt : p,
    subdomains: isSpoilt ? spoilt : (sp ?? p),
    percent: isPercent(percent) ? Number(percent) : 100,
    reports,
    reportDomains: [...new Set(reports.map(domainOfReport))],
    bad: [...(saidOf('p') === undefined ? ['p is missing'] : []), ...badTags(tags)],
    isSpoilt,
  };
}

/** Tags that nobody knows are passed over (RFC 7489 §6.3), and no error. */
function badTags(tags: readonly Tag[]): readonly string[] {
  const isBad = ({ name, value }: Tag, index: number) => {
    const key = name?.toLowerCase() ?? '';
    const isAgain = tags.findIndex((tag) => tag.name?.toLowerCase() === key) < index;
    return name === null || (Object.hasOwn(values, key) && (isAgain || values[key]?.(value) === false));
  };
  return tags.filter(isBad).map(({ text }) => `"${text}"`);
}

const isOneOf = (form: RegExp) => (value: string) => form.test(value);
const isPolicy = isOneOf(/^(none|quarantine|reject)$/i);
const isPercent = isOneOf(/^(100|\d{1,2})$/);
const isReportAddress = isOneOf(
  /^mailto:(?!\/\/)[\x22-\x2b\x2d-\x3f\x41-\x7e]+@[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?(\?[\x22-\x7e]*)?(!\d+[kmgt]?)?$/i,
);
const areReportAddresses = (value: string) => listed(value).every(isReportAddress);

/** What the values of tags may be (RFC 7489 §6.3; `np`, `psd` and `t` came with its successor). */
const values: Readonly<Record<string, (value: string) => boolean>> = {
  p: isPolicy,
  sp: isPolicy,
  np: isPolicy,
  pct: isPercent,
  adkim: isOneOf(/^[rs]$/i),
  aspf: isOneOf(/^[rs]$/i),
  fo: isOneOf(/^[01ds](\s*:\s*[01ds])*$/i),
  rf: isOneOf(/^[a-z0-9-]+(\s*:\s*[a-z0-9-]+)*$/i),
  ri: isOneOf(/^\d{1,10}$/),
  rua: areReportAddresses,
  ruf: areReportAddresses,
  psd: isOneOf(/^[ynu]$/i),
  t: isOneOf(/^[yn]$/i),
};

const domainOfReport = (address: string): string =>
  (/@([a-z0-9._-]+)/i.exec(address)?.[1] ?? '').toLowerCase().replace(/\.$/, '');
