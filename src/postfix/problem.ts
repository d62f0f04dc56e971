import { brief } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import { visible } from '../model/visible.ts';

/** Something odd in a configuration that Postfix puts up with, or that stops one service only. */
export interface Problem {
  /** The file as the user wrote it. */
  readonly file: string;
  readonly line: number | null;
  /** Printable, one sentence. */
  readonly message: string;
}

/** A file that cannot be read at all. `line` is null where it is about the file as a whole. */
export function unreadable(file: string, line: number | null, message: string): UsageError {
  return new UsageError(`${visible(file)}${line === null ? '' : `:${line}`}: ${message}`);
}

/** A piece of the user's file, to be quoted in a message. */
export const quoted = (text: string): string => `"${brief(text.replace(/\s+/g, ' '))}"`;
