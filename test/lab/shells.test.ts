import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startShells } from '../../docker/lab.ts';
import { topics } from '../../src/cli/topics.ts';
import { type Installed, installPacked } from '../support/installed.ts';

/** Completion in real shells and the manual page in real formatters, of the package as it is installed. */
let installed: Installed;
let shells: Awaited<ReturnType<typeof startShells>>;

beforeAll(async () => {
  installed = await installPacked();
  shells = await startShells(installed.folder);
});

afterAll(async () => {
  await shells?.[Symbol.asyncDispose]();
  await installed?.[Symbol.asyncDispose]();
});

/** Runs lines in one of them, `mxprobe` in the path and its completion loaded. */
const within = (shell: string, lines: string) =>
  shells.exec([
    'env',
    'PATH=/work/node_modules/.bin:/usr/bin:/bin',
    'HOME=/tmp',
    'LC_ALL=C.UTF-8',
    'XDG_CONFIG_HOME=/tmp',
    shell,
    '-c',
    lines,
  ]);

const cases: readonly (readonly [typed: string, offered: readonly string[]])[] = [
  ['mxprobe pro', ['probes']],
  ['mxprobe scan --for', ['--format']],
  ['mxprobe scan --allow ', ['active', 'intrusive', 'load', 'passive']],
  ['mxprobe scan --probe hello open', ['open-relay']],
  ['mxprobe help thr', ['throttling']],
  ['mxprobe judge pack', ['package-lock.json', 'package.json']],
];

describe('fish', () => {
  test.each([...cases, ['mxprobe scan --fail-on=h', ['--fail-on=high']] as const])('%s', async (typed, offered) => {
    const said = await within('fish', `mxprobe completion fish | source; complete -C '${typed}'`);
    expect(firstWords(said)).toEqual(offered);
  });
});

describe('zsh', () => {
  const sourced = 'source <(mxprobe completion zsh)';
  const found = 'mkdir -p /tmp/zfunc; mxprobe completion zsh > /tmp/zfunc/_mxprobe';
  test.each([
    ...cases.map(([typed, offered]) => [typed, offered, found, ':'] as const),
    ['mxprobe scan --fail-on=h', ['--fail-on=high'], ':', sourced] as const,
  ])('%s', async (typed, offered, before, after) => {
    const said = await within('zsh', `${before}\n${typist}\ntyped '${typed}' '${after}'`);
    // What goes into columns is added once for the words and once for what they are about.
    expect([...new Set(firstWords(said))]).toEqual(offered);
  });
});

/**
 * A terminal of zsh's own, in which somebody types and presses tab; what the completion system then has to offer is
 * printed.
 */
const typist = `
zmodload zsh/zpty
typed() {
  zpty terminal zsh -f -i
  zpty -w terminal 'PS1= PS2=; stty -echo; cd /work; autoload -U compinit; fpath+=/tmp/zfunc; compinit -u -D; '"$2"
  zpty -w terminal 'compadd() { local -a said; builtin compadd -O said "$@"; (( $#said )) && print -r -- "<\${(j:><:)said}>"; builtin compadd "$@" }'
  zpty -w terminal 'finished() { print "<E""ND>" }; comppostfuncs=(finished); print "<RE""ADY>"'
  zpty -r terminal line '*<READY>*'
  zpty -n -w terminal "$1"$'\\t'
  zpty -r terminal line '*<END>*'
  print -r -- \${line//></$'\\n'} | grep -o '^[^<>]*$\\|<[^<>]*\\|[^<>]*>' | tr -d '<>\\r' | grep -v '^END'
  zpty -d terminal
}`;

test('bash of Debian, with nothing of its own loaded', async () => {
  const said = await within(
    'bash',
    `source <(mxprobe completion bash); COMP_WORDS=(mxprobe help thr); COMP_CWORD=2; _mxprobe; echo "\${COMPREPLY[*]}"`,
  );
  expect(said).toBe('throttling\n');
});

describe('the manual page', () => {
  const page = '/work/node_modules/mxprobe/dist/mxprobe.1';

  test('leaves groff nothing to say', async () => {
    expect(await within('sh', `groff -man -ww -Tutf8 -P-c ${page} 2>&1 >/dev/null`)).toBe('');
  });

  test('leaves mandoc nothing to say but that it has no date', async () => {
    const said = await within('sh', `mandoc -T lint -W warning ${page} || true`);
    expect(said.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([]);
  });

  test('reads as it was written', async () => {
    const text = (await within('sh', `mandoc -T ascii -O width=100 ${page} | sed 's/.\\x08//g'`)).replace(/\s+/g, ' ');
    expect(text).toContain('mxprobe - asks mail servers from outside');
    for (const { answer } of topics) for (const part of answer) expect(text).toContain(part.replace(/\s+/g, ' '));
  });
});

const firstWords = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0] ?? '')
    .sort();
