import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { UsageError } from '../model/usage-error.ts';
import { whyNot } from './files.ts';
import type { Io } from './io.ts';

/** Where a report goes. A file appears whole when it is kept, and not at all before. */
export interface Output {
  write(text: string): void;
  /** Everything is written. */
  keep(): void;
  /** Leaves nothing behind, unless it was kept. */
  [Symbol.dispose](): void;
}

/** Opens stdout, or the file named with `--output`: before the scan, so that a scan is never lost to a wrong path. */
export function openOutput(file: string | null, { stdout, cleanups }: Pick<Io, 'stdout' | 'cleanups'>): Output {
  if (file === null) return { write: (text) => stdout.write(text), keep() {}, [Symbol.dispose]() {} };
  return orUnwritable(file, () => {
    const path = behindLinks(file);
    return isDevice(path) ? openDevice(file, path) : openAside(file, path, cleanups);
  });
}

/** Whether two names lead to one file; a device, such as /dev/null, takes any number of reports. */
export function areOneFile(one: string, other: string): boolean {
  const path = behindLinks(one);
  return resolve(path) === resolve(behindLinks(other)) && statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
}

/** Writes beside the file and moves the result into place, which is one step for whoever reads it. */
function openAside(file: string, path: string, cleanups: Set<() => void>): Output {
  const aside = join(dirname(path), `.${basename(path)}.${process.pid}.part`);
  const handle = openSync(aside, 'w');
  const remove = () => rmSync(aside, { force: true });
  cleanups.add(remove);
  let open = true;
  const close = () => {
    if (open) closeSync(handle);
    open = false;
  };
  return {
    write: (text) => orUnwritable(file, () => writeWhole(handle, text)),
    keep: () => {
      close();
      orUnwritable(file, () => renameSync(aside, path));
    },
    [Symbol.dispose]() {
      close();
      remove();
      cleanups.delete(remove);
    },
  };
}

/** Pipes and devices, such as /dev/stderr, are written to as they are: a file moved over them would take their place. */
function openDevice(file: string, path: string): Output {
  const handle = openSync(path, 'w');
  return {
    write: (text) => orUnwritable(file, () => writeWhole(handle, text)),
    keep() {},
    [Symbol.dispose]: () => closeSync(handle),
  };
}

function writeWhole(handle: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(handle, bytes, at);
}

function behindLinks(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}

function isDevice(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  return found !== undefined && !found.isFile();
}

function orUnwritable<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`--output: "${file}" cannot be written: ${whyNot(error)}`);
  }
}
