import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { documents } from '../support/printed.ts';

/** Every command line that the documents print, run in a folder that has the files which they name. */
const run = promisify(execFile);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxprobe-lines-'));
  await mkdir(join(folder, 'bin'));
  await writeFile(join(folder, 'bin', 'mxprobe'), `#!/bin/sh\nexec node '${resolve('dist/src/cli/main.js')}' "$@"\n`, {
    mode: 0o755,
  });
  await shell('mxprobe demo --format json --output report.json');
  for (const name of ['r', 'before', 'after', 'monday', 'tuesday'])
    await cp(join(folder, 'report.json'), join(folder, `${name}.json`));
  await writeFile(join(folder, 'hosts.txt'), '127.0.0.1:1\n');
  await cp('examples/mxprobe.yaml', join(folder, 'mxprobe.yaml'));
  await writeFile(join(folder, 'sink.ndjson'), '{"sink":"sink.example.net","startedAt":"2026-01-01T00:00:00.000Z"}\n');
  await writeFile(join(folder, 'customers.txt'), 'a.example\nb.example\n');
  for (const name of ['main.cf', 'main.txt', 'postconf.txt'])
    await writeFile(join(folder, name), 'mail_version = 3.7.11\n');
  for (const name of ['master.cf', 'master.txt']) await writeFile(join(folder, name), 'smtp inet n - y - - smtpd\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const lines = [...documents].flatMap(([path, text]) => commandLinesOf(text).map((line) => [path, line] as const));

test.concurrent.each(lines)('%s: %s', async (_, line) => {
  const { code, stderr } = await shell(line.replace(targets, nobody));
  expect(stderr).not.toMatch(/internal error/);
  // To a monitor, what nobody answers is 3 as well, and it is no server to take as a model.
  expect(/--format nagios|monitor init/.test(line) ? [3] : [0, 1, 2], stderr).toContain(code);
});

/** The lines of shell that begin with our name, without the remark behind them; what has a name in capitals is a recipe. */
function commandLinesOf(text: string): string[] {
  const blocks = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, , block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ +# .*$/, '').trim())
    .filter((line) => /^mxprobe /.test(line) && !line.includes('"$'));
}

/** Servers in a command line; what follows these options is none. They are scanned where nobody listens. */
const targets =
  /(?<!--(?:domain|helo|external|recipient) )(?<= )(?:smtps:\/\/)?(?:mail\.)?example\.com(?::\d+)?|'\[2001:.*?'/g;
const nobody = '127.0.0.1:1';

async function shell(line: string): Promise<{ code: number; stderr: string }> {
  const env = {
    ...process.env,
    MXPROBE_SINK_SECRET: 'sixteen octets or so',
    PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  };
  const ended = await run('sh', ['-c', line], { cwd: folder, env }).catch((error: unknown) => error);
  const { code = 0, stderr } = ended as { code?: number; stderr: string };
  return { code, stderr };
}
