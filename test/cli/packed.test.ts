import { execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/index.ts';
import { type Installed, installPacked } from '../support/installed.ts';

/** The package as users get it: packed, installed in an empty folder, started as a process of its own. */
const run = promisify(execFile);
let installed: Installed;
let folder = '';
let bin = '';

beforeAll(async () => {
  installed = await installPacked();
  ({ folder, bin } = installed);
}, 120_000);

afterAll(() => installed?.[Symbol.asyncDispose]());

test('the demo is scanned, and reported within three seconds', async () => {
  const began = performance.now();
  const { stdout } = await run(bin, ['demo'], { cwd: folder });
  expect(performance.now() - began).toBeLessThan(Math.max(3000, 40 * (await ofNode())));
  expect(stdout).toMatch(/FAIL\s+open-relay/);
  expect(stdout).toMatch(/Fix for smtp-server:/);
});

test('--version is there at once', async () => {
  const { stdout } = await run(bin, ['--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  const node = await ofNode();
  expect((await quickest(bin, ['--version'])) - node).toBeLessThan(Math.max(80, 2 * node));
});

/**
 * What Node itself takes to begin, in milliseconds: not ours, and many times as much on a machine that is busy with
 * other things.
 */
const ofNode = () => quickest(process.execPath, ['--eval', '0']);

async function quickest(file: string, args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let nth = 0; nth < 5; nth++) {
    const began = performance.now();
    await run(file, args);
    times.push(performance.now() - began);
  }
  return Math.min(...times);
}

test('one JSON document and exit code 2 for a server that is down; the reason on stderr', async () => {
  const failed = await run(bin, ['scan', '127.0.0.1:1', '--format', 'json', '--helo', 'scanner.example.com']).catch(
    (error: unknown) => error,
  );
  const { code, stdout, stderr } = failed as { code: number; stdout: string; stderr: string };
  const report = JSON.parse(stdout) as Report;
  expect(code).toBe(2);
  expect(report.schema).toBe(1);
  expect(report.summary.counts.pass).toBe(0);
  expect(stderr).toMatch(/127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/);
});

test('the demo as a page that needs nothing else', async () => {
  const { stdout } = await run(bin, ['demo', '--format', 'html'], { cwd: folder });
  expect(stdout).toMatch(/^<!doctype html>.*open-relay.*<\/html>\n$/s);
});

test('bad usage: one line on stderr, nothing on stdout, exit code 3', async () => {
  for (const args of [
    ['scan', 'localhost:99999'],
    ['scan', 'example.com', '--format', 'pdf'],
    ['scan', '--nonsense', 'example.com'],
    ['scan', 'example.com', '--probe', 'open-rely'],
    ['scan', '@/does/not/exist'],
  ]) {
    const failed = await run(bin, args).catch((error: unknown) => error);
    const { code, stdout, stderr } = failed as { code: number; stdout: string; stderr: string };
    expect({ args, code, stdout }).toEqual({ args, code: 3, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});

test('a reader that has seen enough (| head) is no error', async () => {
  const child = spawn('sh', ['-c', `'${bin}' demo --format json | head -c 100`], { cwd: folder });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await new Promise((closed) => child.on('close', closed));
  expect(stderr).not.toMatch(/at .*\.js|EPIPE|internal error/);
});

test.each(['policy', 'monitor'])(
  'the JSON Schema of %s is in the package, as the program prints it',
  async (name) => {
    const program = `
    import schema from 'mxprobe/${name}.schema.json' with { type: 'json' };
    console.log(JSON.stringify(schema));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
    const printed = await run(bin, [name, 'schema']);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(printed.stdout));
  },
  20_000,
);

test('the library scans and judges again', async () => {
  const program = `
    import { judgeAgain, defaultPolicy, parseTarget, scan } from 'mxprobe';
    const report = await scan([parseTarget('127.0.0.1:1')], { helo: 'scanner.example.com' });
    console.log(report.endpoints[0].findings[0].doubt, judgeAgain(report, defaultPolicy).summary.exitCode);`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
  expect(stdout).toBe('unreachable 2\n');
});

test('it holds the program, the library and the declarations that can be reached from it, and nothing else', async () => {
  const names = await readdir(join(folder, 'node_modules', 'mxprobe'), { recursive: true });
  const files = names.filter((name) => /\.\w+$/.test(name));
  expect(files.filter((name) => !/\.js$|\.d\.ts$/.test(name)).sort()).toEqual([
    'CHANGELOG.md',
    'README.md',
    'dist/licences.txt',
    'dist/monitor.schema.json',
    'dist/mxprobe.1',
    'dist/policy.schema.json',
    'package.json',
  ]);
  expect(files.filter((name) => name.endsWith('.js') && !name.startsWith('dist/chunks/')).sort()).toEqual([
    'dist/src/cli/main.js',
    'dist/src/index.js',
  ]);
  expect(
    files.filter((name) => /^dist\/(src\/(cli|demo|verify|postfix|policy)|probes)\/.*\.d\.ts$/.test(name)),
  ).toEqual([]);
  expect(files.length).toBeLessThan(400);
});
