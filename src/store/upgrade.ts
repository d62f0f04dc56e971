import { rmSync } from 'node:fs';
import { UsageError } from '../model/usage-error.ts';
import { backup } from './backup.ts';
import { type Database, migrate, openDatabase, versionOf } from './database.ts';
import { lockStore } from './lock.ts';
import { migrations } from './migrations.ts';
import { asTrouble } from './trouble.ts';

/** What became of a store of an older version. */
export interface Upgrade {
  /** Versions of its tables. */
  readonly from: number;
  readonly to: number;
  /** A copy of it as it was; null where it is of this version, and nothing was done. */
  readonly backup: string | null;
}

/** Makes a store that is there one of this version, with a copy beside it first. Rejects with a `UsageError`. */
export async function upgrade(file: string): Promise<Upgrade> {
  const database = openDatabase(file, { make: false });
  const to = migrations.length;
  try {
    const from = await versionOf(database.db);
    if (from === to) return { from, to, backup: null };
    const copy = `${file}.version-${from}`;
    await migrateAlone(database, copy);
    return { from, to, backup: copy };
  } catch (error) {
    throw asTrouble(error, file);
  } finally {
    await database.close();
  }
}

/** Makes the tables what this version needs where nobody is at work on them, after a copy where one is wanted. */
export async function migrateAlone({ file, db }: Database, copy: string | null = null): Promise<void> {
  using lock = lockStore(file);
  if (lock === null)
    throw new UsageError(`the store "${file}" is held by an older mxprobe monitor run: start that one again first`);
  if (copy !== null) await backup(db, copy);
  try {
    await migrate(db);
  } catch (error) {
    if (copy !== null) rmSync(copy, { force: true });
    throw error;
  }
}
