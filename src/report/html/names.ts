import { severities } from '../../model/judgement.ts';
import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import { worstFirst } from '../endpoint-words.ts';

/** An endpoint under the name that links lead to. */
export interface Named {
  readonly endpoint: Reported;
  readonly name: string;
}

/** The worst first; names for links are of our own making, never the server's. */
export function named(endpoints: readonly Reported[]): Named[] {
  return endpoints
    .toSorted((a, b) => rank(b) - rank(a))
    .map((endpoint, index) => ({ endpoint, name: `e${index + 1}` }));
}

/** The name of a finding to link to: `e1-f3`. */
export const nameOf = ({ endpoint, name }: Named, finding: Finding): string =>
  `${name}-f${endpoint.findings.indexOf(finding) + 1}`;

/** Fails that weigh, the worst first: not those that the policy waives. */
export const weighing = ({ findings }: Pick<Reported, 'findings'>): Finding[] =>
  worstFirst(findings.filter(({ verdict, waived }) => verdict === 'fail' && waived === undefined));

function rank(endpoint: Reported): number {
  const [worst] = weighing(endpoint);
  return worst === undefined ? -1 : severities.indexOf(worst.severity);
}
