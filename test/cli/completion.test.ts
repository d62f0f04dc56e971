import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { everyCommand as commands } from '../../src/cli/help.ts';
import { run } from '../../src/cli/run.ts';
import { topics } from '../../src/cli/topics.ts';
import { safeties, severities } from '../../src/model/judgement.ts';
import { builtIns } from '../../src/policy/built-in/built-ins.ts';
import { formats } from '../../src/report/formats.ts';
import { catalogue, world } from './fake-io.ts';

const ids = catalogue.map(({ id }) => id);

describe('what a word may become', () => {
  test.each<[string, string[], readonly string[]]>([
    ['a command', [''], commands.map(({ name }) => name)],
    ['a command begun', ['de'], ['demo']],
    ['an option in front', ['--v'], ['--version']],
    ['an option of a command', ['scan', '--fo'], ['--format']],
    ['an option behind a target', ['scan', 'mx.example.com', '--fa'], ['--fail-on']],
    ['help', ['probes', '--h'], ['--help']],
    ['a format', ['scan', '--format', ''], formats],
    ['a format of another command', ['probes', '--format', 'm'], ['markdown']],
    ['a severity', ['scan', '--fail-on', ''], severities],
    ['a class', ['scan', '--allow', ''], safeties],
    ['a place', ['scan', '--vantage', 'o'], ['outside']],
    ['a probe', ['scan', '--probe', ''], ids],
    ['a second probe', ['scan', '--probe', 'hello', 'open'], ['open-relay']],
    ['one more behind a comma', ['scan', '--skip', 'hello,open'], ['hello,open-relay']],
    ['a value behind =', ['scan', '--format=js'], ['--format=json']],
    ['a value behind = as bash has it', ['scan', '--format', '=', 'js'], ['json']],
    ['any value behind = as bash has it', ['scan', '--vantage', '='], ['outside', 'trusted']],
    ['a probe to explain', ['probes', 'conn'], ['connection-rate']],
    ['a topic', ['help', 'thr'], ['throttling']],
    ['a shell', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['a file', ['judge', 'rep'], [':files']],
    ['a file behind an option', ['scan', '--output', ''], [':files']],
    ['a configuration', ['verify', '--postconf', ''], [':files']],
    ['a policy', ['judge', '--policy', ''], [...Object.keys(builtIns), ':files']],
    ['a file of targets', ['scan', './ho'], [':files']],
    ['a target', ['scan', 'exa'], []],
    ['a value that is free text', ['scan', '--helo', 'scanner'], []],
    ['a word behind a value that is taken', ['judge', '--format', 'json', ''], [':files']],
    ['a word behind a switch', ['judge', '--transcript', ''], [':files']],
    ['a command that there is not', ['scna', ''], []],
  ])('%s', async (_, words, expected) => {
    const { io, out, err } = world();
    expect(await run(['completion', 'words', ...words], io)).toBe(0);
    expect(
      out()
        .split('\n')
        .slice(0, -1)
        .map((line) => line.split('\t')[0]),
    ).toEqual(expected);
    expect(err()).toBe('');
  });

  test('all that is offered for an option is taken by it', async () => {
    for (const option of ['format', 'fail-on', 'allow', 'vantage', 'probe', 'skip']) {
      const offered = world();
      await run(['completion', 'words', 'scan', `--${option}`, ''], offered.io);
      for (const line of offered.out().trim().split('\n')) {
        const { io, err } = world();
        await run(['scan', 'mx.example.com', `--${option}`, line.split('\t')[0] ?? ''], io);
        expect({ line, err: err() }).toEqual({ line, err: '' });
      }
    }
  });

  test('topics and commands are what help knows', async () => {
    const { io, out } = world();
    await run(['completion', 'words', 'help', ''], io);
    const names = out()
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[0] ?? '');
    expect(names).toEqual([...topics, ...commands].map(({ name }) => name));
    for (const name of names) expect(await run(['help', name], world().io)).toBe(0);
  });
});

test.each<[string[], string]>([
  [[], 'completion takes one shell: mxprobe completion bash, or zsh, or fish'],
  [['bsh'], '"bsh" is no shell that is known here - did you mean bash?; there are bash, zsh, fish'],
])('completion %j', async (words, message) => {
  const { io, out, err } = world();
  expect(await run(['completion', ...words], io)).toBe(3);
  expect(err()).toBe(`mxprobe: ${message}\n`);
  expect(out()).toBe('');
});

describe('in bash', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mxprobe-bash-'));
  writeFileSync(
    join(folder, 'mxprobe'),
    `#!/bin/sh\nexec '${process.execPath}' '${process.cwd()}/dist/src/cli/main.js' "$@"\n`,
  );
  chmodSync(join(folder, 'mxprobe'), 0o755);
  mkdirSync(join(folder, 'here'));
  writeFileSync(join(folder, 'here', 'my report.json'), '');
  mkdirSync(join(folder, 'here', 'reports'));

  test.each<[string, string[], string[]]>([
    ['mxprobe pro', ['mxprobe', 'pro'], ['probes']],
    ['mxprobe scan --for', ['mxprobe', 'scan', '--for'], ['--format']],
    ['mxprobe scan --probe hello open', ['mxprobe', 'scan', '--probe', 'hello', 'open'], ['open-relay']],
    ['mxprobe scan --fail-on=h', ['mxprobe', 'scan', '--fail-on', '=', 'h'], ['high']],
    ['mxprobe scan --vantage=', ['mxprobe', 'scan', '--vantage', '='], ['outside', 'trusted']],
    ['mxprobe judge ', ['mxprobe', 'judge', ''], ['my report.json', 'reports']],
    ['mxprobe scan example.com', ['mxprobe', 'scan', 'example.com'], []],
  ])('%s', async (line, words, expected) => {
    const { stdout } = await promisify(execFile)(
      'bash',
      [
        '--norc',
        '-c',
        `source <(mxprobe completion bash) && complete -p mxprobe >&2
         COMP_LINE=$1; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_POINT=\${#COMP_LINE}
         _mxprobe; for word in "\${COMPREPLY[@]}"; do printf '%s\\n' "$word"; done`,
        'bash',
        line,
        ...words,
      ],
      { cwd: join(folder, 'here'), env: { ...process.env, PATH: `${folder}:${process.env.PATH}` } },
    );
    expect(stdout.split('\n').slice(0, -1).sort()).toEqual(expected);
  });
});
