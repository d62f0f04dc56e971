import { UsageError } from '../model/usage-error.ts';
import { type Given, readArguments } from './arguments.ts';
import { say } from './complain.ts';
import { formats, readFormat } from './formats.ts';
import { heloOf } from './helo.ts';
import { type Io, pageOf } from './io.ts';
import { openOutput } from './output.ts';
import { planText } from './plan.ts';
import { readTargets } from './read-targets.ts';
import { scanInto } from './scan-into.ts';
import { readScanOptions } from './scan-options.ts';
import { scanUsage } from './scan-usage.ts';

/** `mxprobe scan`: everything the user wrote is checked before the first packet. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const read = await readArguments(scanUsage, argv, io.stdout.width);
  if (read.kind === 'help') {
    io.stdout.write(read.text);
    return 0;
  }
  const format = readFormat(read.one('format'), formats);
  const given = targetsApart(read);
  const { probes, scan } = await io.library();
  const chosen = readScanOptions(
    given,
    probes.map((probe) => probe.id),
  );
  if (given.has('plan') && format !== 'terminal') throw new UsageError('--plan is text for people: leave out --format');
  const targets = await readTargets(given.words, io);
  const file = given.one('output');
  using output = openOutput(file, io);
  const page = pageOf(io, file);

  if (given.has('plan')) {
    output.write(planText(targets, chosen, probes, page));
    output.keep();
    return 0;
  }
  const options = { ...chosen, helo: chosen.helo ?? ownName(io) };
  const report = await scanInto(
    { output, format, page: { ...page, transcript: given.has('transcript') } },
    scan,
    targets,
    options,
    io,
  );
  return report.summary.exitCode;
}

/** `--probe` and `--skip` take all words up to the next option; what no probe id looks like among them is a target. */
function targetsApart(given: Given): Given {
  const lists = ['probe', 'skip'];
  const isTarget = (word: string) => word === '-' || /[.:/@]/.test(word);
  const strays = lists.flatMap((option) => given.all(option).filter(isTarget));
  return {
    ...given,
    words: [...given.words, ...strays],
    all: (option) => (lists.includes(option) ? given.all(option).filter((word) => !isTarget(word)) : given.all(option)),
  };
}

function ownName(io: Io): string {
  const { name, note } = heloOf(io.hostname);
  if (note !== null) say(note, io);
  return name;
}
