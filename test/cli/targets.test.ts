import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
