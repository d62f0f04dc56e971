import type { Measured } from '../model/judgement.ts';
import type { EndpointReport, Finding, ReportOptions } from '../model/report.ts';
import type { Cite } from '../model/transcript.ts';
import type { Doubt } from '../model/trouble.ts';
import { type Observations, observed } from '../observations.ts';

/** A finding that tells something of the server, with what proves it. */
export interface Told {
  readonly probe: string;
  readonly verdict: 'pass' | 'fail';
  readonly because: string;
  readonly evidence: readonly [Cite, ...Cite[]];
  readonly measured: Measured;
}

/** Why a probe tells nothing. */
export interface Silent {
  /** null: it did not run, or quotes nothing. */
  readonly verdict: 'inconclusive' | 'not-applicable' | 'error' | null;
  /** Of one that is inconclusive. */
  readonly doubt?: Doubt;
  readonly because: string;
  readonly evidence: readonly Cite[];
}

/**
 * What a report shows of one endpoint: all that a row may read. Whatever hangs on a finding that is inconclusive is not
 * in it, so that no row can take a limiter's word, or ours, for the server's.
 */
export interface Shown {
  readonly endpoint: EndpointReport;
  readonly options: ReportOptions;
  /** The finding of a probe that passed or failed; else why there is none. */
  told(probe: string): Told | Silent;
  /** What a probe observed; null where it saw nothing, and where its finding is inconclusive or an error. */
  observed<Id extends keyof Observations>(probe: Id): Observations[Id] | null;
}

/** The same of all, so that rows of which that is so are told in one breath; each names its probe besides. */
const didNotRun = 'the probe that shows it did not run';

export function shownBy(endpoint: EndpointReport, options: ReportOptions): Shown {
  const findings = new Map(endpoint.findings.map((finding) => [finding.probe, finding]));
  const told: Shown['told'] = (probe) => toldBy(findings.get(probe));
  return {
    endpoint,
    options,
    told,
    observed(probe) {
      const { verdict } = told(probe);
      return verdict === 'inconclusive' || verdict === 'error' ? null : (observed(endpoint, probe) ?? null);
    },
  };
}

/** Whether it is a finding that tells something. */
export const isTold = (one: Told | Silent): one is Told => one.verdict === 'pass' || one.verdict === 'fail';

function toldBy(finding: Finding | undefined): Told | Silent {
  if (finding === undefined) return { verdict: null, because: didNotRun, evidence: [] };
  const { probe, verdict, doubt, because, evidence, measured = {} } = finding;
  if (verdict !== 'pass' && verdict !== 'fail')
    return { verdict, because, evidence, ...(doubt === undefined ? {} : { doubt }) };
  const [first, ...more] = evidence;
  if (first === undefined) return { verdict: null, because, evidence: [] };
  return { probe, verdict, because, evidence: [first, ...more], measured };
}
