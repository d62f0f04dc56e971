import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../model/usage-error.ts';
import type { Io } from './io.ts';

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'there is a file of that name already',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this user',
  EFBIG: 'the file would be too large',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
};

/** The text of a file; of standard input for `-`. Throws `UsageError`. */
export async function readInput(name: string, io: Pick<Io, 'stdin'>): Promise<string> {
  try {
    return name === '-' ? await whole(io.stdin()) : await readFile(name, 'utf8');
  } catch (error) {
    throw new UsageError(`"${name}" cannot be read: ${whyNot(error)}`);
  }
}

async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

/** The text of the file that an option names. Throws `UsageError`. */
export async function readOptionFile(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${option}: "${file}" cannot be read: ${whyNot(error)}`);
  }
}

/** Why the file system refused, in words. */
export function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return words[code ?? ''] ?? message ?? String(error);
}

/** One write may take less than it was given: a disk that is nearly full does. */
export function writeWhole(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}
