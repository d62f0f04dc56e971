import type { Severity } from '../model/judgement.ts';
import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import { counted } from './figures.ts';
import type { Style } from './layout.ts';

/** What people call a fail: only a failure is one. */
export type Weight = 'failure' | 'warning' | 'note';

interface WeightWords {
  readonly weight: Weight;
  /** What stands before a finding. */
  readonly label: 'FAIL' | 'WARN' | 'note';
  /** What stands in a table: of failures, how bad. */
  readonly word: string;
  /** As SARIF has it (§3.27.10). */
  readonly level: 'error' | 'warning' | 'note';
  readonly style: Style;
}

/** What a fail of each severity is called, in every format for people. */
export const weights: Readonly<Record<Severity, WeightWords>> = {
  critical: { weight: 'failure', label: 'FAIL', word: 'critical', level: 'error', style: 'worst' },
  high: { weight: 'failure', label: 'FAIL', word: 'high', level: 'error', style: 'bad' },
  medium: { weight: 'failure', label: 'FAIL', word: 'medium', level: 'error', style: 'bad' },
  low: { weight: 'warning', label: 'WARN', word: 'warning', level: 'warning', style: 'warn' },
  info: { weight: 'note', label: 'note', word: 'note', level: 'note', style: 'note' },
};

/** Fails by what they are called; those that the policy waives are none of them. */
export function countsByWeight(
  findings: readonly Pick<Finding, 'verdict' | 'waived' | 'severity'>[],
): Readonly<Record<Weight, number>> {
  const counts = { failure: 0, warning: 0, note: 0 };
  for (const { verdict, waived, severity } of findings)
    if (verdict === 'fail' && waived === undefined) counts[weights[severity].weight] += 1;
  return counts;
}

/** `2 failures, 5 warnings, 3 notes`; what there is none of is left out, but for failures. */
export function weightCounts(counts: Readonly<Record<Weight, number>>): string[] {
  return [
    counts.failure === 0 ? 'no failure' : counted(counts.failure, 'failure'),
    ...(counts.warning === 0 ? [] : [counted(counts.warning, 'warning')]),
    ...(counts.note === 0 ? [] : [counted(counts.note, 'note')]),
  ];
}

export const findingsOf = (endpoints: readonly Pick<Reported, 'findings'>[]): readonly Finding[] =>
  endpoints.flatMap(({ findings }) => findings);
