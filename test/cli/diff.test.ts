import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import type { Report } from '../../src/model/report.ts';
import { endpointReport, finding, report } from '../unit/report/handmade.ts';
import { world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-'));
const saved = (name: string, verdict: 'pass' | 'fail' | 'inconclusive', parts: Partial<Report> = {}): string => {
  const whole = report([
    endpointReport([finding('vrfy', verdict, verdict === 'inconclusive' ? { doubt: 'timeout' } : {})]),
  ]);
  writeFileSync(join(folder, name), JSON.stringify({ ...whole, ...parts }));
  return join(folder, name);
};
const right = saved('right.json', 'pass');
const wrong = saved('wrong.json', 'fail');
const untold = saved('untold.json', 'inconclusive');

test.each([
  [right, wrong, 1],
  [right, untold, 2],
  [wrong, right, 0],
  [wrong, wrong, 0],
])('%s %s', async (before, after, code) => {
  const { io, out, err, scans } = world();
  expect(await run(['diff', before, after], io)).toBe(code);
  expect(out()).toContain(`Exit code ${code}: `);
  expect([err(), scans]).toEqual(['', []]);
});

test('is one JSON document of a schema of its own', async () => {
  const { io, out } = world();
  expect(await run(['diff', right, wrong, '--format', 'json'], io)).toBe(1);
  expect(JSON.parse(out())).toMatchObject({
    schema: 1,
    kind: 'diff',
    changes: [{ kind: 'new', probe: 'vrfy', before: { verdict: 'pass' }, after: { verdict: 'fail' } }],
    summary: { worse: 1, exitCode: 1 },
  });
});

test('comes in several formats at once', async () => {
  const { io, out } = world();
  const file = join(folder, 'diff.md');
  expect(await run(['diff', right, wrong, '--format', 'markdown', '--output', file, '--format', 'terminal'], io)).toBe(
    1,
  );
  expect(readFileSync(file, 'utf8')).toContain('## mxprobe diff: 1 worse\n');
  expect(out()).toContain('NEW      vrfy [medium]');
});

test('one of the two may come from standard input', async () => {
  const { io } = world({ stdin: readFileSync(wrong, 'utf8') });
  expect(await run(['diff', right, '-'], io)).toBe(1);
});

test.each([
  ['nothing', [], 'diff takes two saved reports: mxprobe diff before.json after.json'],
  ['one', [right], 'diff takes two saved reports'],
  ['three', [right, right, right], 'diff takes two saved reports'],
  ['standard input twice', ['-', '-'], 'only one of the two reports can come from standard input'],
  ['a file that is not there', [right, '/nowhere.json'], '"/nowhere.json" cannot be read: there is no such file'],
  [
    'a format that it has not',
    [right, wrong, '--format', 'sarif'],
    '"sarif" is for reports of a scan; here there are terminal, markdown, json',
  ],
  ['a file of such a format', [right, wrong, '--output', 'x.html'], '"html" is for reports of a scan'],
  ['a file that nobody writes', [right, wrong, '--output', 'x.pdf'], '"x.pdf" ends in .pdf, which is no format'],
  ['a report of another schema', [right, saved('new.json', 'pass', { schema: 2 as 1 })], 'is a report of schema 2'],
])('%s is one line and exit code 3', async (_, argv, message) => {
  const { io, out, err } = world();
  expect(await run(['diff', ...argv], io)).toBe(3);
  expect(err()).toMatch(/^mxprobe: [^\n]+\n$/);
  expect(err()).toContain(message);
  expect(out()).toBe('');
});
