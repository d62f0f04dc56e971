import type { Location, ReportingDescriptor, Result } from 'sarif';
import type { EndpointReport, Finding, Report } from '../model/report.ts';
import { isEndpoint, type Reported, reportedIn } from '../model/reported.ts';
import { visible } from '../model/visible.ts';
import { bearingOf } from './bearing.ts';
import { doubtWords } from './doubt-words.ts';
import { markWords } from './mark-words.ts';
import { quoteLines, quotesOf } from './quotes.ts';
import { sarifMessage } from './sarif-message.ts';
import { weights } from './weights.ts';

/**
 * Fails with their level, and what could not be told as open questions. What the policy waives is a suppressed result.
 */
export function resultsOf(report: Report, rules: readonly ReportingDescriptor[]): Result[] {
  const { options } = report;
  return reportedIn(report).flatMap((endpoint) =>
    endpoint.findings.flatMap((finding): Result[] => {
      const bearing = bearingOf(finding, options.failOn);
      if (!['counts', 'below', 'untold', 'waived'].includes(bearing)) return [];
      const ruleIndex = rules.findIndex(({ id }) => id === finding.probe);
      return [{ ...resultOf(finding, endpoint, ruleIndex), ...weightOf(finding), ...suppressionOf(finding) }];
    }),
  );
}

const weightOf = ({ verdict, severity }: Finding): Pick<Result, 'kind' | 'level'> =>
  verdict === 'fail' ? { kind: 'fail', level: weights[severity].level } : { kind: 'open', level: 'none' };

function suppressionOf({ waived }: Finding): Pick<Result, 'suppressions'> {
  if (waived === undefined) return {};
  const justification = visible(`until ${waived.until}: ${waived.reason}`);
  return { suppressions: [{ kind: 'external', status: 'accepted', justification }] };
}

const quotesShown = 4;

function resultOf(finding: Finding, endpoint: Reported, ruleIndex: number): Result {
  const { probe, doubt, because, fingerprint, severity, measured = {} } = finding;
  const told = doubt === undefined ? because : `Could not be told (${doubtWords[doubt].word}): ${because}`;
  const lines = [
    told,
    ...markWords(finding),
    ...quoteLines(quotesOf(finding, endpoint), quotesShown),
    `${isEndpoint(endpoint) ? 'Endpoint' : 'Domain'}: ${endpoint.id}`,
  ];
  return {
    ruleId: probe,
    ruleIndex,
    message: sarifMessage(lines),
    locations: [locationOf(finding, endpoint)],
    // GitHub knows an alert again by the second name, and by no other.
    partialFingerprints: { 'mxprobe/v1': fingerprint, primaryLocationLineHash: `${fingerprint}:1` },
    properties: { severity, measured },
  };
}

/**
 * An endpoint is no file, and GitHub takes no result without one: `host/address/port` stands for it, the name for a
 * domain, with what the server said as its text. Other readers find the place itself among the logical locations.
 */
function locationOf({ evidence }: Finding, reported: Reported): Location {
  const snippet = visible(evidence[0]?.quote ?? '');
  const { parts, fullyQualifiedName, kind } = isEndpoint(reported) ? asEndpoint(reported) : asDomain(reported);
  return {
    physicalLocation: {
      artifactLocation: { uri: parts.map((part) => encodeURIComponent(visible(part))).join('/') },
      region: { startLine: 1, startColumn: 1, endLine: 1, endColumn: snippet.length + 1, snippet: { text: snippet } },
    },
    logicalLocations: [{ name: reported.id, fullyQualifiedName, kind }],
  };
}

const asEndpoint = ({ id, host, address, port, tls }: EndpointReport) => ({
  parts: [host, address, String(port)],
  fullyQualifiedName: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${id}`,
  kind: 'endpoint',
});

const asDomain = ({ id }: Reported) => ({ parts: [id], fullyQualifiedName: `dns:${id}`, kind: 'domain' });
