import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { writeWhole } from './files.ts';

/** A file that is not whole yet. It stands beside the one that it is to become, under a name that nobody can foresee. */
export interface Part {
  /** False: the file is there already and another user's, which this process may not make the new one. */
  readonly keepsOwner: boolean;
  write(text: string): void;
  /** Takes the place of the file, with the owner and the mode that it had; on disk by then, so that it is whole even where the power fails. */
  place(): void;
  remove(): void;
}

/** Throws what the file system says. Parts that dead processes left in the folder are removed. */
export function openPart(path: string): Part {
  const folder = dirname(path);
  for (const name of attempt(() => strays(folder)) ?? []) attempt(() => rmSync(join(folder, name)));
  const old = statSync(path, { throwIfNoEntry: false });
  // No longer than any name that a file system takes: the name of the file itself may be as long as it takes.
  const name = join(folder, `.mxprobe-${here()}-${process.pid}-${randomBytes(8).toString('hex')}.part`);
  const handle = openSync(name, 'wx', old === undefined ? 0o666 : 0o600);
  const keepsOwner = old === undefined || resembles(handle, old);
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(handle);
    isOpen = false;
  };
  return {
    keepsOwner,
    write: (text) => writeWhole(handle, text),
    place() {
      fsyncSync(handle);
      close();
      renameSync(name, path);
    },
    remove() {
      attempt(close);
      rmSync(name, { force: true });
    },
  };
}

/** Gives a new file the owner, the group and the mode of the old one, as far as may be. */
function resembles(handle: number, { uid, gid, mode }: Stats): boolean {
  const own = fstatSync(handle);
  if (gid !== own.gid) attempt(() => fchownSync(handle, own.uid, gid));
  if (uid !== own.uid) attempt(() => fchownSync(handle, uid, gid));
  fchmodSync(handle, mode & 0o777);
  return fstatSync(handle).uid === uid;
}

/** Where processes are told apart by their number: this machine, since it was started, and this container. */
function here(): string {
  const told = [
    () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'),
    () => readlinkSync('/proc/self/ns/pid'),
    hostname,
  ].map((tell) => attempt(tell) ?? '');
  return createHash('sha256').update(told.join(' ')).digest('hex').slice(0, 8);
}

/** Of a process that was here and is no more. What others left may be another machine's, at work on the same folder. */
function strays(folder: string): string[] {
  const ofHere = new RegExp(`^\\.mxprobe-${here()}-(\\d+)-[0-9a-f]{16}\\.part$`);
  return readdirSync(folder).filter((name) => {
    const [, pid] = ofHere.exec(name) ?? [];
    return pid !== undefined && isDead(Number(pid));
  });
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function isDead(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
