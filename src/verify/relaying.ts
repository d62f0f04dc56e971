import { cite, isPositive, type Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import { listOf } from '../postfix/values.ts';
import type { RowContext } from './row.ts';
import { relayShape, type Seen } from './seen.ts';
import { didNotRun } from './untold.ts';

type Quotes = readonly [Cite, ...Cite[]];

/** What became of mail from a stranger for a mailbox elsewhere. */
export type Relaying =
  | { readonly kind: 'accepted'; readonly words: string; readonly evidence: Quotes }
  | { readonly kind: 'refused'; readonly reply: Reply; readonly evidence: Quotes }
  | { readonly kind: 'untold'; readonly because: string; readonly evidence: readonly Cite[] };

/** Reads the opening of `open-relay`: MAIL from outside, RCPT to outside; inside TLS where nothing is taken before. */
export function relayingOf(context: RowContext): Relaying {
  const finding = context.seen.finding('open-relay');
  const openings = openingsOf(context.seen);
  if (finding === null) return { kind: 'untold', because: didNotRun, evidence: [] };
  if (openings.length === 0) return { kind: 'untold', because: finding.because, evidence: finding.evidence };
  const own = openings.map(({ external }) => domainOf(external)).find((domain) => ownDomains(context).includes(domain));
  if (own !== undefined) {
    const because = `the outside address was at ${own}, which the file has as its own: give another with --external`;
    return { kind: 'untold', because, evidence: [] };
  }
  const plain = (listed: unknown) =>
    Array.isArray(listed) ? listed.filter((id): id is string => typeof id === 'string' && id.endsWith('>plain')) : [];
  const accepted = plain(finding.measured?.accepted);
  const [first, ...more] = finding.evidence;
  if (accepted.length > 0 && first !== undefined)
    return {
      kind: 'accepted',
      words: `mail for outside is taken (${accepted.join(', ')})`,
      evidence: [first, ...more],
    };
  const answers = openings.map(({ mail, rcpt }) => (rcpt ?? mail)?.reply).filter((reply) => reply !== undefined);
  const answer = answers.find((reply) => !isPositive(reply) && !wantsTls(reply));
  if (answer === undefined || isPositive(answer) || finding.verdict === 'fail')
    return { kind: 'untold', because: finding.because, evidence: finding.evidence };
  return { kind: 'refused', reply: answer, evidence: [cite(answer)] };
}

const wantsTls = ({ code }: Reply): boolean => code === 530;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The last opening of each phase: with the sender and the outside address that it settled on. */
export function openingsOf(seen: Seen) {
  return (seen.observed('open-relay', relayShape)?.phases ?? []).flatMap(({ openings }) => openings.slice(-1));
}

/** Parameters that make a domain one that mail is taken for, whoever sends it. */
export const domainParameters = [
  'mydestination',
  'relay_domains',
  'virtual_alias_domains',
  'virtual_mailbox_domains',
] as const;

/** All domains that the file takes mail for by name; tables are not read. */
export function ownDomains({ service }: Pick<RowContext, 'service'>): string[] {
  return domainParameters.flatMap((parameter) => namesIn(service.setting(parameter).value ?? ''));
}

/** The names in a list of domains, in lower case; tables and files left out. */
export const namesIn = (value: string): string[] =>
  listOf(value)
    .map((item) => item.toLowerCase())
    .filter((item) => !/[:/{]/.test(item));
