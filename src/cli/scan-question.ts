import type { Target } from '../model/target.ts';
import type { CommandLine } from './arguments.ts';
import type { Io } from './io.ts';
import { readPolicyOption } from './policy-option.ts';
import { readTargets } from './read-targets.ts';
import { type ReadOptions, readScanOptions } from './scan-options.ts';
import type { Scanner } from './scanner.ts';

/** What the user asks of a scan, read and checked before the first packet. */
export interface Question {
  readonly scanner: Scanner;
  readonly targets: readonly Target[];
  readonly options: ReadOptions;
}

/** `usually`: what is said where no target is named. Throws `UsageError`. */
export async function readQuestion(all: CommandLine, usually: string, io: Io): Promise<Question> {
  const given = targetsApart(all);
  const scanner = await io.scanner();
  const ids = scanner.probes.map(({ id }) => id);
  const options = await readScanOptions(given, ids);
  const policy = (await readPolicyOption(given, ids)) ?? options.policy;
  return { scanner, options: { ...options, policy }, targets: await readTargets(given.words, usually, io) };
}

/** `--probe` and `--skip` take all words up to the next option; what no probe id looks like among them is a target. */
function targetsApart(given: CommandLine): CommandLine {
  const lists = ['probe', 'skip'];
  const isTarget = (word: string) => word === '-' || /[.:/@]/.test(word);
  const strays = lists.flatMap((option) => given.all(option).filter(isTarget));
  return {
    ...given,
    words: [...given.words, ...strays],
    all: (option) => (lists.includes(option) ? given.all(option).filter((word) => !isTarget(word)) : given.all(option)),
  };
}
