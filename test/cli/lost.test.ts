import { spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { cleanReport } from './fake-io.ts';

/**
 * A report that did not arrive is never told as success. By the built program, for what is lost is lost by the process.
 */
const folder = mkdtempSync(join(tmpdir(), 'mxprobe-lost-'));
const main = join(process.cwd(), 'dist/src/cli/main.js');
const file = (name: string, content: object): string => {
  writeFileSync(join(folder, name), JSON.stringify(content));
  return join(folder, name);
};
const clean = file('clean.json', cleanReport);
/** Longer than a pipe or a page of memory holds. */
const long = file(
  'long.json',
  report([endpointReport([finding('hello', 'pass', { because: 'said '.repeat(60_000) })])]),
);

async function started(command: string, argv: readonly string[], stdout: number | 'pipe') {
  const child = spawn(command, argv, { stdio: ['ignore', stdout, 'pipe'] });
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((closed) => child.on('close', closed));
  return { code, stderr };
}

describe('a full disk behind stdout is exit code 3 and a line on stderr', () => {
  test.each<[string, string[]]>([
    ['a report', ['judge', clean]],
    ['a report in JSON', ['judge', clean, '--format', 'json']],
    ['the line for a monitor', ['judge', clean, '--format', 'nagios']],
    ['a long report', ['judge', long, '--format', 'json']],
    ['a comparison', ['diff', clean, clean]],
    ['a plan', ['scan', 'mx.example.com', '--plan']],
    ['the catalogue', ['probes']],
    ['help', ['--help']],
    ['help on a command', ['scan', '--help']],
    ['a topic', ['help', 'relay']],
    ['the version', ['--version']],
    ['what a monitor is told of a mistake', ['judge', '/nowhere.json', '--format', 'nagios']],
  ])('%s', async (_, argv) => {
    const { code, stderr } = await started(process.execPath, [main, ...argv], openSync('/dev/full', 'w'));
    expect({ code, last: stderr.trimEnd().split('\n').at(-1) }).toEqual({
      code: 3,
      last: 'mxprobe: standard output cannot be written: the disk is full',
    });
  });

  test('where the beginning still fits', async () => {
    const out = join(folder, 'half.json');
    // A file may have 64 kB and no more: beyond that, writing fails as on a full disk.
    const limited = `trap '' XFSZ; ulimit -f 64; exec "$@" > '${out}'`;
    const judge = [process.execPath, main, 'judge', long, '--format', 'json'];
    const { code, stderr } = await started('bash', ['-c', limited, 'bash', ...judge], 'pipe');
    expect(readFileSync(out, 'utf8').length).toBe(65_536);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'mxprobe: standard output cannot be written: the file would be too large\n',
    });
  });
});

describe('a reader that has seen enough is no loss', () => {
  test.each<[string, string[]]>([
    ['of a report', ['judge', long, '--format', 'json']],
    ['of the catalogue', ['probes', '--format', 'json']],
  ])('%s', async (_, argv) => {
    const child = spawn('bash', [
      '-c',
      'set -o pipefail; "$@" | head -c 100 > /dev/null',
      'bash',
      process.execPath,
      main,
      ...argv,
    ]);
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    expect(await new Promise((closed) => child.on('close', closed))).toBe(0);
    expect(stderr).toBe('');
  });
});
