import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labFolder } from './image-tag.ts';

const run = promisify(execFile);
const tag = 'mxprobe-lab/mxprobe';

/** Builds the container image of mxprobe from what `npm run build` has made, and resolves to its tag. */
export async function buildScannerImage(): Promise<string> {
  const { stdout } = await run('bash', [join(labFolder, 'mxprobe', 'build'), tag], { maxBuffer: 1e8 });
  return stdout.trim();
}

/**
 * A container as the recipes run it, but with less: nothing to write to, no rights that a process of its user has not.
 */
export const bareDocker = ['run', '--rm', '--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'];

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the docker client with these words, and this on standard input, to its end. */
export async function docker(words: readonly string[], stdin = ''): Promise<Ended> {
  const child = spawn('docker', words);
  child.stdin.on('error', () => {}); // a container that does not read it
  child.stdin.end(stdin);
  return await ended(child);
}

/** What a process has said by the time it ends, and its exit code. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => {
    said.stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    said.stderr += chunk;
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject).on('close', (status) => resolve(status ?? -1));
  });
  return { code, ...said };
}
