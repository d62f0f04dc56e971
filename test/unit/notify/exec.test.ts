import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { senderOf } from '../../../src/notify/sender.ts';
import { message } from './messages.ts';
import { failure, hurried, partsWith } from './parts.ts';

const never = new AbortController().signal;
const run = (...command: readonly string[]) => senderOf({ name: 'x', kind: 'exec', command }, partsWith());

test('a program gets the message as JSON on its input, and its arguments as they are', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'mxprobe-exec-')), 'got');
  await run('sh', '-c', 'cat > "$1"', 'sh', `${file}`)(message('opened'), never);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ kind: 'monitor-alert', id: 'm-0001', what: 'opened' });
  const path = join(file, '..', '$(id); *');
  await run('cp', file, path)(message('opened'), never);
  expect(readFileSync(path, 'utf8')).toContain('m-0001');
});

test('one that does not read is none that fails', async () => {
  expect(await failure(run('true')(message('opened'), never))).toBe('');
});

test.each([
  [['sh', '-c', 'echo no such user >&2; echo more >&2; exit 7'], 'sh ended with 7: no such user'],
  [['sh', '-c', 'kill -9 $$'], 'sh ended with SIGKILL'],
  [['sh', '-c', "printf '\\033[31mred' >&2; exit 1"], 'sh ended with 1: \\x1b[31mred'],
  [['sh', '-c', 'sleep 20 & echo left >&2; exit 1'], 'sh ended with 1: left'],
  [['/nowhere/program'], '/nowhere/program cannot be started: there is no such program'],
  [['/etc/passwd'], '/etc/passwd cannot be started: permission denied'],
])('%j says how it ended', async (command, expected) => {
  expect(await failure(run(...command)(message('opened'), never))).toBe(expected);
});

test('one that hangs ends when it is stopped', async () => {
  const controller = new AbortController();
  const sent = failure(run('sleep', '60')(message('opened'), controller.signal));
  controller.abort();
  expect(await sent).toBe('sleep was not run to the end: it was stopped');
});

test('one that takes 30 seconds has had enough of them, and is killed where it does not listen', async () => {
  using _ = hurried();
  const deaf = run('sh', '-c', 'trap "" TERM; while :; do sleep 0.1; done');
  expect(await failure(deaf(message('opened'), never))).toBe('sh did not end within 30 s');
});
