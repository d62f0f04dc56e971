import type { Report } from '../model/report.ts';
import type { Target } from '../model/target.ts';
import { toNdjson } from '../report/ndjson.ts';
import type { ScanEvent } from '../scan/events.ts';
import type { ScanOptions } from '../scan/options.ts';
import { say } from './complain.ts';
import type { Io } from './io.ts';
import type { Library } from './library.ts';
import { idleLines } from './policy-option.ts';
import { showProgress } from './progress.ts';
import type { Sink } from './sinks.ts';
import { writeReport } from './write-report.ts';

export interface Into {
  readonly sinks: readonly Sink[];
  /** Show whole dialogues in terminal output. */
  readonly transcript: boolean;
}

/** Scans, with a line of progress and an ear for Ctrl-C, and writes the report to each sink. Gives the exit code. */
export async function scanInto(
  { sinks, transcript }: Into,
  { scan, probes: catalogue }: Library,
  targets: readonly Target[],
  options: Partial<ScanOptions> & { readonly helo: string },
  io: Io,
): Promise<number> {
  const streams = sinks.filter(({ format }) => format === 'ndjson');
  const report = await interruptible(io, (signal) => {
    const onTerminal = io.stdout.isTerminal && streams.some(({ file }) => file === null);
    const progress = showProgress(onTerminal ? silent(io) : io.stderr);
    const onEvent = (event: ScanEvent) => {
      progress.onEvent(event);
      for (const stream of streams) stream.write(toNdjson(event));
    };
    return scan(targets, { ...options, signal }, onEvent).finally(progress.stop);
  });
  for (const stream of streams) stream.keep();
  const code = await writeReport(report, sinks, { catalogue, transcript });
  for (const line of [...outOfReach(report), ...idleLines(report)]) say(line, io);
  return code;
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
        `${id} cannot be reached: ${findings.find(({ doubt }) => doubt === 'unreachable')?.because}; is it up, and may this host connect to that port?`,
    ),
  ];
}

/** Two kinds of lines on one terminal would tear each other. */
const silent = ({ stderr }: Io) => ({ ...stderr, isTerminal: false });

/** Ctrl-C ends the scan, not the report: what is known by then is told, and it never counts as all clear. */
export async function interruptible(io: Io, work: (signal: AbortSignal) => Promise<Report>): Promise<Report> {
  const controller = new AbortController();
  const stop = io.onInterrupt((why) => {
    if (why === 'signal') say('interrupted: telling what is known so far; once more to stop at once', io);
    controller.abort();
  });
  try {
    const report = await work(controller.signal);
    return controller.signal.aborted ? notAllClear(report) : report;
  } finally {
    stop();
  }
}

function notAllClear(report: Report): Report {
  return { ...report, summary: { ...report.summary, exitCode: report.summary.exitCode || 2 } };
}
