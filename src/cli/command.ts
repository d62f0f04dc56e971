import type { Document } from '../report/documents.ts';
import { oneOf } from '../scan/option-values.ts';
import type { CommandLine } from './arguments.ts';
import { misused } from './complain.ts';
import { readDestinations } from './destinations.ts';
import { colorWhen, type Io } from './io.ts';
import { openSinks, type Sink } from './sinks.ts';
import type { Usage } from './usage.ts';

/**
 * One sub-command. `run` gives the exit code, or throws; by then the command line is taken apart, and help has been
 * answered.
 */
export interface Command {
  readonly usage: Usage;
  run(given: CommandLine, io: Io): Promise<number>;
}

/** A command that prints a text. */
export function printing(usage: Usage, text: (given: CommandLine, io: Io) => string | Promise<string>): Command {
  return {
    usage,
    async run(given, io) {
      io.stdout.write(await text(given, io));
      return 0;
    },
  };
}

/** A command that writes a document. */
export function writing<T>(usage: Usage, document: Document<T>, write: Write<T>): Command {
  return { usage, run: (given, io) => writingTo(document, given, io, (sinks) => write(given, sinks, io)) };
}

type Write<T> = (given: CommandLine, sinks: readonly Sink<T>[], io: Io) => Promise<number>;

/**
 * Writes a document to where `--format` and `--output` say. Sinks are open while `write` runs, and leave nothing behind
 * but what is whole; what `write` returns is the exit code, unless one of them lost something.
 */
export async function writingTo<T>(
  document: Document<T>,
  given: CommandLine,
  io: Io,
  write: (sinks: readonly Sink<T>[]) => Promise<number>,
): Promise<number> {
  const color = given.one('color', oneOf(colorWhen)) ?? 'auto';
  using sinks = openSinks(readDestinations(given.inOrder('format', 'output'), document), io, color);
  const code = await write(sinks.all);
  return sinks.all.every((sink) => sink.isWhole()) ? code : misused;
}
