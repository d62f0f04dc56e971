import { scanDocument } from '../report/documents.ts';
import type { Given } from './arguments.ts';
import { writing } from './command.ts';
import { ownName } from './helo.ts';
import { writePlan } from './plan.ts';
import { readPolicyOption } from './policy-option.ts';
import { readTargets } from './read-targets.ts';
import { scanInto } from './scan-into.ts';
import { readScanOptions } from './scan-options.ts';
import { scanUsage } from './scan-usage.ts';

/** `mxprobe scan`: everything the user wrote is checked before the first packet. */
export const command = writing(scanUsage, scanDocument, async (all, sinks, io) => {
  const given = targetsApart(all);
  const scanner = await io.scanner();
  const ids = scanner.probes.map(({ id }) => id);
  const options = await readScanOptions(given, ids);
  const chosen = { ...options, policy: (await readPolicyOption(given, ids)) ?? options.policy };
  const targets = await readTargets(given.words, io);
  if (given.has('plan')) return writePlan(targets, chosen, scanner.probes, sinks);
  const asked = { ...chosen, helo: chosen.helo ?? ownName(io) };
  return await scanInto(sinks, { scanner, transcript: given.has('transcript') }, targets, asked, io);
});

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
