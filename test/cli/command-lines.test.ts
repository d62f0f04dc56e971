import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
  await writeFile(join(folder, 'hosts.txt'), 'mail.example.com\n');
  for (const name of ['main.cf', 'main.txt']) await writeFile(join(folder, name), 'mail_version = 3.7.11\n');
  for (const name of ['master.cf', 'master.txt']) await writeFile(join(folder, name), 'smtp inet n - y - - smtpd\n');
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each([...documents])('%s', (_, text) => {
  const lines = commandLinesOf(text);
  test.each(lines)('%s', async (line) => {
    // What would be asked of somebody's server is only planned.
    const { code, stderr } = await shell(goesOut(line) ? `${line} --plan` : line);
    expect({ code, stderr }).toMatchObject({ code: expect.toSatisfy((given) => given !== 3 && given !== 127) });
  });
});

/** The lines of shell that begin with our name, without the remark behind them; what has a name in capitals is a recipe. */
function commandLinesOf(text: string): string[] {
  const blocks = [...text.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)].map(([, , block = '']) => block);
  return blocks
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/ +# .*$/, '').trim())
    .filter((line) => /^mxprobe /.test(line) && !line.includes('"$'));
}

const goesOut = (line: string) => /^mxprobe (scan|verify) /.test(line) && !/--(plan|report)\b/.test(line);

async function shell(line: string): Promise<{ code: number; stderr: string }> {
  const env = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` };
  const ended = await run('sh', ['-c', line], { cwd: folder, env }).catch((error: unknown) => error);
  const { code = 0, stderr } = ended as { code?: number; stderr: string };
  return { code, stderr };
}
