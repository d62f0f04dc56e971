import type { Policy } from '../model/policy.ts';
import type { EndpointReport, Finding, TargetReport } from '../model/report.ts';

/**
 * A closed port has nothing that could be asked. Its findings become `not-applicable` where being closed is no doubt:
 * - the policy wants it closed, and nothing answers: `reachable` alone stays, the proof where the connection is
 *   refused, else the one doubt;
 * - the user named no ports, so that a host was looked at on ports that few serve all of, and another port of the same
 *   address answers. A port that does not answer at all (a filter, perhaps on our side) stays in doubt; so does one
 *   that the policy wants open.
 */
export function closedPortsSettled(
  endpoints: readonly EndpointReport[],
  targets: readonly TargetReport[],
  portsAreNamed: boolean,
  policy: Pick<Policy, 'ports'>,
): EndpointReport[] {
  const hosts = targets.filter(({ kind }) => kind === 'host').map((target) => new Set(target.endpoints));
  return endpoints.map((endpoint) => {
    const seen = endpoint.findings.find(({ probe }) => probe === 'reachable');
    if (seen !== undefined && policy.ports[endpoint.port] === 'closed' && !isTold(endpoint) && seen.verdict !== 'fail')
      return settledBy(seen, endpoint);
    if (!isRefused(endpoint) || seen?.verdict === 'fail') return endpoint;
    const siblings = endpoints.filter((other) => hosts.some((ids) => ids.has(endpoint.id) && ids.has(other.id)));
    const isSpare = siblings.some((other) => other.address === endpoint.address && !isRefused(other));
    return isSpare && !portsAreNamed ? asClosed(endpoint, refusal(endpoint)) : endpoint;
  });
}

/** What other probes told: none could have where nothing answers. */
const isTold = ({ findings }: EndpointReport): boolean =>
  findings.some(({ probe, verdict }) => probe !== 'reachable' && (verdict === 'pass' || verdict === 'fail'));

const isRefused = (endpoint: EndpointReport): boolean =>
  !isTold(endpoint) && endpoint.findings.some(({ cause }) => cause === 'refused');

const refusal = ({ port }: EndpointReport): string => `port ${port} is closed: the connection was refused`;

function settledBy(seen: Finding, endpoint: EndpointReport): EndpointReport {
  const silence = `the policy wants port ${endpoint.port} closed, and nothing answers there that could be asked`;
  return asClosed(endpoint, seen.verdict === 'pass' ? refusal(endpoint) : silence, 'reachable');
}

function asClosed(endpoint: EndpointReport, because: string, except?: string): EndpointReport {
  return {
    ...endpoint,
    findings: endpoint.findings.map((finding) =>
      finding.probe === except || finding.verdict === 'error' ? finding : moot(finding, because),
    ),
  };
}

function moot(finding: Finding, because: string): Finding {
  const { doubt: _doubt, cause: _cause, waived: _waived, waiverOver: _over, mustTell: _must, ...rest } = finding;
  return { ...rest, verdict: 'not-applicable', because };
}
