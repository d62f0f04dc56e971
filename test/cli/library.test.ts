import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/index.ts';
import * as library from '../../src/index.ts';
import { formatsOf, reportDocument } from '../../src/report/documents.ts';
import { mta } from '../fakes/scripted-server.ts';
import { type Installed, installPacked } from '../support/installed.ts';
import { printed } from '../support/printed.ts';

/** What docs/library.md says, word for word: compiled beside the packed package, and run. */
const run = promisify(execFile);
const ours = (path: string) => fileURLToPath(new URL(`../../node_modules/${path}`, import.meta.url));
let installed: Installed;

beforeAll(async () => {
  installed = await installPacked();
  // What a TypeScript project has anyway.
  await mkdir(join(installed.folder, 'node_modules', '@types'), { recursive: true });
  await symlink(ours('@types/node'), join(installed.folder, 'node_modules', '@types', 'node'));
  await Promise.all(['bounces.ts', 'check.ts'].map((name) => write(name, printed(name))));
  await compile('nodenext', '--outDir', '.');
}, 120_000);

afterAll(() => installed?.[Symbol.asyncDispose]());

describe('the types', () => {
  test.each([
    ['nodenext', 'nodenext'],
    ['esnext', 'bundler'],
  ])('hold under strict, declarations included, with module %s', async (module, resolution) => {
    await compile(module, '--noEmit', '--moduleResolution', resolution);
  });

  test.each([
    ['a pass without a quote', "kit.pass('it does');"],
    ['a doubt that there is not', "kit.inconclusive('sunspots', 'who knows');"],
    ['a scan without a name to give in EHLO', "const t = parseTarget('x'); if (t.kind !== 'bad') await scan([t], {});"],
    ['a target that nobody looked at', "await scan([parseTarget('x')], { helo: 'a.example' });"],
    [
      'data that the judge does not know',
      'defineRule({ ...rule, needs: { bounces }, judge: (given) => given.other });',
    ],
  ])('refuse %s', async (_, line) => {
    const rule = `{ id: 'x', question: 'X?', severity: 'low' as const, safety: 'active' as const, why: '.', judged: '.', refs: [], fix: {} }`;
    const head = `import { defineRule, kit, parseTarget, scan } from 'mxprobe';\nimport { bounces } from './bounces.js';\n`;
    await write(
      'wrong.ts',
      `${head}export const used = [defineRule, kit, parseTarget, scan, bounces];\nexport const rule = ${rule};\n${line}\n`,
    );
    const { stdout } = (await compile('nodenext', '--noEmit', 'wrong.ts').catch((error: unknown) => error)) as {
      stdout: string;
    };
    expect(stdout.match(/^wrong\.ts\(5,/gm)).toHaveLength(1);
    expect(stdout.match(/error TS/g)).toHaveLength(1);
  });
});

describe('a probe of one’s own', () => {
  test('passes a server that takes bounces', async () => {
    const { stdout, saved } = await check(mta());
    expect(stdout).toMatch(/pass +[\w,\s-]*\bbounces/);
    expect(findingOf(saved, 'bounces')).toMatchObject({ verdict: 'pass', evidence: [{ quote: '250 2.1.0 Ok' }] });
    expect(findingOf(saved, 'open-relay')).toMatchObject({ verdict: 'pass' });
  });

  test('fails one that refuses them; judged again it is worse, as the policy says', async () => {
    const server = mta().onMail(({ address }) =>
      address === '' ? '550 5.1.8 <>: Sender address rejected' : undefined,
    );
    const { code, stdout, saved } = await check(server);
    expect(findingOf(saved, 'bounces')).toMatchObject({ verdict: 'fail', severity: 'medium' });
    expect(stdout).toMatch(/FAIL +bounces \[critical\]/);
    expect(stdout).toContain('postconf -n smtpd_sender_restrictions');
    expect(code).toBe(1);
  });

  test('is inconclusive where the server hangs up', async () => {
    const server = mta().onMail(({ address }) => (address === '' ? '421 4.3.2 Shutting down' : undefined));
    const { saved } = await check(server);
    expect(findingOf(saved, 'bounces')).toMatchObject({ verdict: 'inconclusive', doubt: 'closed' });
  });
});

test('there is a reporter for each format', () => {
  const reporters = formatsOf(reportDocument).map(
    (format) => `to${format.slice(0, 1).toUpperCase()}${format.slice(1)}`,
  );
  expect(Object.keys(library)).toEqual(expect.arrayContaining([...reporters, 'toNdjson']));
});

test('a name that is no probe is refused, not passed over in silence', async () => {
  const program = `
    import { parseTarget, scan, UsageError } from 'mxprobe';
    for (const options of [{ probes: ['opn-relay'] }, { skip: ['opn-relay'] }])
      await scan([parseTarget('127.0.0.1:1')], { helo: 'scanner.example.com', ...options })
        .catch((error) => console.log(error instanceof UsageError, error.message));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: installed.folder });
  expect(stdout).toMatch(/^(true "opn-relay" is no probe: there are hello, .*\n){2}$/);
});

const write = (name: string, text: string) => writeFile(join(installed.folder, name), text);

async function compile(module: string, ...more: string[]) {
  const strict = ['--strict', '--skipLibCheck', 'false', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'];
  const files = more.some((word) => word.endsWith('.ts')) ? [] : ['check.ts'];
  return run(
    process.execPath,
    [
      ours('typescript/bin/tsc'),
      '--target',
      'es2022',
      '--types',
      'node',
      '--module',
      module,
      ...strict,
      ...more,
      ...files,
    ],
    { cwd: installed.folder },
  );
}

async function check(server: ReturnType<typeof mta>): Promise<{ code: number; stdout: string; saved: Report }> {
  await using running = await server.start();
  const { code = 0, stdout } = (await run(process.execPath, ['check.js', `127.0.0.1:${running.port}`], {
    cwd: installed.folder,
  }).catch((error: unknown) => error)) as { code?: number; stdout: string };
  const saved = JSON.parse(await readFile(join(installed.folder, 'report.json'), 'utf8')) as Report;
  return { code, stdout, saved };
}

const findingOf = (report: Report, id: string) => report.endpoints[0]?.findings.find(({ probe }) => probe === id);
