import { UsageError } from '../../model/usage-error.ts';
import { compareReports } from '../../report/diff/compare.ts';
import { diffDocument } from '../../report/documents.ts';
import { writing } from '../command.ts';
import { documentOptions } from '../document-options.ts';
import { writeAll } from '../sinks.ts';
import type { Usage } from '../usage.ts';
import { keptReport } from './show.ts';
import { namedRun, storeOf, storeOption } from './use-store.ts';

const usage: Usage = {
  words: '<before> <after>',
  about: 'Compares the reports of two runs, as mxprobe diff does with two files.',
  options: { store: storeOption, ...documentOptions(diffDocument) },
  examples: [
    ['3fa2 81c0', 'what changed from one to the other'],
    ['3fa2 81c0 --format markdown', 'for a ticket'],
  ],
  epilogue: 'Exit codes: those of mxprobe diff.',
};

/** `mxprobe monitor diff`. */
export const command = writing(usage, diffDocument, async (given, sinks, io) => {
  const [before, after, ...others] = given.words;
  if (before === undefined || after === undefined || others.length > 0)
    throw new UsageError('diff takes two runs: mxprobe monitor diff 3fa2 81c0');
  await using store = await storeOf(given, io);
  const was = await keptReport(await namedRun(before, store), store);
  const is = await keptReport(await namedRun(after, store), store);
  const diff = compareReports(was, is);
  await writeAll(diff, sinks);
  return diff.summary.exitCode;
});
