import type { Report } from '../model/report.ts';
import { exitMeaning } from '../model/summary.ts';
import { costLine, counted } from './figures.ts';
import { blank, gap, layOut, type Page, type Para } from './layout.ts';
import { totalCost, totalWords, warningWords } from './report-words.ts';
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

function warnings(report: Report): Para[] {
  const texts = warningWords(report);
  return texts.length === 0 ? [] : [blank, ...texts.map((text): Para => ({ lead: [['doubtful', '! ']], text }))];
}

function totals(report: Report): Para[] {
  const { exitCode, worst } = report.summary;
  return [
    ...(report.endpoints.length > 1 ? [{ text: `In all: ${costLine(totalCost(report))}` }] : []),
    { text: totalWords(report), style: 'strong' },
    { text: `Exit code ${exitCode}: ${exitMeaning(exitCode, report.options.failOn, worst)}.` },
  ];
}
