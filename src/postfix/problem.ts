import { brief } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Problem } from '../model/verification.ts';
import { visible } from '../model/visible.ts';

/** A problem whose file, line and parameter are known where it was looked for. */
export type Fault = Pick<Problem, 'weight' | 'message'>;

export const fatal = (message: string): Fault => ({ weight: 'fatal', message });
export const broken = (message: string): Fault => ({ weight: 'broken', message });
export const odd = (message: string): Fault => ({ weight: 'odd', message });

/** A file that cannot be read at all. `line` is null where it is about the file as a whole. */
export function unreadable(file: string, line: number | null, message: string): UsageError {
  return new UsageError(`${visible(file)}${line === null ? '' : `:${line}`}: ${message}`);
}

/** A piece of the user's file, to be quoted in a message. */
export const quoted = (text: string): string => `"${brief(text.slice(0, 400).replace(/\s+/g, ' '))}"`;
