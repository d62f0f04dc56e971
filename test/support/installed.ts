import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The package as users get it: packed from what `npm run build` has made, and installed in an empty folder. */
export interface Installed extends AsyncDisposable {
  readonly folder: string;
  readonly tarball: string;
  /** The program as npm links it. */
  readonly bin: string;
}

export async function installPacked(): Promise<Installed> {
  const folder = await mkdtemp(join(tmpdir(), 'mxprobe-packed-'));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
  });
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>);
  const tarball = join(folder, packed?.filename ?? '');
  await writeFile(join(folder, 'package.json'), '{ "name": "somewhere-else", "private": true, "type": "module" }');
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], { cwd: folder });
  return {
    folder,
    tarball,
    bin: join(folder, 'node_modules', '.bin', 'mxprobe'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
