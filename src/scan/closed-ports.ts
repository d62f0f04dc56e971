import type { EndpointReport, Finding, TargetReport } from '../model/report.ts';

/**
 * A closed port has nothing that could be asked. Its findings become `not-applicable` where being closed is no doubt:
 * - the policy wants it closed, and `reachable` saw the connection refused: that one stays, and is the proof;
 * - the user named no ports, so that a host was looked at on ports that few serve all of, and another port of the same address answers.
 * A port that does not answer at all (a filter, perhaps on our side) stays in doubt; so does one that the policy wants open.
 */
export function closedPortsSettled(
  endpoints: readonly EndpointReport[],
  targets: readonly TargetReport[],
  portsAreNamed: boolean,
): EndpointReport[] {
  const hosts = targets.filter(({ kind }) => kind === 'host').map((target) => new Set(target.endpoints));
  return endpoints.map((endpoint) => {
    if (!isRefused(endpoint)) return endpoint;
    const proof = endpoint.findings.find(({ probe, verdict }) => probe === 'reachable' && verdict !== 'inconclusive');
    if (proof !== undefined && proof.verdict !== 'not-applicable')
      return proof.verdict === 'pass' ? asClosed(endpoint, 'reachable') : endpoint;
    const siblings = endpoints.filter((other) => hosts.some((ids) => ids.has(endpoint.id) && ids.has(other.id)));
    const isSpare = siblings.some((other) => other.address === endpoint.address && !isRefused(other));
    return isSpare && !portsAreNamed ? asClosed(endpoint) : endpoint;
  });
}

function isRefused({ findings }: EndpointReport): boolean {
  const told = findings.some(
    ({ probe, verdict }) => probe !== 'reachable' && (verdict === 'pass' || verdict === 'fail'),
  );
  return !told && findings.some(speaksOfRefusal);
}

const speaksOfRefusal = ({ because, evidence }: Finding): boolean =>
  because.includes('ECONNREFUSED') || evidence.some(({ quote }) => quote.endsWith('ECONNREFUSED'));

function asClosed(endpoint: EndpointReport, except?: string): EndpointReport {
  const because = `port ${endpoint.port} is closed: the connection was refused`;
  return {
    ...endpoint,
    findings: endpoint.findings.map((finding) => (finding.probe === except ? finding : moot(finding, because))),
  };
}

function moot(finding: Finding, because: string): Finding {
  const { doubt: _doubt, waived: _waived, waiverOver: _over, mustTell: _must, ...rest } = finding;
  return { ...rest, verdict: 'not-applicable', because };
}
