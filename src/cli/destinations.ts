import { basename } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { type Given, type Mention, mentionsIn } from './arguments.ts';
import { type Format, readFormat } from './formats.ts';

/** One report to write: how, and where to. `file` is null for stdout. */
export interface Destination<F extends Format = Format> {
  readonly format: F;
  readonly file: string | null;
}

/**
 * Reads `--format` and `--output`, which may each be given several times: an output belongs to the format before it. One of each
 * belong together in any order; without any format the name of the file says which it is. At most one format is left for stdout.
 */
export function readDestinations<F extends Format>(given: Given, possible: readonly F[]): readonly Destination<F>[] {
  return destinationsOf(given.inOrder('format', 'output'), possible);
}

/** The same for mentions in the order they were written. Throws `UsageError`. */
export function destinationsOf<F extends Format>(
  mentions: readonly Mention[],
  possible: readonly F[],
): readonly Destination<F>[] {
  const destinations = paired(mentions).map(({ format, file }) => ({ file, format: readFormat(format, possible) }));
  const [first, second] = destinations.filter(({ file }) => file === null);
  if (first !== undefined && second !== undefined) {
    throw new UsageError(
      `--format: ${first.format} and ${second.format} would both go to stdout: write --output <file> behind one of them`,
    );
  }
  return destinations;
}

/** Whether a command line, right or wrong, wants to be read by a monitor on stdout. */
export function isForMonitor(argv: readonly string[]): boolean {
  const mentions = mentionsIn(argv, ['format', 'output']);
  try {
    return paired(mentions).some(({ format, file }) => format === 'nagios' && file === null);
  } catch {
    return mentions.some(({ value }) => value === 'nagios');
  }
}

type Pair = { readonly format: string; readonly file: string | null };

function paired(mentions: readonly Mention[]): readonly Pair[] {
  const of = (option: string) => mentions.filter((mention) => mention.option === option).map(({ value }) => value);
  const formats = of('format');
  const files = of('output');
  const [format] = formats;
  const [file = null] = files;
  if (format === undefined) return file === null ? [{ format: 'terminal', file }] : files.map(named);
  return formats.length === 1 && files.length <= 1 ? [{ format, file }] : inTurn(mentions);
}

function inTurn(mentions: readonly Mention[]): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const { option, value } of mentions) {
    const last = pairs.at(-1);
    if (option === 'format') pairs.push({ format: value, file: null });
    else if (last?.file === null) pairs[pairs.length - 1] = { ...last, file: value };
    else throw new UsageError(`--output: "${value}" has no format of its own: write --format <name> before it`);
  }
  return pairs;
}

/** What people call their files. A name that says nothing is for people to read. */
const endings: readonly (readonly [RegExp, string])[] = [
  [/\.sarif(\.json)?$/i, 'sarif'],
  [/\.json$/i, 'json'],
  [/\.(ndjson|jsonl)$/i, 'ndjson'],
  [/\.(md|markdown)$/i, 'markdown'],
  [/\.html?$/i, 'html'],
  [/\.xml$/i, 'junit'],
];

function named(file: string): Pair {
  const [, format = 'terminal'] = endings.find(([ending]) => ending.test(basename(file))) ?? [];
  return { format, file };
}
