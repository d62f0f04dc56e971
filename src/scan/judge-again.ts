import { ownNameIn } from '../kit/fix-seen.ts';
import type { DefinedProbe } from '../kit/probe.ts';
import { marked } from '../model/marks.ts';
import type { Policy } from '../model/policy.ts';
import { type EndpointReport, endpointOfReport, type Finding, type Report } from '../model/report.ts';
import { summarise } from '../model/summary.ts';
import { closedPortsSettled } from './closed-ports.ts';
import { findingOf, judgementOfError } from './run-probes.ts';

/**
 * Judges what a saved report observed, under any policy, without network. Under the policy of the scan the findings are
 * the same. A probe that observed nothing keeps its finding; so does one that this version does not know. `day`: by
 * which waivers hold, ISO 8601; default the day of the scan, so that the same report and policy give the same whenever
 * they are put together.
 */
export function judgeAgain(
  report: Report,
  probes: readonly DefinedProbe[],
  policy: Policy,
  day: string = report.startedAt,
): Report {
  const judged = report.endpoints.map((endpoint) => ({
    ...endpoint,
    findings: endpoint.findings.map((finding) =>
      marked(again(finding, endpoint, probes, policy), endpoint, policy, day),
    ),
  }));
  const endpoints = closedPortsSettled(judged, report.targets, Array.isArray(report.options.ports), policy);
  return {
    ...report,
    options: { ...report.options, policy: policy.name },
    policy,
    endpoints,
    summary: summarise(endpoints, report.targets, report.options.failOn),
  };
}

function again(finding: Finding, report: EndpointReport, probes: readonly DefinedProbe[], policy: Policy): Finding {
  const probe = probes.find(({ id }) => id === finding.probe);
  if (probe === undefined) return finding;
  const known = { domain: report.domain ?? null, ownName: ownNameIn(report.observations) };
  const endpoint = { ...endpointOfReport(report), ...known };
  const severity = policy.severities[probe.id];
  if (!(probe.id in report.observations)) return severity === undefined ? finding : { ...finding, severity };
  try {
    return findingOf(probe, endpoint, probe.judge(report.observations[probe.id], report.observations, policy), policy);
  } catch (error) {
    return findingOf(probe, endpoint, judgementOfError(error), policy);
  }
}
