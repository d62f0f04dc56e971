import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTargets } from '../../../src/cli/read-targets.ts';
import { UsageError } from '../../../src/model/usage-error.ts';

/** A list of targets that comes in pieces as a pipe would cut it. */
async function told(text: string, size: number): Promise<string[] | string> {
  async function* stdin() {
    for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
  }
  const stderr = { write: () => {}, isTerminal: false, width: 80 };
  try {
    return (await readTargets(['-'], 'write one', { stdin, stderr })).map(({ input }) => input);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

const good = fc.constantFrom(
  'mx.example.com',
  '192.0.2.1',
  '[2001:db8::1]:587',
  'smtps://b.example',
  '# none',
  '',
  ' ',
);
const bad = fc.oneof(
  fc.constantFrom('a b', 'a@b.example', 'mx.example:99999', 'http://x', 'a\0b', '\u202E', '[', '::1:2:3:4:5:6:7:8:9'),
  fc.constantFrom(
    'x'.repeat(4000),
    'x.'.repeat(2000),
    '\uD800',
    '-',
    '@',
    '/',
    '.',
    '*',
    'xn--\u00FC',
    '%00',
    '//[::1]',
  ),
  fc.string({ maxLength: 20, unit: 'binary' }).filter((text) => !/[\r\n]/.test(text)),
);
const end = fc.constantFrom('\n', '\r\n', '\r');

test('a list is read, or the first line that is no target is named, however it is cut into pieces', async () => {
  const lines = fc.array(fc.oneof({ weight: 9, arbitrary: good }, { weight: 1, arbitrary: bad }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(lines, end, fc.integer({ min: 1, max: 40 }), async (list, ends, size) => {
      const text = list.join(ends);
      const answer = await told(text, size);
      expect(answer).toEqual(await told(text, text.length + 1));
      if (typeof answer !== 'string') return;
      expect(answer).toMatch(/^standard input: line \d+: [^\n]+$|^no target in -/);
      expect(answer).not.toMatch(/\p{C}/u);
      expect(answer.length).toBeLessThan(400);
      const [, line] = /line (\d+)/.exec(answer) ?? [];
      if (line === undefined) return;
      const before = await told(list.slice(0, Number(line) - 1).join(ends), size);
      expect(typeof before === 'string' ? before : 'read').toMatch(/^read$|^no target/);
    }),
    { seed: 12, numRuns: 1000 },
  );
});

test.each([
  ['line 3: "a b" looks like', 'mx.example\r\n\r\na b\r\n', 1],
  ['line 2: "a b" looks like', '# x\ra b', 100],
  ['line 2 is longer than 4096 characters', `mx.example\n${'x'.repeat(10_000_000)}`, 65_536],
  ['line 1 is longer than 4096 characters', '1.example,'.repeat(1_000_000), 65_536],
])('%s', async (problem, text, size) => {
  expect(await told(text, size)).toContain(`standard input: ${problem}`);
});
