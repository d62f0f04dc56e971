import { readFile } from 'node:fs/promises';
import { UsageError } from '../model/usage-error.ts';
import type { Io } from './io.ts';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

/** The text of a file; of standard input for `-`. Throws `UsageError`. */
export async function readInput(name: string, io: Pick<Io, 'stdin'>): Promise<string> {
  try {
    return name === '-' ? await io.stdin() : await readFile(name, 'utf8');
  } catch (error) {
    throw new UsageError(`"${name}" cannot be read: ${whyNot(error)}`);
  }
}

/** Why the file system refused, in words. */
export function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ''] ?? message ?? String(error);
}
