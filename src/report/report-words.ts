import type { Cost, Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { isNotPermitted } from '../model/summary.ts';
import { doubtWords } from './doubt-words.ts';
import { endpointName } from './endpoint-name.ts';
import { counted, sumOf } from './figures.ts';
import { policyWarnings } from './mark-words.ts';
import { countsByWeight, findingsOf, weightCounts } from './weights.ts';

/** What makes less of the rest of the report, a sentence each; a reader in a hurry must not miss it. */
export function warningWords(report: Report): string[] {
  return [
    ...stopped(report),
    ...ledNowhere(report),
    ...ownErrors(report),
    ...policyWarnings(report),
    ...limited(report),
    ...notes(report),
  ];
}

/** How many failures, warnings and notes there are, how many questions could not be told, passed, … */
export function totalWords(report: Report): string {
  const { counts, worst } = report.summary;
  const findings = findingsOf(reportedIn(report));
  const barred = findings.filter(isNotPermitted).length;
  const waived = findings.filter((finding) => finding.waived !== undefined).length;
  const weighed = countsByWeight(findings);
  const [failures = '', ...lighter] = weightCounts(weighed);
  const said = [
    weighed.failure === 0 ? failures : `${failures} (worst: ${worst})`,
    ...lighter,
    `${counts.inconclusive - barred} could not be told`,
    `${counts.pass} passed`,
    `${counts['not-applicable']} not applicable`,
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(barred > 0 ? [`${barred} not allowed`] : []),
    ...(counts.error > 0 ? [`${counts.error} broke down`] : []),
  ];
  return `${said.join(', ')}.`;
}

/** What all endpoints had to bear; they were scanned side by side. */
export function totalCost({ endpoints, startedAt, finishedAt }: Report): Cost {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  return sumOf(
    endpoints.map((endpoint) => endpoint.cost),
    seconds,
  );
}

const partialWords = 'The scan was stopped before its end: this report is partial';

const stopped = ({ stopped: isStopped }: Report): string[] => (isStopped === true ? [partialWords] : []);

function ledNowhere({ targets }: Report): string[] {
  return targets
    .filter((target) => target.endpoints.length === 0)
    .map(({ input, notes }) => `${input} led to no server: ${notes.join('; ') || 'no reason is known'}`);
}

function notes({ targets }: Report): string[] {
  return targets
    .filter((target) => target.endpoints.length > 0)
    .flatMap((target) => target.notes.map((note) => `${target.input}: ${note}`));
}

function ownErrors({ summary }: Report): string[] {
  const { error } = summary.counts;
  return error === 0
    ? []
    : [`${counted(error, 'probe')} broke down for a bug of ours; please report it with --format json`];
}

function limited({ endpoints }: Report): string[] {
  return endpoints.flatMap(({ id, findings }) => {
    const cut = findings.filter((finding) => finding.doubt === 'throttled').length;
    if (cut === 0) return [];
    return [
      `${endpointName(id)} limits us: ${counted(cut, 'question')} could not be answered for it; ${doubtWords.throttled.wayOut}`,
    ];
  });
}
