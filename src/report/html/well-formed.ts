import { type Measured, severities, type Verdict } from '../../model/judgement.ts';
import type { Finding, MtaGuess, Report, WaivedBy } from '../../model/report.ts';
import type { Cite } from '../../model/transcript.ts';
import { doubtWords } from '../doubt-words.ts';
import { fieldsOf, numberOf, oneOf, textOf, textsOf } from './reading.ts';

/**
 * The same report with every field as its type says: saved reports are checked for what judging leans on, and may be odd in all the rest.
 * Observations stay as they are.
 */
export function wellFormed(report: Report): Report {
  const { policy, ...rest } = report;
  const endpoints = report.endpoints.map((endpoint) => ({
    ...endpoint,
    mta: mtaOf(endpoint.mta),
    findings: endpoint.findings.map(findingOf),
  }));
  return { ...rest, endpoints, ...(policy !== undefined && textOf(fieldsOf(policy).name) !== null ? { policy } : {}) };
}

const verdicts: readonly Verdict[] = ['pass', 'fail', 'inconclusive', 'not-applicable', 'error'];
const doubts = Object.keys(doubtWords) as (keyof typeof doubtWords)[];

function findingOf(finding: Finding): Finding {
  const { measured, fix, doubt, waived: _waived, waiverOver: _over, mustTell: _must, ...said } = finding;
  return {
    ...said,
    question: textOf(said.question) ?? '',
    verdict: oneOf(verdicts, said.verdict) ?? 'error',
    severity: oneOf(severities, said.severity) ?? 'info',
    evidence: said.evidence.map(citeOf).filter((cite) => cite !== null),
    ...(said.verdict === 'inconclusive' ? { doubt: oneOf(doubts, doubt) ?? 'ambiguous' } : {}),
    measured: measuredOf(measured),
    fix: fixOf(fix),
    ...marksOf(finding),
  };
}

function marksOf({ waived, waiverOver, mustTell }: Finding): Pick<Finding, 'waived' | 'waiverOver' | 'mustTell'> {
  return {
    ...(waived === undefined ? {} : { waived: waiverOf(waived) }),
    ...(waiverOver === undefined ? {} : { waiverOver: waiverOf(waiverOver) }),
    ...(mustTell === true ? { mustTell } : {}),
  };
}

function waiverOf(waiver: unknown): WaivedBy {
  const { until, reason } = fieldsOf(waiver);
  return { until: textOf(until) ?? 'a day not given', reason: textOf(reason) ?? 'no reason given' };
}

function mtaOf(mta: unknown): MtaGuess {
  const { name, version, by } = fieldsOf(mta);
  return { name: textOf(name), version: textOf(version), by: textOf(by) };
}

function citeOf(value: unknown): Cite | null {
  const fields = fieldsOf(value);
  const [session, event, quote] = [textOf(fields.session), numberOf(fields.event), textOf(fields.quote)];
  return session === null || event === null || quote === null ? null : { session, event, quote };
}

function fixOf(fix: unknown): NonNullable<Finding['fix']> {
  const lines = Object.entries(fieldsOf(fix)).map(([name, value]) => [name, textsOf(value)] as const);
  return Object.fromEntries(lines.filter(([, texts]) => texts.length > 0));
}

function measuredOf(measured: unknown): Measured {
  const figures = Object.entries(fieldsOf(measured));
  return Object.fromEntries(
    figures.map(([name, value]) => [name, Array.isArray(value) ? textsOf(value) : plain(value)]),
  );
}

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'object' && value !== null) return '(not shown)';
  return value as string | number | boolean | null;
}
