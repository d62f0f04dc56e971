import { isAboutDomain, isAboutEndpoint, type Probe } from '../kit/domain-probe.ts';
import { ownNameIn } from '../kit/fix-seen.ts';
import { marked } from '../model/marks.ts';
import type { Policy } from '../model/policy.ts';
import {
  type EndpointReport,
  endpointOfReport,
  type Finding,
  type Report,
  type TargetReport,
} from '../model/report.ts';
import { summarise } from '../model/summary.ts';
import { closedPortsSettled } from './closed-ports.ts';
import { domainFinding } from './domain-run.ts';
import { findingOf, judgementOfError } from './finding.ts';

/**
 * Judges what a saved report observed, under any policy, without network. Under the policy of the scan the findings are
 * the same. A probe that observed nothing keeps its finding; so does one that this version does not know. `day`: by
 * which waivers hold, ISO 8601; default the day of the scan, so that the same report and policy give the same whenever
 * they are put together.
 */
export function judgeAgain(
  report: Report,
  probes: readonly Probe[],
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
  const targets = report.targets.map((target) => targetAgain(target, report, probes, policy, day));
  return {
    ...report,
    options: { ...report.options, policy: policy.name },
    policy,
    targets,
    endpoints,
    summary: summarise(endpoints, targets, report.options.failOn),
  };
}

function targetAgain(
  target: TargetReport,
  report: Report,
  probes: readonly Probe[],
  policy: Policy,
  day: string,
): TargetReport {
  const { domain, findings, observations = {} } = target;
  if (domain === undefined || findings === undefined) return target;
  const endpoints = observedEndpoints(target, report);
  return {
    ...target,
    findings: findings.map((finding) => {
      const probe = probes.find(({ id }) => id === finding.probe);
      if (probe === undefined || !isAboutDomain(probe) || !(probe.id in observations))
        return marked(weighed(finding, policy), { id: domain }, policy, day);
      const observed = { data: observations[probe.id] };
      return domainFinding({ probe, observed }, { domain, endpoints, policy, day });
    }),
  };
}

/** The endpoints that a target led to, with what was observed of them. */
export const observedEndpoints = (target: Pick<TargetReport, 'endpoints'>, { endpoints }: Pick<Report, 'endpoints'>) =>
  endpoints
    .filter(({ id }) => target.endpoints.includes(id))
    .map((report) => ({ endpoint: endpointOfReport(report), observations: report.observations }));

/** A finding that is not judged again, by the severity of the policy. */
function weighed(finding: Finding, { severities }: Policy): Finding {
  const severity = severities[finding.probe];
  return severity === undefined ? finding : { ...finding, severity };
}

function again(finding: Finding, report: EndpointReport, probes: readonly Probe[], policy: Policy): Finding {
  const probe = probes.filter(isAboutEndpoint).find(({ id }) => id === finding.probe);
  if (probe === undefined) return finding;
  const known = { domain: report.domain ?? null, ownName: ownNameIn(report.observations) };
  const endpoint = { ...endpointOfReport(report), ...known };
  // What it saw, or what it needs of others, may have been taken out of the report.
  if ([probe.id, ...probe.needs].some((id) => report.observations[id] === undefined)) return weighed(finding, policy);
  try {
    return findingOf(probe, endpoint, probe.judge(report.observations[probe.id], report.observations, policy), policy);
  } catch (error) {
    return findingOf(probe, endpoint, judgementOfError(error), policy);
  }
}
