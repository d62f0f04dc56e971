import { spawn } from 'node:child_process';
import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
const hosts = join(folder, 'hosts.txt');
writeFileSync(hosts, '\uFEFF# ours\r\nmx1.example.com\r\n\r\nmx2.example.com:587 # users\r\n');

async function inputs(words: readonly string[], stdin = ''): Promise<string[] | undefined> {
  const { io, scans } = world({ stdin });
  await run(['scan', ...words], io);
  return scans[0]?.targets.map((target) => target.input);
}

test.each<[string, string[]]>([
  ['with @', [`@${hosts}`]],
  ['with a slash', [hosts]],
])('come from a file %s', async (_, words) => {
  expect(await inputs(words)).toEqual(['mx1.example.com', 'mx2.example.com:587']);
});

test('come from standard input', async () => {
  expect(await inputs(['a.example', '-'], 'b.example\nc.example\n')).toEqual(['a.example', 'b.example', 'c.example']);
});

test('are scanned once, however they are written', async () => {
  expect(
    await inputs([
      'example.com',
      'EXAMPLE.com.',
      'mx.example.com:25',
      'smtp://mx.example.com',
      `@${hosts}`,
      `@${hosts}`,
    ]),
  ).toEqual(['EXAMPLE.com.', 'smtp://mx.example.com', 'mx1.example.com', 'mx2.example.com:587']);
});

test('with a scheme are no files', async () => {
  expect(await inputs(['smtps://mx.example.com:465'])).toEqual(['smtps://mx.example.com:465']);
});

test('that are also the name of a file here are domains, and that is said', async () => {
  const { io, err, scans } = world();
  await run(['scan', 'package.json'], io);
  expect(scans[0]?.targets).toMatchObject([{ kind: 'name', name: 'package.json' }]);
  expect(err()).toContain('to read the file of that name: @package.json');
});

describe('a list of any length stands in memory nowhere', () => {
  const started = (argv: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore') => {
    // Enough for what a scan may ask; a list of a million lines, read whole, took ten times as much.
    const node = ['--max-old-space-size=100', join(process.cwd(), 'dist/src/cli/main.js'), 'scan', '--plan'];
    const child = spawn(process.execPath, [...node, ...argv], { stdio: [stdin, 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout?.on('data', (piece) => {
      out += piece;
    });
    child.stderr?.on('data', (piece) => {
      err += piece;
    });
    const ended = new Promise<number | string | null>((closed) =>
      child.on('close', (code, signal) => closed(code ?? signal)),
    );
    return { child, ended: async () => ({ code: await ended, out, err }) };
  };
  const list = (name: string, lines: number) => {
    const text = Array.from({ length: lines }, (_, index) => `mx${index}.example.com\n`);
    writeFileSync(join(folder, name), text.join(''));
    return `@${join(folder, name)}`;
  };

  test('more targets than a report holds are refused', async () => {
    expect(await started([list('million', 1_000_000)]).ended()).toEqual({
      code: 3,
      out: '',
      err: 'mxprobe: over 100000 targets: scan them in several parts, each with a report of its own\n',
    });
  });

  test('fewer are taken', async () => {
    const { code, out, err } = await started([list('many', 20_000)]).ended();
    expect({ code, err, begin: out.slice(0, 14) }).toEqual({ code: 0, err: '', begin: '20000 targets:' });
  });

  test('a line without an end is refused', async () => {
    const file = join(folder, 'endless');
    writeFileSync(file, 'mx.example.com\n');
    truncateSync(file, 2_000_000_000);
    expect(await started([`@${file}`]).ended()).toEqual({
      code: 3,
      out: '',
      err: `mxprobe: ${file}: line 2 is longer than 4096 characters: write one target a line\n`,
    });
  });

  test('SIGTERM is heard at once, however fast the lines come', async () => {
    const { child, ended } = started(['-'], 'pipe');
    const comments = '# none of these is a target\n'.repeat(100_000);
    const pour = () => {
      while (child.stdin?.write(comments));
    };
    child.stdin?.on('drain', pour).on('error', () => {});
    pour();
    await new Promise((resolve) => child.stdin?.once('drain', resolve));
    const began = performance.now();
    child.kill('SIGTERM');
    expect(await ended()).toMatchObject({ code: 'SIGTERM', out: '' });
    expect(performance.now() - began).toBeLessThan(1000);
  });
});
