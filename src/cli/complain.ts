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
  if (!(error instanceof Error) || error.name !== 'UsageError') return crashed(error, io);
  say(error.message, io);
  return misused;
}

/** A bug of ours: one line, and the stack only for those who ask for it. */
export function crashed(error: unknown, io: Pick<Io, 'stderr' | 'env'>): number {
  const debugging = (io.env.MXPROBE_DEBUG ?? '') !== '';
  const message = error instanceof Error ? error.message : String(error);
  say(`internal error: ${message}${debugging ? '' : ' (MXPROBE_DEBUG=1 shows where)'}`, io);
  if (debugging && error instanceof Error) io.stderr.write(`${error.stack}\n`);
  return misused;
}
