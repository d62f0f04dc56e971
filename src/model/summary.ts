import { type Severity, severities, type Verdict } from './judgement.ts';
import type { Finding, Summary } from './report.ts';

type Judged = Pick<Finding, 'verdict' | 'severity' | 'doubt' | 'waived' | 'mustTell'>;
type Found = { readonly findings: readonly Judged[] };
/** A target, and what was found of it as a domain. */
type Led = { readonly endpoints: readonly string[]; readonly findings?: readonly Judged[] };

/**
 * Counts, the worst fail and the exit code. What is waived is counted, and weighs nothing. The first of these that
 * holds decides: 3 an `error`, a bug of ours: then nothing else in the report can be leant on · 1 a fail at or above
 * `failOn`, or a doubt where the policy puts up with none · 2 something permitted could not be told, a target led
 * nowhere, or nothing was asked at all · 0 otherwise.
 */
export function summarise(endpoints: readonly Found[], targets: readonly Led[], failOn: Severity): Summary {
  const findings = [...targets.flatMap((target) => target.findings ?? []), ...endpoints.flatMap((one) => one.findings)];
  const weighing = findings.filter((finding) => finding.waived === undefined);
  const fails = weighing.filter((finding) => finding.verdict === 'fail').map((finding) => finding.severity);
  return {
    worst: worstOf(fails),
    counts: count(findings),
    failures: bySeverity(fails),
    exitCode: exitCode(findings, weighing, fails, targets, failOn),
  };
}

/** Whether a severity weighs as much as another, or more. */
export function isAtLeast(severity: Severity, floor: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(floor);
}

/**
 * A question that was not put because its class was not allowed; the one kind of doubt that leaves the exit code alone.
 */
export function isNotPermitted(finding: Judged): boolean {
  return finding.verdict === 'inconclusive' && finding.doubt === 'not-permitted';
}

/** A question that was put, and could not be told. */
export const isUntold = (finding: Judged): boolean => finding.verdict === 'inconclusive' && !isNotPermitted(finding);

/** What an exit code says, in one sentence. `worst` as in the summary. */
export function exitMeaning(code: Summary['exitCode'], failOn: Severity, worst: Severity | null = failOn): string {
  switch (code) {
    case 0:
      return `nothing found at or above ${failOn}`;
    case 1:
      return worst !== null && isAtLeast(worst, failOn)
        ? `something found at or above ${failOn}`
        : `nothing found at or above ${failOn}, but something that the policy wants told could not be told`;
    case 2:
      return `nothing found at or above ${failOn}, but not everything could be told`;
    case 3:
      return 'an error of our own: the report is not to be relied on';
  }
}

function exitCode(
  findings: readonly Judged[],
  weighing: readonly Judged[],
  fails: readonly Severity[],
  targets: readonly Led[],
  failOn: Severity,
): Summary['exitCode'] {
  if (findings.some((finding) => finding.verdict === 'error')) return 3;
  if (fails.some((severity) => isAtLeast(severity, failOn))) return 1;
  if (weighing.some((finding) => finding.mustTell === true)) return 1;
  const asked = findings.filter((finding) => !isNotPermitted(finding));
  if (asked.length === 0 || weighing.some(isUntold)) return 2;
  return targets.some((target) => target.endpoints.length === 0) ? 2 : 0;
}

function worstOf(found: readonly Severity[]): Severity | null {
  return severities.findLast((severity) => found.includes(severity)) ?? null;
}

function bySeverity(fails: readonly Severity[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
  for (const severity of fails) counts[severity] += 1;
  return counts;
}

function count(findings: readonly Judged[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { pass: 0, fail: 0, inconclusive: 0, 'not-applicable': 0, error: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}
