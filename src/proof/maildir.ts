import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { visible } from '../model/visible.ts';
import { whyNot } from '../model/why-not.ts';
import { foundMail, mostRead, tokensIn } from './found-mail.ts';
import type { FoundMail, Mailbox } from './mailbox.ts';

/** Where messages are that have been delivered; `tmp` has those that are not yet (maildir(5)). */
const folders = ['new', 'cur'] as const;

/** A clock that delivers is this much behind ours at most, in milliseconds. */
const earlier = 3_600_000;

interface Entry {
  readonly path: string;
  /** The same before and after a message is moved or marked: the name up to the colon (maildir(5)). */
  readonly unique: string;
  readonly changed: Date;
}

/**
 * A mailbox in files of this machine: `new` and `cur` of one folder, without its subfolders. What changed more than an
 * hour before this is called is not read.
 */
export async function openMaildir(path: string): Promise<Mailbox> {
  for (const folder of folders) await checkFolder(path, folder);
  const since = Date.now() - earlier;
  // What is known to be no message of ours is looked at once.
  const others = new Set<string>();
  const find = async (token: string): Promise<FoundMail | null> => {
    try {
      return await findIn(path, { token, since, others });
    } catch (error) {
      throw new Error(`maildir:${visible(path)} cannot be read: ${visible(whyNot(error))}`);
    }
  };
  return { find, [Symbol.asyncDispose]: async () => {} };
}

async function checkFolder(path: string, folder: string): Promise<void> {
  const shown = `"${visible(path)}"`;
  const wayOut = 'give the folder that has new and cur in it, such as maildir:/home/alice/Maildir';
  const found = await stat(join(path, folder)).catch((error: unknown) => {
    throw new UsageError(`${shown} is no maildir: ${folder} in it: ${visible(whyNot(error))}; ${wayOut}`);
  });
  if (!found.isDirectory()) throw new UsageError(`${shown} is no maildir: ${folder} in it is no folder; ${wayOut}`);
}

interface Wanted {
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly since: number;
  readonly others: Set<string>;
}

async function findIn(path: string, { token, since, others }: Wanted): Promise<FoundMail | null> {
  const entries: Entry[] = [];
  for (const folder of folders) entries.push(...(await entriesIn(join(path, folder), since, others)));
  for (const entry of entries.sort((a, b) => b.changed.getTime() - a.changed.getTime())) {
    const mail = await unlessGone(() => readMail(entry));
    if (mail === null) continue;
    const tokens = tokensIn(mail);
    if (tokens.includes(token)) return mail;
    if (tokens.length === 0) others.add(entry.unique);
  }
  return null;
}

/** The files of a folder that may be ours. */
async function entriesIn(folder: string, since: number, others: Set<string>): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of await readdir(folder)) {
    const unique = name.split(':', 1)[0] ?? name;
    if (name.startsWith('.') || others.has(unique)) continue;
    const path = join(folder, name);
    const found = await unlessGone(() => lstat(path));
    if (found === null) continue;
    if (mayBeOurs(found, since)) entries.push({ path, unique, changed: found.mtime });
    else others.add(unique);
  }
  return entries;
}

const mayBeOurs = (file: Stats, since: number): boolean => file.isFile() && file.mtimeMs >= since;

/** Null where what was opened is no plain file any more. */
async function readMail({ path, changed }: Entry): Promise<FoundMail | null> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  await using file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (!(await file.stat()).isFile()) return null;
  const octets = Buffer.alloc(mostRead);
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(octets, length, mostRead - length, length);
    length += bytesRead;
    if (bytesRead === 0 || length === mostRead) return foundMail(octets.subarray(0, length), changed);
  }
}

/** Null for a file that another program has moved or removed meanwhile, or put a link in place of. */
async function unlessGone<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ELOOP') return null;
    throw error;
  }
}
