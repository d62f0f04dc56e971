import { severities } from '../model/judgement.ts';
import { defaultPolicy } from '../model/policy.ts';
import { UsageError } from '../model/usage-error.ts';
import { readArguments, type Usage } from './arguments.ts';
import { say } from './complain.ts';
import { readDestinations } from './destinations.ts';
import { documents } from './formats.ts';
import type { Io } from './io.ts';
import { idleLines, keptPolicy, readPolicyOption } from './policy-option.ts';
import { readReport } from './saved-report.ts';
import { outputOptions, policyOption } from './scan-usage.ts';
import { openSinks } from './sinks.ts';
import { oneOf } from './values.ts';
import { writeReport } from './write-report.ts';

export const usage: Usage = {
  command: 'judge',
  words: '<report.json>',
  values: 'files',
  about:
    'Judges a report saved with --format json again, from what was observed then. No network. - reads standard input.',
  options: { policy: policyOption, ...outputOptions, format: { ...outputOptions.format, values: documents } },
  examples: [
    ['$0 report.json', 'print it for people, by the policy of the scan'],
    ['$0 report.json --policy strict', 'by another policy'],
    ['$0 report.json --fail-on critical --format json', 'with another threshold, for a program'],
  ],
  epilogue: 'Exit codes: those of scan.',
};

/** `mxprobe judge`. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(usage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const destinations = readDestinations(read, documents);
  const failOn = read.one('fail-on');
  const floor = failOn === null ? {} : { failOn: oneOf('fail-on', failOn, severities) };
  const [name, ...others] = read.words;
  if (name === undefined || others.length > 0) {
    throw new UsageError('judge takes one saved report: mxprobe judge report.json');
  }
  const { judgeAgain, probes } = await io.library();
  const ids = probes.map(({ id }) => id);
  const asked = await readPolicyOption(read, ids);
  const saved = await readReport(name, io);
  const policy = asked ?? (await keptPolicy(saved, name, ids)) ?? defaultPolicy;
  using sinks = openSinks(destinations, io);
  const report = judgeAgain({ ...saved, options: { ...saved.options, ...floor } }, policy);
  for (const line of idleLines(report)) say(line, io);
  return await writeReport(report, sinks.all, { catalogue: probes, transcript: read.has('transcript') });
}
