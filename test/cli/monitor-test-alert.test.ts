import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { startSink } from '../support/sink.ts';
import { world } from './fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'mxprobe-test-alert-'));
const secret = 'tok_1234567890abcdef';

function fileWith(channels: string): string {
  const path = join(folder, 'mxprobe.yaml');
  writeFileSync(path, `monitors: { mx: { targets: [example.org] } }\n${channels}`);
  return path;
}

async function tried(channels: string, ...words: readonly string[]) {
  const { io, out, err } = world({ env: { TOKEN: secret } });
  const code = await run(['monitor', 'test-alert', ...words, '--file', fileWith(channels)], io);
  return { code, out: out(), err: err() };
}

describe('monitor test-alert', () => {
  test('sends one message that says that it is a test, and says so', async () => {
    await using sink = await startSink();
    writeFileSync(join(folder, 'token'), `${secret}\n`);
    const channels = `channels: { hook: { webhook: { url: '${sink.url}', token: { file: token } } } }`;
    expect(await tried(channels, 'hook')).toEqual({ code: 0, out: 'hook (webhook) was told\n', err: '' });
    expect(sink.received).toHaveLength(1);
    expect(sink.received[0]?.headers.authorization).toBe(`Bearer ${secret}`);
    expect(JSON.parse(sink.received[0]?.body ?? '')).toMatchObject({
      what: 'test',
      subject: 'Test: mxprobe can reach you here',
      text: expect.stringMatching(/^Somebody on scanner\.example\.net tried the channel hook\./),
    });
  });

  test('says why a channel was not told, without its secrets', async () => {
    await using sink = await startSink((response, { headers }) =>
      response.writeHead(403).end(`bad ${headers.authorization}`),
    );
    const channels = `channels: { hook: { webhook: { url: '${sink.url}', token: { env: TOKEN } } } }`;
    expect(await tried(channels, 'hook')).toEqual({
      code: 3,
      out: '',
      err: `mxprobe: hook (webhook) was not told: ${new URL(sink.url).host} answered 403\n`,
    });
  });

  test.each([
    ['{ env: UNSET }', 'the environment has no UNSET'],
    ['{ file: nowhere }', `"${join(folder, 'nowhere')}" cannot be read: there is no such file or folder`],
    ['{ file: empty }', `"${join(folder, 'empty')}" is empty`],
  ])('says where a secret is missing: %s', async (place, expected) => {
    writeFileSync(join(folder, 'empty'), '\n');
    const { code, err } = await tried(`channels: { s: { slack: { url: ${place} } } }`, 's');
    expect({ code, err }).toEqual({ code: 3, err: `mxprobe: s (slack) was not told: ${expected}\n` });
  });

  const two = 'channels: { pager: { pagerduty: { key: { env: K } } }, log: { exec: { command: ["true"] } } }';

  test.each([
    [two, [], 'mxprobe: name one channel, mxprobe monitor test-alert <channel>: there are pager, log\n'],
    [two, ['lgo'], 'mxprobe: "lgo" is no channel - did you mean log?; there are pager, log\n'],
    ['', ['log'], 'mxprobe: "log" is no channel; the file has none\n'],
  ])('says which channels there are: %#', async (channels, words, expected) => {
    expect(await tried(channels, ...words)).toEqual({ code: 3, out: '', err: expected });
  });

  test('runs a program', async () => {
    expect(await tried(two, 'log')).toEqual({ code: 0, out: 'log (exec) was told\n', err: '' });
  });
});
