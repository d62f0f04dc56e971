import { UsageError } from '../model/usage-error.ts';

/** What is in the way of a store, in words; by the code of SQLite or of the file system, or what it begins with. */
const words: Readonly<Record<string, string>> = {
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk does not take or give what it should',
  SQLITE_READONLY: 'it may not be written to, or its folder',
  SQLITE_BUSY: 'another program keeps it busy',
  SQLITE_LOCKED: 'another program keeps it busy',
  SQLITE_NOTADB: 'it is no mxprobe store',
  SQLITE_CORRUPT: 'it is damaged: mxprobe monitor backup of an earlier day takes its place',
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_PERM: 'permission denied',
  SQLITE_AUTH: 'permission denied',
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is no folder',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** One clear line where a store cannot be had; a bug of ours stays what it is. */
export function asTrouble(error: unknown, file: string): unknown {
  const { code } = error as { readonly code?: unknown };
  if (typeof code !== 'string') return error;
  // What could not be opened has no code of its own, but the number behind a sentence (14 SQLITE_CANTOPEN).
  const known = Object.keys(words).find((name) => code === name || code.startsWith(`${name}_`));
  if (known === undefined) return code.startsWith('ConnectionFailed') ? refused(file, 'SQLITE_CANTOPEN') : error;
  return refused(file, known);
}

const refused = (file: string, known: string): UsageError =>
  new UsageError(`the store "${file}" cannot be used: ${words[known]}`);
