import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import type { Rendering } from '../report/documents.ts';
import type { Page } from '../report/layout.ts';
import { say } from './complain.ts';
import type { Destination } from './destinations.ts';
import { type ColorWhen, type Io, pageOf } from './io.ts';
import { type Output, openOutput } from './output.ts';

/** A destination, opened. What cannot be written is told once, and costs only this one of several. */
export interface Sink<T> extends Destination<T> {
  readonly page: Page;
  write(text: string): void;
  /** Everything is written. */
  keep(): void;
  /** Whether all of it has arrived so far. */
  isWhole(): boolean;
}

/** Several, which leave nothing half-written behind. */
export interface Sinks<T> {
  readonly all: readonly Sink<T>[];
  [Symbol.dispose](): void;
}

/** Writes a document to each sink, all of them even where one cannot be written. */
export async function writeAll<T>(
  value: T,
  sinks: readonly Sink<T>[],
  { transcript = false, rules = [], ...shown }: Partial<Omit<Rendering, keyof Page>> = {},
): Promise<void> {
  for (const { report, page, write, keep } of sinks) {
    for (const part of await report(value, { ...page, transcript, rules, ...shown })) write(part);
    keep();
  }
}

/** Opens every destination: before the scan, so that a scan is never lost to a wrong path. Throws `UsageError`. */
export function openSinks<T>(destinations: readonly Destination<T>[], io: Io, color: ColorWhen = 'auto'): Sinks<T> {
  const outputs: Output[] = [];
  const dispose = () => {
    for (const output of outputs) output.close();
  };
  try {
    const all = destinations.map((destination) => {
      const output = openOnce(destination.file, outputs, io);
      outputs.push(output);
      return sinkOf(destination, output, io, pageOf(io, destination.file, color));
    });
    return { all, [Symbol.dispose]: dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function openOnce(file: string | null, others: readonly Output[], io: Io): Output {
  let output: Output;
  try {
    output = openOutput(file, io);
  } catch (error) {
    throw new UsageError(unwritable(file, error));
  }
  if (!output.keepsOwner) say(`"${file}" belongs to another user, and will be ours`, io);
  if (output.path === null || others.every(({ path }) => path !== output.path)) return output;
  output.close();
  throw new UsageError(`--output: "${file}" is named twice: each report needs a file of its own`);
}

function sinkOf<T>(destination: Destination<T>, { write, keep }: Output, io: Io, page: Page): Sink<T> {
  const { file } = destination;
  let whole = true;
  const attempt = (action: () => void) => {
    try {
      if (whole) action();
    } catch (error) {
      whole = false;
      say(unwritable(file, error), io);
    }
  };
  return {
    ...destination,
    page,
    write: (text) => attempt(() => write(text)),
    keep: () => attempt(keep),
    isWhole: () => whole,
  };
}

const unwritable = (file: string | null, error: unknown): string =>
  `--output: "${file}" cannot be written: ${whyNot(error)}`;
