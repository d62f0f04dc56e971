import { severities } from '../model/judgement.ts';
import { defaultPolicy } from '../model/policy.ts';
import { UsageError } from '../model/usage-error.ts';
import { reportDocument } from '../report/documents.ts';
import { oneOf } from '../scan/option-values.ts';
import { writing } from './command.ts';
import { keptPolicy, readPolicyOption } from './policy-option.ts';
import { readReport } from './saved-report.ts';
import { policyOption, reportOptions } from './scan-usage.ts';
import { readShown } from './shown.ts';
import type { Usage } from './usage.ts';
import { writeReport } from './write-report.ts';

const usage: Usage = {
  words: '<report.json>',
  values: 'files',
  about:
    'Judges a report saved with --format json again, from what was observed then. No network. - reads standard input.',
  options: { policy: policyOption, ...reportOptions(reportDocument) },
  examples: [
    ['report.json', 'print it for people, by the policy of the scan'],
    ['report.json --policy strict', 'by another policy'],
    ['report.json --fail-on critical --format json', 'with another threshold, for a program'],
  ],
  epilogue: 'Exit codes: those of scan.',
};

/** `mxprobe judge`. */
export const command = writing(usage, reportDocument, async (given, sinks, io) => {
  const shown = readShown(given);
  const failOn = given.one('fail-on', oneOf(severities));
  const [name, ...others] = given.words;
  if (name === undefined || others.length > 0) {
    throw new UsageError('judge takes one saved report: mxprobe judge report.json');
  }
  const { judgeAgain, probes } = await io.scanner();
  const ids = probes.map(({ id }) => id);
  const asked = await readPolicyOption(given, ids);
  const saved = await readReport(name, io);
  const policy = asked ?? (await keptPolicy(saved, name, ids)) ?? defaultPolicy;
  const options = failOn === null ? saved.options : { ...saved.options, failOn };
  const report = judgeAgain({ ...saved, options }, policy);
  return await writeReport(report, sinks, { probes, shown }, io);
});
