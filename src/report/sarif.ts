import type { Invocation, Log, Run } from 'sarif';
import type { Report } from '../model/report.ts';
import { exitMeaning } from '../model/summary.ts';
import { visible } from '../model/visible.ts';
import { printableJson } from './json.ts';
import type { RuleText } from './rule-text.ts';
import { notificationsOf } from './sarif-notifications.ts';
import { resultsOf } from './sarif-results.ts';
import { rulesOf } from './sarif-rules.ts';

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * SARIF 2.1.0 with one run. A result is a fail, or an open question: code scanning services take what is missing for
 * mended, which a server that did not answer is not. What passed is left out, as GitHub raises an alert for every
 * result of whatever kind; so is what was not asked. `texts` is what the catalogue says of probes.
 */
export function toSarif(report: Report, texts: readonly RuleText[]): string {
  const rules = rulesOf(report, texts);
  const run: Run = {
    tool: {
      driver: {
        name: report.tool.name,
        fullName: `${report.tool.name} ${report.tool.version}`,
        semanticVersion: report.tool.version,
        // The tool has no page of its own: the standard that it holds servers to.
        informationUri: 'https://www.rfc-editor.org/info/rfc5321',
        rules: [...rules],
      },
    },
    automationDetails: { id: runId(report) },
    invocations: [invocationOf(report)],
    results: resultsOf(report, rules),
    columnKind: 'utf16CodeUnits',
    properties: { counts: report.summary.counts, options: report.options },
  };
  const log: Log = { $schema: schema, version: '2.1.0', runs: [run] };
  return `${printableJson(log, 2)}\n`;
}

/**
 * What stands before the last slash is the category: the next run of the same targets replaces this one, and no other.
 */
function runId({ tool, targets, startedAt }: Report): string {
  const inputs = targets.map(({ input }) => encodeURIComponent(visible(input)));
  return `${tool.name}/${inputs.join(',')}/${startedAt}`;
}

function invocationOf(report: Report): Invocation {
  const { exitCode, worst } = report.summary;
  return {
    executionSuccessful: exitCode !== 3,
    exitCode,
    exitCodeDescription: exitMeaning(exitCode, report.options.failOn, worst),
    startTimeUtc: report.startedAt,
    endTimeUtc: report.finishedAt,
    toolExecutionNotifications: notificationsOf(report),
  };
}
