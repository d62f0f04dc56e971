import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { sql } from 'kysely';
import { UsageError } from '../model/usage-error.ts';
import type { Db } from './database.ts';
import { asTrouble } from './trouble.ts';

/** What stands behind the name of a copy that is not whole yet. */
const unfinished = '.part';

/**
 * Copies a store as it is at one moment to a new file. It has that name when it is whole, so that what has the name is
 * a copy even where a process was killed. Rejects with a `UsageError`.
 */
export async function backup(db: Db, file: string): Promise<void> {
  if (existsSync(file)) throw new UsageError(`"${file}" is there already: a backup is a new file`);
  const part = `${file}${unfinished}${randomBytes(4).toString('hex')}`;
  try {
    // An empty file will do, and is for its owner alone before anything is in it.
    closeSync(openSync(part, 'wx', 0o600));
    await sql`vacuum into ${part}`.execute(db);
    renameSync(part, file);
  } catch (error) {
    rmSync(part, { force: true });
    throw asTrouble(error, file);
  }
}

/** Takes away what copies of such a name left that were killed. Only where nobody is at work on one. */
export function clearUnfinished(file: string): void {
  const folder = dirname(file);
  const begins = `${basename(file)}${unfinished}`;
  for (const name of readdirSync(folder)) if (name.startsWith(begins)) rmSync(join(folder, name), { force: true });
}
