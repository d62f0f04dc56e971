import { UsageError } from '../model/usage-error.ts';
import type { Page } from '../report/layout.ts';
import { type Given, readArguments } from './arguments.ts';
import { misused, say } from './complain.ts';
import { readDestinations } from './destinations.ts';
import { formats } from './formats.ts';
import { heloOf } from './helo.ts';
import type { Io } from './io.ts';
import { planText } from './plan.ts';
import { readPolicyOption } from './policy-option.ts';
import { readTargets } from './read-targets.ts';
import { scanInto } from './scan-into.ts';
import { readScanOptions } from './scan-options.ts';
import { scanUsage } from './scan-usage.ts';
import { openSinks, type Sink } from './sinks.ts';

export { scanUsage as usage };

/** `mxprobe scan`: everything the user wrote is checked before the first packet. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(scanUsage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const destinations = readDestinations(read, formats);
  const given = targetsApart(read);
  const library = await io.library();
  const { probes } = library;
  const ids = probes.map((probe) => probe.id);
  const options = readScanOptions(given, ids);
  const chosen = { ...options, policy: (await readPolicyOption(given, ids)) ?? options.policy };
  if (given.has('plan') && destinations.some(({ format }) => format !== 'terminal')) {
    throw new UsageError('--plan is text for people: leave out --format');
  }
  const targets = await readTargets(given.words, io);
  using sinks = openSinks(destinations, io);

  if (given.has('plan')) return writePlan(sinks.all, (page) => planText(targets, chosen, probes, page));
  const asked = { ...chosen, helo: chosen.helo ?? ownName(io) };
  return await scanInto({ sinks: sinks.all, transcript: given.has('transcript') }, library, targets, asked, io);
}

function writePlan(sinks: readonly Sink[], textOn: (page: Page) => string): number {
  for (const sink of sinks) {
    sink.write(textOn(sink.page));
    sink.keep();
  }
  return sinks.every((sink) => sink.isWhole()) ? 0 : misused;
}

/** `--probe` and `--skip` take all words up to the next option; what no probe id looks like among them is a target. */
export function targetsApart(given: Given): Given {
  const lists = ['probe', 'skip'];
  const isTarget = (word: string) => word === '-' || /[.:/@]/.test(word);
  const strays = lists.flatMap((option) => given.all(option).filter(isTarget));
  return {
    ...given,
    words: [...given.words, ...strays],
    all: (option) => (lists.includes(option) ? given.all(option).filter((word) => !isTarget(word)) : given.all(option)),
  };
}

export function ownName(io: Io): string {
  const { name, note } = heloOf(io.hostname);
  if (note !== null) say(note, io);
  return name;
}
