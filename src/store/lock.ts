import { closeSync, openSync } from 'node:fs';
import { connect } from './database.ts';
import { asTrouble } from './trouble.ts';

/** That this process alone runs monitors on a store. The system gives it back when the process ends, by kill -9 too. */
export type StoreLock = Disposable;

/** Null where another process has it. Throws `UsageError` where it cannot be told. */
export function lockStore(file: string): StoreLock | null {
  const name = `${file}.lock`;
  try {
    closeSync(openSync(name, 'a', 0o600));
    const connection = connect(name);
    connection.pragma('busy_timeout = 0');
    connection.exec('begin exclusive');
    return {
      [Symbol.dispose]() {
        // To close it is not enough: statements that nobody has collected yet keep it.
        connection.exec('rollback');
        connection.close();
      },
    };
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'SQLITE_BUSY') return null;
    throw asTrouble(error, name);
  }
}
