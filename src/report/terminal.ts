import type { Report } from '../model/report.ts';
import { exitMeaning, isNotPermitted } from '../model/summary.ts';
import { doubtWords } from './doubt-words.ts';
import { costLine, counted, sumOf } from './figures.ts';
import { blank, gap, layOut, type Page, type Para } from './layout.ts';
import { endpointParas } from './terminal-endpoint.ts';
import { transcriptParas } from './terminal-transcript.ts';

export interface TerminalOptions extends Page {
  /** Show whole dialogues. */
  readonly transcript: boolean;
}

/** A report for a person: what went wrong with the scan itself, then each endpoint worst first, then the sum. */
export function toTerminal(report: Report, options: TerminalOptions): string {
  const endpoints = report.endpoints.flatMap((endpoint) => [
    blank,
    ...endpointParas(endpoint, options),
    ...(options.transcript ? transcriptParas(endpoint) : []),
  ]);
  return layOut([...heading(report), ...warnings(report), ...endpoints, blank, ...totals(report)], options);
}

function heading({ tool, targets, endpoints, options, startedAt }: Report): Para[] {
  const parts = [
    `${counted(targets.length, 'target')}, ${counted(endpoints.length, 'endpoint')}`,
    `allowed: ${options.allow}`,
    `EHLO ${options.helo}`,
    startedAt.replace(/\.\d+Z$/, 'Z'),
  ];
  return [{ lead: [['strong', `${tool.name} ${tool.version}`], gap], text: parts.join(' | '), hang: 2 }];
}

/** What makes less of the rest of the report; first, because it is what a reader in a hurry would miss. */
function warnings(report: Report): Para[] {
  const texts = [...ledNowhere(report), ...ownErrors(report), ...limited(report), ...notes(report)];
  return texts.length === 0 ? [] : [blank, ...texts.map((text): Para => ({ lead: [['doubtful', '! ']], text }))];
}

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
      `${id} limits us: ${counted(cut, 'question')} could not be answered for it; ${doubtWords.throttled.wayOut}`,
    ];
  });
}

function totals({ summary, endpoints, options, startedAt, finishedAt }: Report): Para[] {
  const { counts, worst, exitCode } = summary;
  const barred = endpoints.flatMap((endpoint) => endpoint.findings).filter(isNotPermitted).length;
  const said = [
    worst === null ? `${counts.fail} failed` : `${counts.fail} failed (worst: ${worst})`,
    `${counts.inconclusive - barred} could not be told`,
    `${counts.pass} passed`,
    `${counts['not-applicable']} not applicable`,
    ...(barred > 0 ? [`${barred} not allowed`] : []),
    ...(counts.error > 0 ? [`${counts.error} broke down`] : []),
  ];
  const cost = sumOf(
    endpoints.map((endpoint) => endpoint.cost),
    (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000,
  );
  return [
    ...(endpoints.length > 1 ? [{ text: `In all: ${costLine(cost)}` }] : []),
    { text: `${said.join(', ')}.`, style: 'strong' },
    { text: `Exit code ${exitCode}: ${exitMeaning(exitCode, options.failOn)}.` },
  ];
}
