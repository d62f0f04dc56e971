import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/index.ts';

/** A whole process, as a user starts it. */
export interface Run {
  readonly ms: number;
  readonly stdout: string;
  readonly exitCode: number | null;
  /** Highest resident memory seen in MB (Linux), 0 where the system does not tell. */
  readonly peakMb: number;
}

const built = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));

async function run(command: string, args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let peakKb = 0;
  const status = `/proc/${child.pid}/status`;
  const watch = setInterval(() => {
    if (existsSync(status))
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0));
  }, 20);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  const exitCode = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed));
  clearInterval(watch);
  return { ms: performance.now() - began, stdout, exitCode, peakMb: Math.round(peakKb / 1024) };
}

/** mxprobe, built, as a whole process. */
export const mxprobe = (...args: string[]): Promise<Run> =>
  run(process.execPath, [
    built,
    'scan',
    ...args,
    '--format',
    'json',
    '--helo',
    'scanner.example.com',
    '--domain',
    'example.test',
  ]);

export const nmap = (port: number, scripts: string): Promise<Run> =>
  run('nmap', [
    '-Pn',
    '-n',
    '-p',
    String(port),
    '--script',
    scripts,
    '--script-args',
    'smtp.domain=scanner.example.com',
    '127.0.0.1',
  ]);

export const reportOf = ({ stdout }: Run): Report => JSON.parse(stdout) as Report;

export function median(runs: readonly Run[]): number {
  const sorted = runs.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export async function times<T>(count: number, work: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let nth = 0; nth < count; nth++) results.push(await work());
  return results;
}

/** Most negative replies in one session: a server's patience for errors is counted in them. */
export function mostErrors(report: Report): number {
  const counts = report.endpoints.flatMap(({ sessions }) =>
    sessions.map(({ events }) => events.filter(({ from, text }) => from === 'them' && /^[45]\d\d /.test(text)).length),
  );
  return Math.max(0, ...counts);
}
