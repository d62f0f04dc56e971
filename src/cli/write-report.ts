import type { Report } from '../model/report.ts';
import { misused } from './complain.ts';
import { rendered } from './formats.ts';
import type { CatalogueEntry } from './library.ts';
import type { Sink } from './sinks.ts';

interface How {
  readonly catalogue: readonly CatalogueEntry[];
  /** Show whole dialogues in terminal output. */
  readonly transcript: boolean;
}

/** Writes a report to each sink, all of them even where one cannot be written, and gives the exit code. What is streamed has been written. */
export async function writeReport(
  report: Report,
  sinks: readonly Sink[],
  { catalogue, transcript }: How,
): Promise<number> {
  for (const { format, page, write, keep } of sinks) {
    if (format === 'ndjson') continue;
    for (const part of await rendered(report, format, { page: { ...page, transcript }, catalogue })) write(part);
    keep();
  }
  return sinks.every((sink) => sink.isWhole()) ? await exitCodeOf(report, sinks) : misused;
}

/** To a monitor that reads stdout, we are a plugin, and plugins have exit codes of their own. */
async function exitCodeOf(report: Report, sinks: readonly Sink[]): Promise<number> {
  const isPlugin = sinks.some(({ format, file }) => format === 'nagios' && file === null);
  return isPlugin ? (await import('../report/nagios.ts')).pluginStateOf(report) : report.summary.exitCode;
}
