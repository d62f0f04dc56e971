import { existsSync, rmSync } from 'node:fs';
import { UsageError } from '../model/usage-error.ts';
import { backup, clearUnfinished } from './backup.ts';
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
    return { from, to, backup: await migrateAlone(database, `${file}.version-${from}`) };
  } catch (error) {
    throw asTrouble(error, file);
  } finally {
    await database.close();
  }
}

/**
 * Makes the tables what this version needs where nobody is at work on them, after a copy of that name where one is
 * wanted; gives the name that it has. A copy that is there, as of one who was killed behind it, is never touched: the
 * store may have gone on since.
 */
export async function migrateAlone({ file, db }: Database, wanted: string | null = null): Promise<string | null> {
  using lock = lockStore(file);
  if (lock === null)
    throw new UsageError(`the store "${file}" is held by an older mxprobe monitor run: start that one again first`);
  const copy = wanted === null ? null : unusedName(wanted);
  if (wanted !== null) clearUnfinished(wanted);
  if (copy !== null) await backup(db, copy);
  try {
    await migrate(db);
  } catch (error) {
    if (copy !== null) rmSync(copy, { force: true });
    throw error;
  }
  return copy;
}

function unusedName(wanted: string): string {
  let [name, nth] = [wanted, 1];
  while (existsSync(name)) {
    nth++;
    name = `${wanted}-${nth}`;
  }
  return name;
}
