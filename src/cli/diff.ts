import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import { compareReports } from '../report/diff/compare.ts';
import { diffDocument } from '../report/documents.ts';
import { writing } from './command.ts';
import { documentOptions } from './document-options.ts';
import type { Io } from './io.ts';
import { readReport } from './saved-report.ts';
import { writeAll } from './sinks.ts';
import type { Usage } from './usage.ts';

const usage: Usage = {
  words: '<before.json> <after.json>',
  values: 'files',
  about:
    'Compares two reports saved with --format json: what is new, gone or changed, and what can no longer be told, with the words of both. One of the two may be -, standard input.',
  options: documentOptions(diffDocument),
  examples: [
    ['monday.json tuesday.json', 'what changed since'],
    ['monday.json tuesday.json --format markdown', 'for a ticket'],
    ['before.json after.json --format json', 'for a program'],
  ],
  epilogue:
    'Exit codes: 1 something got worse (a new fail, or one that weighs more), 2 nothing is known to be worse, but something that was told is untold now, 0 neither, 3 bad usage or an error of our own.',
};

/** `mxprobe diff`. Both reports as they were judged: no network, and no judging again. */
export const command = writing(usage, diffDocument, async ({ words }, sinks, io) => {
  const [before, after] = await bothReports(words, io);
  const diff = compareReports(before, after);
  await writeAll(diff, sinks);
  return diff.summary.exitCode;
});

async function bothReports([before, after, ...others]: readonly string[], io: Io): Promise<[Report, Report]> {
  if (before === undefined || after === undefined || others.length > 0) {
    throw new UsageError('diff takes two saved reports: mxprobe diff before.json after.json');
  }
  if (before === '-' && after === '-') throw new UsageError('only one of the two reports can come from standard input');
  return [await readReport(before, io), await readReport(after, io)];
}
