import type { Report } from '../model/report.ts';
import { misused } from './complain.ts';
import { rendered } from './formats.ts';
import type { Sink } from './sinks.ts';

/** Writes a report to each sink, all of them even where one cannot be written, and gives the exit code. What is streamed has been written. */
export async function writeReport(report: Report, sinks: readonly Sink[], transcript: boolean): Promise<number> {
  for (const { format, page, write, keep } of sinks) {
    if (format === 'ndjson') continue;
    for (const part of await rendered(report, format, { ...page, transcript })) write(part);
    keep();
  }
  return sinks.every((sink) => sink.isWhole()) ? report.summary.exitCode : misused;
}
