import { closeSync, lstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Aside, openAside } from './aside.ts';
import { writeWhole } from './files.ts';
import type { Io } from './io.ts';

/** What a document is written to. A file appears whole when it is kept, and not at all before. */
export interface Output {
  /** The file behind all links; null for stdout and for devices, which take any number of documents. */
  readonly path: string | null;
  /** False: another user's file will be ours. */
  readonly keepsOwner: boolean;
  write(text: string): void;
  /** Everything is written. */
  keep(): void;
  /** Leaves nothing behind, unless it was kept. */
  close(): void;
}

const nothing = { path: null, keepsOwner: true, keep() {}, close() {} };

/** Opens stdout for null, or a file. Throws what the file system says. */
export function openOutput(file: string | null, { stdout, cleanups }: Pick<Io, 'stdout' | 'cleanups'>): Output {
  if (file === null) return { ...nothing, write: stdout.write };
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return found === undefined || found.isFile()
    ? openFile(realPath(file, found !== undefined), cleanups)
    : openDevice(file);
}

/**
 * Written beside the file and moved into place, which is one step for whoever reads it. That this can be done is tried
 * at once; until there is something to write nothing stays on disk, so that a process may be ended at any time.
 */
function openFile(path: string, cleanups: Set<() => void>): Output {
  const tried = openAside(path);
  tried.remove();
  let aside: Aside | null = null;
  const opened = (): Aside => {
    if (aside !== null) return aside;
    aside = openAside(path);
    cleanups.add(aside.remove);
    return aside;
  };
  return {
    path,
    keepsOwner: tried.keepsOwner,
    write: (text) => opened().write(text),
    keep: () => opened().keep(),
    close() {
      if (aside === null) return;
      aside.remove();
      cleanups.delete(aside.remove);
    },
  };
}

/**
 * Pipes and devices, such as /dev/stderr, are written to as they are: a file moved over them would take their place.
 */
function openDevice(file: string): Output {
  const handle = openSync(file, 'w');
  return { ...nothing, write: (text) => writeWhole(handle, text), close: () => closeSync(handle) };
}

/** A link that leads nowhere is refused: neither what it names nor what would take its place may be what was meant. */
function realPath(file: string, isThere: boolean): string {
  if (isThere) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw new Error('it is a symbolic link that leads nowhere');
  return join(realpathSync(dirname(file)), basename(file));
}
