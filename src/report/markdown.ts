import type { RootContent } from 'mdast';
import { type Severity, severities } from '../model/judgement.ts';
import type { Finding, Report } from '../model/report.ts';
import { type Reported, reportedIn } from '../model/reported.ts';
import { exitMeaning } from '../model/summary.ts';
import { endpointName } from './endpoint-name.ts';
import { costLine } from './figures.ts';
import { markWords, policyWarnings } from './mark-words.ts';
import { endpointNodes } from './markdown-endpoint.ts';
import { heading, inlineCode, list, markdownOf, paragraph, table, words } from './markdown-nodes.ts';
import { totalCost, totalWords, warningWords } from './report-words.ts';
import { weights } from './weights.ts';

/**
 * A report for tickets and pull requests: the verdict, the findings worst first, then each endpoint with proof and
 * remedy.
 */
export function toMarkdown(report: Report): string {
  return markdownOf([
    ...headline(report),
    ...overview(report),
    ...reportedIn(report).flatMap(endpointNodes),
    ...ending(report),
  ]);
}

function headline(report: Report): RootContent[] {
  const { exitCode, worst } = report.summary;
  const warnings = [...warningWords(report), ...policyWarnings(report)];
  return [
    heading(2, words(`mxprobe: ${exitMeaning(exitCode, report.options.failOn, worst)}`)),
    paragraph(totalWords(report)),
    ...(warnings.length === 0 ? [] : [list(warnings.map((text) => [paragraph(text)]))]),
  ];
}

interface FailAt {
  readonly finding: Finding;
  readonly endpoint: Reported;
}

function overview(report: Report): RootContent[] {
  const fails = reportedIn(report).flatMap((endpoint) =>
    endpoint.findings.filter(({ verdict }) => verdict === 'fail').map((finding): FailAt => ({ finding, endpoint })),
  );
  if (fails.length === 0) return [];
  const rows = fails
    .toSorted((a, b) => weight(b) - weight(a))
    .map(({ finding, endpoint }) => [
      words(
        finding.waived === undefined ? weights[finding.severity].word : `${weights[finding.severity].word}, waived`,
      ),
      [inlineCode(finding.probe)],
      [inlineCode(endpointName(endpoint.id))],
      words([finding.headline ?? finding.because, ...markWords(finding)].join('. ')),
    ]);
  return [table(['Weight', 'Finding', 'Endpoint', 'What'], rows)];
}

/** What is waived comes last, whatever its severity. */
const weight = ({ finding }: FailAt): number =>
  rank(finding.severity) - (finding.waived === undefined ? 0 : severities.length);

const rank = (severity: Severity): number => severities.indexOf(severity);

function ending(report: Report): RootContent[] {
  const { tool, options, startedAt, endpoints } = report;
  const scan = `${tool.name} ${tool.version}, allowed: ${options.allow}, EHLO ${options.helo}, ${startedAt.slice(0, 19)}Z.`;
  const cost = endpoints.length > 1 ? ` In all: ${costLine(totalCost(report))}.` : '';
  return [{ type: 'thematicBreak' }, paragraph(`${scan}${cost}`)];
}
