import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { compareReports } from '../report/diff/compare.ts';
import type { ReportDiff } from '../report/diff/diff.ts';
import type { Page } from '../report/layout.ts';
import { readArguments, type Usage } from './arguments.ts';
import { misused } from './complain.ts';
import { readDestinations } from './destinations.ts';
import type { Io } from './io.ts';
import { readReport } from './saved-report.ts';
import { openSinks } from './sinks.ts';

const formats = ['terminal', 'markdown', 'json'] as const;

export const usage: Usage = {
  command: 'diff',
  words: '<before.json> <after.json>',
  values: 'files',
  about:
    'Compares two reports saved with --format json: what is new, gone or changed, and what can no longer be told, with the words of both. One of the two may be -, standard input.',
  options: {
    format: {
      value: 'name',
      values: formats,
      about: `${formats.join(', ')} (default terminal, or what the name of the file ends in)`,
    },
    output: {
      value: 'file',
      values: 'files',
      about: 'Write it there, whole or not at all; several pairs of --format and --output are allowed',
    },
  },
  examples: [
    ['$0 monday.json tuesday.json', 'what changed since'],
    ['$0 monday.json tuesday.json --format markdown', 'for a ticket'],
    ['$0 before.json after.json --format json', 'for a program'],
  ],
  epilogue:
    'Exit codes: 1 something got worse (a new fail, or one that weighs more), 2 nothing is known to be worse, but something that was told is untold now, 0 neither, 3 bad usage or an error of our own.',
};

/** `mxprobe diff`. Both reports as they were judged: no network, and no judging again. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const destinations = readDestinations(read, formats);
  const [before, after] = await bothReports(read.words, io);
  using sinks = openSinks(destinations, io);
  const diff = compareReports(before, after);
  for (const { format, page, write, keep } of sinks.all) {
    write(await rendered(diff, format, page));
    keep();
  }
  return sinks.all.every((sink) => sink.isWhole()) ? diff.summary.exitCode : misused;
}

async function bothReports([before, after, ...others]: readonly string[], io: Io): Promise<[Report, Report]> {
  if (before === undefined || after === undefined || others.length > 0) {
    throw new UsageError('diff takes two saved reports: mxprobe diff before.json after.json');
  }
  if (before === '-' && after === '-') throw new UsageError('only one of the two reports can come from standard input');
  return [await readReport(before, io), await readReport(after, io)];
}

async function rendered(diff: ReportDiff, format: (typeof formats)[number], page: Page): Promise<string> {
  switch (format) {
    case 'terminal':
      return (await import('../report/diff/terminal.ts')).diffToTerminal(diff, page);
    case 'markdown':
      return (await import('../report/diff/markdown.ts')).diffToMarkdown(diff);
    case 'json':
      return `${(await import('../report/json.ts')).printableJson(diff, 2)}\n`;
  }
}
