import type { EndpointReport, TargetReport } from '../model/report.ts';

/**
 * A host is scanned on 25, 587 and 465 where the user names no ports, and few hosts serve all three. A port of those that refuses the
 * connection while another of the same host answers is closed, and that is no doubt: its findings become `not-applicable`. A port that
 * does not answer at all (a filter, perhaps on our side) stays in doubt.
 */
export function closedPortsSettled(
  endpoints: readonly EndpointReport[],
  targets: readonly TargetReport[],
): EndpointReport[] {
  const hosts = targets.filter(({ kind }) => kind === 'host').map((target) => new Set(target.endpoints));
  return endpoints.map((endpoint) => {
    const siblings = endpoints.filter((other) => hosts.some((ids) => ids.has(endpoint.id) && ids.has(other.id)));
    const spare = siblings.some((other) => other.address === endpoint.address && !isRefused(other));
    return spare && isRefused(endpoint) ? asClosed(endpoint) : endpoint;
  });
}

function isRefused({ findings }: EndpointReport): boolean {
  const told = findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  return !told && findings.some(({ doubt, because }) => doubt === 'unreachable' && because.includes('ECONNREFUSED'));
}

function asClosed(endpoint: EndpointReport): EndpointReport {
  const because = `port ${endpoint.port} is closed: the connection was refused`;
  return {
    ...endpoint,
    findings: endpoint.findings.map(
      ({ doubt: _doubt, waived: _waived, waiverOver: _over, mustTell: _must, ...finding }) => ({
        ...finding,
        verdict: 'not-applicable',
        because,
      }),
    ),
  };
}
