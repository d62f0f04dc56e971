import type { Report } from '../model/report.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';
import { idleLines } from './policy-option.ts';
import type { KnownProbe } from './scanner.ts';
import type { Shown } from './shown.ts';
import { type Sink, writeAll } from './sinks.ts';

interface How {
  readonly probes: readonly KnownProbe[];
  readonly shown: Shown;
}

/**
 * Writes a report to each sink, and gives the exit code: to a monitor that reads stdout, we are a plugin, and plugins
 * have their own.
 */
export async function writeReport(
  report: Report,
  sinks: readonly Sink<Report>[],
  { probes, shown }: How,
  io: Io,
): Promise<number> {
  await writeAll(report, sinks, { ...shown, rules: probes });
  for (const line of idleLines(report)) say(line, io);
  const isPlugin = sinks.some(({ format, file }) => format === 'nagios' && file === null);
  return isPlugin ? (await import('../report/nagios.ts')).pluginStateOf(report) : report.summary.exitCode;
}
