import type { Report } from '../../model/report.ts';
import { UsageError } from '../../model/usage-error.ts';
import type { Run } from '../../monitor/run.ts';
import type { Store } from '../../monitor/store.ts';
import { reportDocument } from '../../report/documents.ts';
import { writing } from '../command.ts';
import { reportOptions } from '../scan-usage.ts';
import { readShown } from '../shown.ts';
import type { Usage } from '../usage.ts';
import { writeReport } from '../write-report.ts';
import { namedRun, storeOf, storeOption } from './use-store.ts';

const { 'fail-on': _failOn, ...options } = reportOptions(reportDocument);

const usage: Usage = {
  words: '<run>',
  about: 'Prints the report of a run, as it was judged then. A run is named by the beginning of its id.',
  options: { store: storeOption, ...options },
  examples: [
    ['3fa2', 'for people'],
    ['3fa2 --format html --output run.html', 'as a page'],
  ],
  epilogue: 'Exit codes: those of scan.',
};

/** `mxprobe monitor show`. */
export const command = writing(usage, reportDocument, async (given, sinks, io) => {
  const shown = readShown(given);
  const [prefix, ...others] = given.words;
  if (prefix === undefined || others.length > 0) throw new UsageError('show takes one run: mxprobe monitor show 3fa2');
  await using store = await storeOf(given, io);
  const report = await keptReport(await namedRun(prefix, store), store);
  const { probes } = await io.scanner();
  return await writeReport(report, sinks, { probes, shown }, io);
});

/** The report of a run. Rejects with a `UsageError` where it is not there. */
export async function keptReport({ id, state }: Run, store: Store): Promise<Report> {
  const report = await store.report(id);
  if (report !== null) return report;
  const name = id.slice(0, 8);
  throw new UsageError(
    state === 'done'
      ? `the report of run ${name} is not kept, for it said nothing new: mxprobe monitor runs marks those that are`
      : `run ${name} has no report: it is ${state}`,
  );
}
