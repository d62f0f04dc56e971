import { listOf } from '../postfix/values.ts';
import type { RowContext } from './row.ts';

/**
 * Parameters that make a domain one that mail is taken for, whoever sends it, in the order in which Postfix looks
 * (trivial-rewrite(8)).
 */
export const domainParameters = [
  'mydestination',
  'virtual_alias_domains',
  'virtual_mailbox_domains',
  'relay_domains',
] as const;
export type DomainParameter = (typeof domainParameters)[number];

/** Whether a list of the file holds a domain; `unknown` where a table or a file decides, or the list is not known. */
export type Holds = 'in' | 'out' | 'unknown';

/** Reads the list as Postfix does: the first member that fits decides, and `relay_domains` may mean subdomains too. */
export function holds(parameter: DomainParameter, domain: string, { service }: Pick<RowContext, 'service'>): Holds {
  const { value } = service.setting(parameter);
  if (value === null) return 'unknown';
  const withParents =
    parameter === 'relay_domains' &&
    listOf(service.setting('parent_domain_matches_subdomains').value ?? parameter).includes(parameter);
  for (const member of listOf(value.toLowerCase())) {
    const isException = /^!(!!)*[^!]/.test(member);
    const pattern = member.replace(/^!+/, '');
    if (/[:/{]/.test(pattern)) return 'unknown';
    if (fits(domain, pattern, parameter === 'relay_domains', withParents)) return isException ? 'out' : 'in';
  }
  return 'out';
}

/**
 * `example.com` and, where parents count, what is below it; where they do not, `.example.com` stands for what is below.
 */
function fits(domain: string, pattern: string, hasSubdomains: boolean, withParents: boolean): boolean {
  if (domain === pattern) return true;
  if (!hasSubdomains) return false;
  return withParents ? domain.endsWith(`.${pattern}`) : pattern.startsWith('.') && domain.endsWith(pattern);
}

/** All domains that the file takes mail for by name; tables are not read. */
export function ownDomains({ service }: Pick<RowContext, 'service'>): string[] {
  return domainParameters.flatMap((parameter) => namesIn(service.setting(parameter).value ?? ''));
}

/** Whether the file takes mail for a domain, as far as that can be told. */
export const isOwn = (domain: string, context: Pick<RowContext, 'service'>): boolean =>
  domainParameters.some((parameter) => holds(parameter, domain, context) === 'in');

/** The names in a list of domains, in lower case; tables, files and exceptions left out. */
export const namesIn = (value: string): string[] =>
  listOf(value)
    .map((item) => item.toLowerCase())
    .filter((item) => !/[:/{!]/.test(item));
