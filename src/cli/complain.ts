import { visible } from '../model/visible.ts';
import type { Io } from './io.ts';

/** The exit code of bad usage, and of an error of our own. */
export const misused = 3;

/** One line on stderr, prefixed with the program's name; what the user or a peer wrote is made printable. */
export function say(message: string, { stderr }: Pick<Io, 'stderr'>): void {
  stderr.write(`mxprobe: ${visible(message)}\n`);
}

/** Bad usage: says so and returns the exit code. Anything else is a bug of ours. */
export function complain(error: unknown, io: Pick<Io, 'stderr' | 'env'>): number {
  if (!isMisuse(error)) return crashed(error, io);
  say(error.message, io);
  return misused;
}

/** A bug of ours: one line, and the stack only for those who ask for it. */
export function crashed(error: unknown, io: Pick<Io, 'stderr' | 'env'>): number {
  const debugging = (io.env.MXPROBE_DEBUG ?? '') !== '';
  say(`${wordsOf(error)}${debugging ? '' : ' (MXPROBE_DEBUG=1 shows where)'}`, io);
  if (debugging && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return misused;
}

/** What went wrong, and whose fault it is. */
export function wordsOf(error: unknown): string {
  if (isMisuse(error)) return error.message;
  return `internal error: ${error instanceof Error ? error.message : String(error)}`;
}

const isMisuse = (error: unknown): error is Error => error instanceof Error && error.name === 'UsageError';
