import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { writeWhole } from './files.ts';

/**
 * A file that is not whole yet. It stands beside the one whose place it is to take, under a name that nobody can
 * foresee.
 */
export interface Aside {
  /** False: the other is another user's, and this process may not give them the new one. */
  readonly keepsOwner: boolean;
  write(text: string): void;
  /**
   * Takes the place, with the owner and the mode of what was there; on disk by then, so that it is whole even where the
   * power fails.
   */
  keep(): void;
  /** Leaves nothing behind, unless it was kept. */
  remove(): void;
}

/**
 * Throws what the file system says. What dead processes left in the folder is removed. `unforeseen` and `chown`: for
 * tests of bad luck.
 */
export function openAside(
  path: string,
  { unforeseen = randomBytes(8).toString('hex'), chown = fs.fchownSync } = {},
): Aside {
  const folder = dirname(path);
  for (const name of attempt(() => strays(folder)) ?? []) attempt(() => fs.rmSync(join(folder, name)));
  const old = fs.statSync(path, { throwIfNoEntry: false });
  // Short, for the name of the file itself may be as long as the file system takes.
  const name = join(folder, `.mxprobe-${here()}-${process.pid}-${unforeseen}.part`);
  const handle = fs.openSync(name, 'wx', old === undefined ? 0o666 : 0o600);
  const keepsOwner = old === undefined || resembles(handle, old, chown);
  let isOpen = true;
  const close = () => {
    if (isOpen) fs.closeSync(handle);
    isOpen = false;
  };
  return {
    keepsOwner,
    write: (text) => writeWhole(handle, text),
    keep() {
      fs.fsyncSync(handle);
      close();
      fs.renameSync(name, path);
    },
    remove() {
      attempt(close);
      fs.rmSync(name, { force: true });
    },
  };
}

/**
 * Gives a new file the group, the owner and the mode of the old one, as far as may be. Whether the owner is the same.
 */
function resembles(handle: number, { uid, gid, mode }: fs.Stats, chown: typeof fs.fchownSync): boolean {
  const own = fs.fstatSync(handle);
  if (gid !== own.gid) attempt(() => chown(handle, own.uid, gid));
  if (uid !== own.uid) attempt(() => chown(handle, uid, gid));
  fs.fchmodSync(handle, mode & 0o777);
  return fs.fstatSync(handle).uid === uid;
}

/**
 * Of processes that were here and are no more. What others left may be another machine's, at work on the same folder.
 */
function strays(folder: string): string[] {
  const ofHere = new RegExp(`^\\.mxprobe-${here()}-(\\d+)-[0-9a-f]{16}\\.part$`);
  return fs.readdirSync(folder).filter((name) => {
    const [, pid] = ofHere.exec(name) ?? [];
    return pid !== undefined && isDead(Number(pid));
  });
}

/** Where processes are told apart by their number: this machine since it was started, and this container. */
function here(): string {
  const tellers = [
    () => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
    () => fs.readlinkSync('/proc/self/ns/pid'),
    hostname,
  ];
  const told = tellers.map((tell) => attempt(tell) ?? '').join(' ');
  return createHash('sha256').update(told).digest('hex').slice(0, 8);
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
