import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { cleanReport, world } from './fake-io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
});
const at = (name: string) => join(folder, name);
const read = (name: string) => readFileSync(at(name), 'utf8');
const isJson = (text: string) => JSON.parse(text).schema === 1;
const isText = (text: string) => text.startsWith('mxprobe 0.1.0  1 target');
const isPage = (text: string) => /^<!doctype html>.*<\/html>\n$/s.test(text);
const isStream = (text: string) => text === '{"type":"probe-started","endpoint":"e","probe":"hello"}\n';

const scan = async (onEvent: (event: { type: 'probe-started'; endpoint: string; probe: string }) => void) => {
  onEvent({ type: 'probe-started', endpoint: 'e', probe: 'hello' });
  return cleanReport;
};

describe('pairs of --format and --output', () => {
  test('come from one scan, each in its file, and one on stdout', async () => {
    const { io, out, scans } = world({ scan });
    const json = ['--format', 'json', '--output', at('r.json')];
    const stream = ['--format=ndjson', `--output=${at('r.ndjson')}`];
    expect(await run(['scan', ...json, 'example.com', ...stream, '--format', 'terminal'], io)).toBe(0);
    expect(scans).toHaveLength(1);
    expect([isJson(read('r.json')), isStream(read('r.ndjson')), isText(out())]).toEqual([true, true, true]);
    expect(readdirSync(folder).sort()).toEqual(['r.json', 'r.ndjson']);
  });

  test('the format for stdout may stand first', async () => {
    const { io, out } = world({ scan });
    await run(['scan', 'example.com', '--format', 'json', '--format', 'terminal', '--output', at('r')], io);
    expect([isJson(out()), isText(read('r'))]).toEqual([true, true]);
  });

  test('one of each belong together in any order', async () => {
    const { io, out } = world();
    await run(['scan', 'example.com', '--output', at('r.txt'), '--format', 'json'], io);
    expect([isJson(read('r.txt')), out()]).toEqual([true, '']);
  });

  test.each<[string, (text: string) => boolean]>([
    ['r.json', isJson],
    ['R.NDJSON', isStream],
    ['r.jsonl', isStream],
    ['r.html', isPage],
    ['r.txt', isText],
    ['report', isText],
  ])('without a format, %s says which it is', async (name, isRight) => {
    const { io, out } = world({ scan });
    expect(await run(['scan', 'example.com', '--output', at(name)], io)).toBe(0);
    expect([isRight(read(name)), out()]).toEqual([true, '']);
  });

  test('without formats, several names say which they are', async () => {
    const { io } = world({ scan });
    await run(['scan', 'example.com', '--output', at('a.json'), '--output', at('b.txt')], io);
    expect([isJson(read('a.json')), isText(read('b.txt'))]).toEqual([true, true]);
  });

  test.each<[string, string[]]>([
    ['stands before a format of another name', ['--output', 'r.json', '--format', 'terminal']],
    ['has its own format behind the other', ['--format', 'terminal', '--format', 'json', '--output', 'r.json']],
  ])('JSON to the file and text to the screen where the file %s', async (_, pairs) => {
    const { io, out } = world();
    expect(await run(['scan', 'example.com', ...pairs.map((word) => (word === 'r.json' ? at(word) : word))], io)).toBe(
      0,
    );
    expect([isJson(read('r.json')), isText(out())]).toEqual([true, true]);
  });

  test('a file before its own format is one of each, and nothing goes to stdout', async () => {
    const { io, out } = world();
    await run(['scan', 'example.com', '--output', at('r.json'), '--format', 'json'], io);
    expect([isJson(read('r.json')), out()]).toEqual([true, '']);
  });

  test('files that say which they are may stand before a pair', async () => {
    const { io, out } = world();
    const words = ['--output', at('a.json'), '--output', at('b.html'), '--format', 'json', '--output', at('c.txt')];
    await run(['scan', 'example.com', ...words], io);
    expect([isJson(read('a.json')), isPage(read('b.html')), isJson(read('c.txt')), out()]).toEqual([
      true,
      true,
      true,
      '',
    ]);
  });

  test('a format that is named wins over the name of its file', async () => {
    const { io } = world();
    await run(['scan', 'example.com', '--format', 'json', '--output', at('r.pdf')], io);
    expect(isJson(read('r.pdf'))).toBe(true);
  });

  test('a word after -- is no option', async () => {
    const { io, scans } = world();
    await run(['scan', '--format', 'json', '--', 'example.com'], io);
    expect(scans[0]?.targets.map(({ input }) => input)).toEqual(['example.com']);
  });

  test.each(['judge', 'demo'])('are understood by %s', async (command) => {
    const { io, out } = world({ stdin: JSON.stringify(cleanReport) });
    const words = command === 'judge' ? ['-'] : [];
    const pairs = ['--format', 'terminal', '--output', at('r.txt'), '--format', 'json'];
    expect(await run([command, ...words, ...pairs], io)).toBe(0);
    expect([isText(read('r.txt')), isJson(out())]).toEqual([true, true]);
  });
});

describe('what cannot be', () => {
  test.each<[string, string[], string]>([
    [
      'two formats on stdout',
      ['--format', 'json', '--format', 'terminal'],
      '--format: json and terminal would both go to stdout: write --output <file> behind one of them',
    ],
    [
      'two outputs of one format',
      ['--format', 'json', '--output', 'a', '--output', 'b'],
      '--output: "b" has no format of its own: write --format <name> before it',
    ],
    [
      'an output before its format',
      ['--output', 'a', '--format', 'json', '--format', 'ndjson'],
      '--output: "a" has no format of its own',
    ],
    [
      'an ending that is no format',
      ['--output', 'a.pdf'],
      '--output: "a.pdf" ends in .pdf, which is no format; there are terminal, ',
    ],
    [
      'such a file before a format',
      ['--output', 'a.PDF', '--format', 'html'],
      '"a.PDF" ends in .pdf, which is no format',
    ],
    [
      'a file that says nothing beside one that does',
      ['--output', 'a', '--output', 'b.json', '--format', 'terminal'],
      '--output: "a" has no format of its own: write --format <name> before it',
    ],
    [
      'one file for two',
      ['--format', 'json', '--output', 'a', '--format', 'ndjson', '--output', './a'],
      '--output: "./a" is named twice: each report needs a file of its own',
    ],
    ['a format without its value', ['--format', '--output', 'a'], '--format needs a value: --format <name>'],
    ['a plan for machines', ['--plan', '--output', 'plan.json'], '--plan is text for people: leave out --format'],
  ])('%s is one line and exit code 3, and nothing is scanned or left behind', async (_, argv, message) => {
    const { io, out, err, scans } = world();
    expect(await run(['scan', 'example.com', ...argv], io)).toBe(3);
    expect(err()).toBe(`mxprobe: ${err().slice('mxprobe: '.length).trimEnd()}\n`);
    expect(err()).toContain(message);
    expect([out(), scans, existsSync('a')]).toEqual(['', [], false]);
  });

  test('one path of several that is wrong stops all before the first packet', async () => {
    const { io, err, scans } = world();
    const pairs = ['--format', 'json', '--output', at('r.json'), '--format', 'terminal', '--output', '/nowhere/r'];
    expect(await run(['scan', 'example.com', ...pairs], io)).toBe(3);
    expect(err()).toContain('"/nowhere/r" cannot be written: there is no such file or folder');
    expect([scans, readdirSync(folder), io.cleanups.size]).toEqual([[], [], 0]);
  });

  test('one that fails later leaves the others whole, and is told: exit code 3', async () => {
    const { io, out, err } = world({ scan });
    const full = ['--format', 'ndjson', '--output', '/dev/full', '--format', 'terminal', '--output', '/dev/full'];
    const pairs = [...full, '--format', 'json', '--output', at('r.json'), '--format', 'terminal'];
    expect(await run(['scan', 'example.com', ...pairs], io)).toBe(3);
    expect(err()).toBe('mxprobe: --output: "/dev/full" cannot be written: the disk is full\n'.repeat(2));
    expect([isJson(read('r.json')), isText(out())]).toEqual([true, true]);
  });
});
