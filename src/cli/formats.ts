import { didYouMean } from '../model/nearest.ts';
import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import type { TerminalOptions } from '../report/terminal.ts';
import type { CatalogueEntry } from './library.ts';

export const formats = ['terminal', 'html', 'markdown', 'json', 'ndjson', 'sarif', 'junit', 'nagios'] as const;
export type Format = (typeof formats)[number];

/** Those that are one document: all but the stream of a running scan. */
export const documents = formats.filter((format) => format !== 'ndjson');

/** Reads `--format`. */
export function readFormat<T extends Format>(text: string, possible: readonly T[]): T {
  const format = possible.find((name) => name === text);
  if (format !== undefined) return format;
  const there = `there are ${possible.join(', ')}`;
  if (text === 'ndjson') throw new UsageError(`--format: "ndjson" is the stream of a running scan; here ${there}`);
  if (formats.some((name) => name === text))
    throw new UsageError(`--format: "${text}" is for reports of a scan; here ${there}`);
  throw new UsageError(`--format: "${text}" is no format${didYouMean(text, possible)}; ${there}`);
}

/** What a reporter may go by besides the report. */
export interface Rendering {
  readonly page: TerminalOptions;
  readonly catalogue: readonly CatalogueEntry[];
}

/** A finished report in a format that is one document, in parts to be written one after the other. The reporter is loaded only now. */
export async function rendered(
  report: Report,
  format: Exclude<Format, 'ndjson'>,
  { page, catalogue }: Rendering,
): Promise<Iterable<string>> {
  switch (format) {
    case 'json':
      return (await import('../report/json.ts')).jsonParts(report);
    case 'html':
      return (await import('../report/html.ts')).htmlParts(report);
    case 'terminal':
      return [(await import('../report/terminal.ts')).toTerminal(report, page)];
    case 'markdown':
      return [(await import('../report/markdown.ts')).toMarkdown(report)];
    case 'sarif':
      return [(await import('../report/sarif.ts')).toSarif(report, catalogue)];
    case 'junit':
      return [(await import('../report/junit.ts')).toJunit(report)];
    case 'nagios':
      return [(await import('../report/nagios.ts')).toNagios(report)];
  }
}
