import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** `docker/`, whether this runs from source or compiled under `dist/`. */
export const labFolder = import.meta.dirname.replace(/([\\/])dist[\\/]docker$/, '$1docker');

/**
 * A tag that changes with whatever the image is made of: the files of its folder, which of them may run, and its base.
 */
export async function tagOf(name: string, folder: string, base = ''): Promise<string> {
  const hash = createHash('sha256').update(base);
  for (const file of (await readdir(folder)).sort()) {
    const path = join(folder, file);
    const runs = ((await stat(path)).mode & 0o100) !== 0;
    hash.update(`\0${file}\0${runs}\0`).update(await readFile(path));
  }
  return `mxprobe-lab/${name}:${hash.digest('hex').slice(0, 12)}`;
}
