import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { sql } from 'kysely';
import { UsageError } from '../model/usage-error.ts';
import type { Db } from './database.ts';
import { asTrouble } from './trouble.ts';

/** Copies a store as it is at one moment to a new file, or leaves none there. Rejects with a `UsageError`. */
export async function backup(db: Db, file: string): Promise<void> {
  if (existsSync(file)) throw new UsageError(`"${file}" is there already: a backup is a new file`);
  try {
    // An empty file will do, and is for its owner alone before anything is in it.
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    throw asTrouble(error, file);
  }
  try {
    await sql`vacuum into ${file}`.execute(db);
  } catch (error) {
    rmSync(file, { force: true });
    throw asTrouble(error, file);
  }
}
