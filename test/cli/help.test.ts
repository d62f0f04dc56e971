import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { everyCommand as commands } from '../../src/cli/help.ts';
import { whole } from '../../src/cli/row.ts';
import { run } from '../../src/cli/run.ts';
import { topics } from '../../src/cli/topics.ts';
import { probes } from '../../src/index.ts';
import { badReport, world } from './fake-io.ts';

/** The files that topics speak of. */
const folder = mkdtempSync(join(tmpdir(), 'mxprobe-help-'));
const files: Readonly<Record<string, string>> = {
  'report.json': JSON.stringify(badReport),
  'ca.pem': (await import('../support/tls-mta.ts')).testRoot,
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

describe('the questions that people ask', () => {
  test('are ten, and each has a name of its own', () => {
    expect(topics).toHaveLength(10);
    const names = [...topics, ...commands].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  test('are listed by mxprobe --help', async () => {
    const { io, out } = world();
    await run(['--help'], io);
    for (const { name, question } of topics)
      expect(out()).toMatch(new RegExp(`^  ${name} +${question.replace(/[?.]/g, '\\$&')}$`, 'm'));
  });

  test.each(topics.map((topic) => [topic.name, topic] as const))('%s has its answer', async (name, topic) => {
    const { io, out, err } = world();
    expect(await run(['help', name], io)).toBe(0);
    const flat = out().replace(/\s+/g, ' ');
    for (const text of [topic.question, ...topic.answer]) expect(flat).toContain(text.replace(/\s+/g, ' '));
    for (const line of out().split('\n')) expect(line.length).toBeLessThanOrEqual(100);
    expect(err()).toBe('');
  });

  test.each(topics.flatMap(({ commands: lines }) => lines.map(([line]) => [line])))('%s: it works', async (line) => {
    const [program, ...words] = line.split(' ');
    expect(program).toBe('mxprobe');
    const { io, err, out } = world();
    const real = { ...io, scanner: async () => ({ ...(await io.scanner()), probes }) };
    const code = await run(
      words.map((word) => (word in files ? join(folder, word) : word)),
      real,
    );
    expect({ err: err(), used: code < 3 }).toEqual({ err: '', used: true });
    if (!line.includes('--output')) expect(out()).not.toBe('');
  });

  test('speak of probes and options that there are', async () => {
    const text = topics.flatMap(({ answer }) => answer).join(' ');
    const ids = probes.map(({ id }) => id);
    for (const id of text.match(/\b(rcpt|starttls|tls|auth|open|connection)-[a-z-]+\b/g) ?? [])
      expect(ids).toContain(id);
    const { io, out } = world();
    await run(['scan', '--help'], io);
    for (const option of text.match(/--[a-z-]+/g) ?? []) expect(out()).toContain(option);
  });
});

test.each<[string[], string]>([
  [['throtling'], '"throtling" is neither a topic nor a command - did you mean throttling?; mxprobe help lists both'],
  [['tls', 'relay'], 'help takes one topic or command at a time: mxprobe help throttling'],
])('help %j is refused', async (words, message) => {
  const { io, out, err } = world();
  expect(await run(['help', ...words], io)).toBe(3);
  expect(err()).toBe(`mxprobe: ${message}\n`);
  expect(out()).toBe('');
});

describe('the manual page', () => {
  test('has every command, every option of each, every question and every exit code', async () => {
    const { io, out } = world();
    expect(await run(['help', '--man'], io)).toBe(0);
    const plain = out().replaceAll('\\-', '-').replaceAll('\\(dq', '"').replaceAll('\\e', '\\');
    for (const command of whole(commands)) {
      expect(plain).toContain(`mxprobe ${command.name} ${command.words}`.trim());
      for (const option of Object.keys((await command.load()).command.usage.options))
        expect(plain).toContain(`.B "--${option}`);
    }
    for (const { question, answer } of topics) for (const text of [question, ...answer]) expect(plain).toContain(text);
    for (const code of [0, 1, 2, 3]) expect(plain).toContain(`.B "${code}"`);
  });
});
