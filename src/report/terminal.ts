import type { Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { counted } from './figures.ts';
import { blank, gap, layOut, type Page, type Para } from './layout.ts';
import { endingParas } from './terminal-ending.ts';
import { endpointParas } from './terminal-endpoint.ts';
import { transcriptParas } from './terminal-transcript.ts';

export interface TerminalOptions extends Page {
  /** Show whole dialogues. */
  readonly transcript: boolean;
  /**
   * `quiet`: the ending alone. `verbose`: with every answer, quote and figure. Default: what is wrong or could not be
   * told, with its proof and remedy.
   */
  readonly detail?: 'quiet' | 'usual' | 'verbose';
  /** The command line that shows more, as the ending names it. */
  readonly more?: string;
  /** False: the process does not end with the exit code of the report. */
  readonly exits?: boolean;
}

/** A report for a person: each endpoint worst first, and last what matters, where it stays on the screen. */
export function toTerminal(report: Report, options: TerminalOptions): string {
  const { transcript, detail = 'usual', more = null, exits = true } = options;
  const ending = endingParas(report, { more, exits });
  if (detail === 'quiet') return layOut(ending, options);
  const endpoints = reportedIn(report).flatMap((endpoint) => {
    const paras = endpointParas(endpoint, { transcript, verbose: detail === 'verbose' });
    return [...(paras.length === 0 ? [] : [blank]), ...paras, ...(transcript ? transcriptParas(endpoint) : [])];
  });
  return layOut([...heading(report), ...endpoints, blank, ...ending], options);
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
