import { didYouMean } from '../model/nearest.ts';
import { UsageError } from '../model/usage-error.ts';
import { type Document, formatsOf, type Reporter } from '../report/documents.ts';
import { type Format, formatNamed, formats } from '../report/formats.ts';
import { type Mention, mentionsIn } from './arguments.ts';

/** One place that a document goes to: how it is written, and where. `file` is null for stdout. */
export interface Destination<T> {
  readonly format: Format;
  readonly report: Reporter<T>;
  readonly file: string | null;
}

/**
 * Reads `--format` and `--output` in the order they were written; each may be given several times. An output belongs to
 * the format before it; one that stands before any, to the format that its name ends in. One of each belong together in
 * any order, unless the name says another format. At most one format is left for stdout. Throws `UsageError`.
 */
export function readDestinations<T>(mentions: readonly Mention[], document: Document<T>): readonly Destination<T>[] {
  const destinations = paired(mentions).map((pair) => destinationOf(pair, document));
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

function destinationOf<T>({ format: name, file }: Pair, document: Document<T>): Destination<T> {
  const possible = formatsOf(document);
  const format = possible.find((known) => known === name);
  const report = format === undefined ? undefined : document[format];
  if (format !== undefined && report !== undefined) return { format, report, file };
  const there = `there are ${possible.join(', ')}`;
  if (name.startsWith('.'))
    throw new UsageError(
      `--output: "${file}" ends in ${name}, which is no format; ${there}; --format <name> before it says which`,
    );
  if (name === 'ndjson') throw new UsageError(`--format: "ndjson" is the stream of a running scan; here ${there}`);
  if (formats.some((known) => known === name))
    throw new UsageError(`--format: "${name}" is for reports of a scan; here ${there}`);
  throw new UsageError(`--format: "${name}" is no format${didYouMean(name, possible)}; ${there}`);
}

interface Pair {
  /** As it was written, or as the name of the file has it. */
  readonly format: string;
  readonly file: string | null;
}

function paired(mentions: readonly Mention[]): readonly Pair[] {
  const at = mentions.findIndex(({ option }) => option === 'format');
  const leading = at < 0 ? mentions : mentions.slice(0, at);
  const behind = at < 0 ? [] : inTurn(mentions.slice(at));
  const [other = { format: 'terminal', file: null }, ...others] = behind;
  if (leading.length === 0) return [other, ...others];
  const named = leading.map(({ value }) => ({ file: value, format: formatNamed(value) }));
  const [one, ...more] = named;
  const areOneOfEach = more.length + others.length === 0 && other.file === null;
  if (one !== undefined && areOneOfEach && (one.format ?? other.format) === other.format)
    return [{ ...other, ...one, format: other.format }];
  return [
    ...named.map(({ format, file }) => {
      if (format === null && behind.length > 0) throw without(file);
      return { format: format ?? 'terminal', file };
    }),
    ...behind,
  ];
}

function inTurn(mentions: readonly Mention[]): Pair[] {
  const pairs: Pair[] = [];
  for (const { option, value } of mentions) {
    const last = pairs.at(-1);
    if (option === 'format') pairs.push({ format: value, file: null });
    else if (last?.file === null) pairs[pairs.length - 1] = { ...last, file: value };
    else throw without(value);
  }
  return pairs;
}

const without = (file: string): UsageError =>
  new UsageError(`--output: "${file}" has no format of its own: write --format <name> before it`);
