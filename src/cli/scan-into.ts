import { cutShort } from '../model/cut-short.ts';
import type { Report } from '../model/report.ts';
import type { Target } from '../model/target.ts';
import { endpointName } from '../report/endpoint-name.ts';
import { toNdjson } from '../report/ndjson.ts';
import type { ScanEvent } from '../scan/events.ts';
import type { ScanOptions } from '../scan/options.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';
import { showProgress } from './progress.ts';
import type { Scanner } from './scanner.ts';
import type { Shown } from './shown.ts';
import type { Sink } from './sinks.ts';
import { writeReport } from './write-report.ts';

type ScanRequest = Partial<ScanOptions> & { readonly helo: string };

/** Scans and writes the report to each sink; `ndjson` gets the events as they come. Gives the exit code. */
export async function scanInto(
  sinks: readonly Sink<Report>[],
  { scanner, shown }: { readonly scanner: Scanner; readonly shown: Shown },
  targets: readonly Target[],
  options: ScanRequest,
  io: Io,
): Promise<number> {
  const streams = sinks.filter(({ format }) => format === 'ndjson');
  const report = await scanAloud(scanner, targets, options, io, streams);
  const code = await writeReport(report, sinks, { probes: scanner.probes, shown }, io);
  // A report for people on stdout says it itself.
  const isToldThere = sinks.some(({ format, file }) => format === 'terminal' && file === null);
  if (!isToldThere) for (const line of outOfReach(report)) say(line, io);
  return code;
}

/**
 * Scans, with a line of progress and an ear for Ctrl-C, which ends the scan, not the report: what is known by then is
 * told.
 */
export async function scanAloud(
  { scan }: Scanner,
  targets: readonly Target[],
  options: ScanRequest,
  io: Io,
  streams: readonly Sink<never>[] = [],
): Promise<Report> {
  // Two kinds of lines on one terminal would tear each other.
  const isShared = io.stdout.isTerminal && streams.some(({ file }) => file === null);
  const progress = showProgress(io.stderr, io.stderr.isTerminal && !isShared, options.restraint);
  const controller = new AbortController();
  const { signal } = controller;
  const stop = io.onInterrupt((why) => {
    if (why === 'signal') say('interrupted: telling what is known so far; once more to stop at once', io);
    controller.abort();
  });
  const onEvent = (event: ScanEvent) => {
    progress.onEvent(event);
    for (const stream of streams) stream.write(toNdjson(event));
  };
  try {
    const report = await scan(targets, { ...options, signal }, onEvent);
    return signal.aborted ? cutShort(report) : report;
  } finally {
    progress.stop();
    stop();
  }
}

/** What could not be reached at all, one line each: a monitor that keeps stdout for the report sees it too. */
export function outOfReach({ targets, endpoints }: Report): string[] {
  const lost = targets.filter((target) => target.endpoints.length === 0);
  const silent = endpoints.filter(
    ({ findings }) =>
      findings.some(({ doubt }) => doubt === 'unreachable') &&
      !findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail'),
  );
  return [
    ...lost.map(({ input, notes }) => notes.at(-1) ?? `${input} led to no server`),
    ...silent.map(
      ({ id, findings }) =>
        `${endpointName(id)} cannot be reached: ${findings.find(({ doubt }) => doubt === 'unreachable')?.because}; is it up, and may this host connect to that port?`,
    ),
  ];
}
