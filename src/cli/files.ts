import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from '../model/why-not.ts';
import type { Io } from './io.ts';

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

/** One write may take less than it was given: a disk that is nearly full does. */
export function writeWhole(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}
