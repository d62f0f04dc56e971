import { UsageError } from '../model/usage-error.ts';
import type { Rendering } from '../report/documents.ts';
import type { Page } from '../report/layout.ts';
import { say } from './complain.ts';
import type { Destination } from './destinations.ts';
import { type Io, pageOf } from './io.ts';
import { areOneFile, openOutput } from './output.ts';

/** A destination, opened. What cannot be written is told once, and costs only this one of several. */
export interface Sink<T> extends Destination<T> {
  readonly page: Page;
  write(text: string): void;
  /** Everything is written. */
  keep(): void;
  /** Whether all of it has arrived so far. */
  isWhole(): boolean;
  [Symbol.dispose](): void;
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
  { transcript = false, rules = [] }: Partial<Omit<Rendering, keyof Page>> = {},
): Promise<void> {
  for (const { report, page, write, keep } of sinks) {
    for (const part of await report(value, { ...page, transcript, rules })) write(part);
    keep();
  }
}

/** Opens every destination: before the scan, so that a scan is never lost to a wrong path. Throws `UsageError`. */
export function openSinks<T>(destinations: readonly Destination<T>[], io: Io): Sinks<T> {
  refuseDoubles(destinations);
  const all: Sink<T>[] = [];
  const dispose = () => {
    for (const sink of all) sink[Symbol.dispose]();
  };
  try {
    for (const destination of destinations) all.push(openSink(destination, io));
  } catch (error) {
    dispose();
    throw error;
  }
  return { all, [Symbol.dispose]: dispose };
}

function openSink<T>(destination: Destination<T>, io: Io): Sink<T> {
  const output = openOutput(destination.file, io);
  let whole = true;
  const attempt = (action: () => void) => {
    if (!whole) return;
    try {
      action();
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      whole = false;
      say(error.message, io);
    }
  };
  return {
    ...destination,
    page: pageOf(io, destination.file),
    write: (text) => attempt(() => output.write(text)),
    keep: () => attempt(() => output.keep()),
    isWhole: () => whole,
    [Symbol.dispose]: () => output[Symbol.dispose](),
  };
}

function refuseDoubles(destinations: readonly Destination<never>[]): void {
  const files = destinations.flatMap(({ file }) => file ?? []);
  const double = files.find((file, index) => files.slice(0, index).some((other) => areOneFile(file, other)));
  if (double !== undefined)
    throw new UsageError(`--output: "${double}" is named twice: each report needs a file of its own`);
}
