import { closeSync, lstatSync, openSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { say } from './complain.ts';
import { whyNot, writeWhole } from './files.ts';
import type { Io } from './io.ts';
import { openPart } from './part.ts';

/** Where a report goes. A file appears whole when it is kept, and not at all before. */
export interface Output {
  write(text: string): void;
  /** Everything is written. */
  keep(): void;
  /** Leaves nothing behind, unless it was kept. */
  [Symbol.dispose](): void;
}

/** Opens stdout, or the file named with `--output`: before the scan, so that a scan is never lost to a wrong path. */
export function openOutput(file: string | null, io: Pick<Io, 'stdout' | 'stderr' | 'cleanups'>): Output {
  if (file === null) return { write: (text) => io.stdout.write(text), keep() {}, [Symbol.dispose]() {} };
  return orUnwritable(file, () => (isDevice(file) ? openDevice(file) : openFile(file, io)));
}

/** Whether two names lead to one file; a device, such as /dev/null, takes any number of reports. */
export function areOneFile(one: string, other: string): boolean {
  return orUnwritable(one, () => !isDevice(one) && realPath(one)) === orUnwritable(other, () => realPath(other));
}

/** Writes beside the file and moves the result into place, which is one step for whoever reads it. */
function openFile(file: string, { cleanups, stderr }: Pick<Io, 'stderr' | 'cleanups'>): Output {
  const part = openPart(realPath(file));
  if (!part.keepsOwner) say(`"${file}" belongs to another user, and will be ours`, { stderr });
  cleanups.add(part.remove);
  return {
    write: (text) => orUnwritable(file, () => part.write(text)),
    keep: () => orUnwritable(file, part.place),
    [Symbol.dispose]() {
      part.remove();
      cleanups.delete(part.remove);
    },
  };
}

/** Pipes and devices, such as /dev/stderr, are written to as they are: a file moved over them would take their place. */
function openDevice(file: string): Output {
  const handle = openSync(file, 'w');
  return {
    write: (text) => orUnwritable(file, () => writeWhole(handle, text)),
    keep() {},
    [Symbol.dispose]: () => closeSync(handle),
  };
}

function isDevice(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return found !== undefined && !found.isFile();
}

/** The file behind links. A link that leads nowhere is refused: neither what it names nor what takes its place may be what was meant. */
function realPath(file: string): string {
  if (statSync(file, { throwIfNoEntry: false }) !== undefined) return realpathSync(file);
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined)
    throw new Error('it is a symbolic link that leads nowhere');
  return join(realpathSync(dirname(file)), basename(file));
}

function orUnwritable<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`--output: "${file}" cannot be written: ${whyNot(error)}`);
  }
}
