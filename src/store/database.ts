import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CamelCasePlugin, Kysely, SqliteDialect, sql } from 'kysely';
import type LibSql from 'libsql';
import { UsageError } from '../model/usage-error.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './tables.ts';
import { asTrouble } from './trouble.ts';

/** What Kysely calls the tables by. */
export type Db = Kysely<Tables>;

/** One open store: its tables, and the connection below them. */
export interface Database {
  readonly file: string;
  readonly db: Db;
  close(): Promise<void>;
}

/** `mxpr`: what SQLite keeps in the head of a file, so that no other program's is taken for ours. */
const applicationId = 0x6d78_7072;

/** As a limit: no limit. */
export const all = -1;

/** Whether a text may be the beginning of an id: of a run, or of an incident. */
export const mayBeId = (text: string): boolean => /^[0-9a-f]+$/.test(text);

/** Milliseconds that a writer waits for another, which takes some of them at most. */
const patience = 5000;

/**
 * Opens a store that is there, or makes an empty one, for its owner alone. Nothing in it is written, and one of a newer
 * version is refused. Throws `UsageError`.
 */
export function openDatabase(file: string, { make }: { readonly make: boolean }): Database {
  try {
    if (!make && !existsSync(file)) throw new UsageError(`there is no store "${file}": mxprobe monitor run makes it`);
    if (make) closeSync(openSync(file, 'a', 0o600));
    const isStill = !make && isAtRest(file);
    const connection = connect(isStill ? `${pathToFileURL(resolve(file)).href}?immutable=1` : file);
    refuseStrangers(connection, file);
    if (!isStill) {
      connection.pragma('journal_mode = WAL');
      // Durable when a transaction is over, where the power fails too.
      connection.pragma('synchronous = FULL');
    }
    const dialect = new SqliteDialect({ database: connection });
    const db = new Kysely<Tables>({ dialect, plugins: [new CamelCasePlugin()] });
    return { file, db, close: () => db.destroy() };
  } catch (error) {
    throw asTrouble(error, file);
  }
}

/**
 * Whether a store stands where this process may write nothing, and nobody is at work on it: SQLite would make files
 * beside it even to read, unless it is told that nothing changes there.
 */
function isAtRest(file: string): boolean {
  try {
    accessSync(dirname(resolve(file)), constants.W_OK);
    return false;
  } catch {
    return !existsSync(`${file}-wal`);
  }
}

/** Loaded only where a store is wanted: it is 9 MB of machine code. */
export function connect(file: string): LibSql.Database {
  const Driver = createRequire(import.meta.url)('libsql') as typeof LibSql;
  const connection = new Driver(file);
  connection.pragma(`busy_timeout = ${patience}`);
  return connection;
}

function refuseStrangers(connection: LibSql.Database, file: string): void {
  const version = numberOf(connection, 'user_version');
  const id = numberOf(connection, 'application_id');
  if (version > migrations.length)
    throw new UsageError(
      `the store "${file}" was written by a newer mxprobe (version ${version} of its tables, this one knows ${migrations.length}): update mxprobe`,
    );
  if (id !== applicationId && (id !== 0 || numberOf(connection, 'schema_version') !== 0))
    throw new UsageError(`"${file}" is a database of another program, and no mxprobe store`);
}

function numberOf(connection: LibSql.Database, pragma: string): number {
  const [row] = connection.pragma(pragma) as Readonly<Record<string, number>>[];
  return Number(Object.values(row ?? {})[0] ?? 0);
}

/** Which version the tables of a store are of: 0 where there are none yet. */
export async function versionOf(db: Db): Promise<number> {
  const { rows } = await sql<{ readonly userVersion: number }>`pragma user_version`.execute(db);
  return rows[0]?.userVersion ?? 0;
}

/**
 * Makes the tables what this version needs, or an earlier one, which has fewer steps. Only for who holds the lock: two
 * at once would make them twice.
 */
export async function migrate(db: Db, steps = migrations): Promise<void> {
  await writing(db, async (trx) => {
    const version = await versionOf(trx);
    for (const statement of steps.slice(version).flat()) await sql.raw(statement).execute(trx);
    if (version === steps.length) return;
    await sql.raw(`pragma user_version = ${steps.length}`).execute(trx);
    await sql.raw(`pragma application_id = ${applicationId}`).execute(trx);
  });
}

/**
 * One transaction, which has the right to write from its first statement on: one that reads first may find that another
 * has written since, and SQLite ends it.
 */
export async function writing<T>(db: Db, work: (trx: Db) => Promise<T>): Promise<T> {
  return await db.connection().execute(async (trx) => {
    await sql`begin immediate`.execute(trx);
    try {
      const result = await work(trx);
      await sql`commit`.execute(trx);
      return result;
    } catch (error) {
      // A full disk has ended it already.
      await sql`rollback`.execute(trx).catch(() => {});
      throw error;
    }
  });
}
