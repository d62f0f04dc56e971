import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { UsageError } from '../../../src/model/usage-error.ts';
import { openMaildir } from '../../../src/proof/maildir.ts';

let root = '';
const at = (...path: readonly string[]) => join(root, ...path);
const message = (token: string, more = '') => `Subject: probe\nX-Mxprobe-Token: ${token}\n${more}\nhello\n`;
const put = (place: string, text: string) => writeFileSync(at(place), text, 'latin1');

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'maildir-'));
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(at(folder));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a message of ours', () => {
  test.each(['new/1.a.mx', 'cur/1.a.mx:2,S'])('is found in %s', async (place) => {
    await using mailbox = await openMaildir(root);
    expect(await mailbox.find('t1')).toBeNull();
    put(place, message('t1'));
    expect(await mailbox.find('t1')).toMatchObject({
      header: 'Subject: probe\nX-Mxprobe-Token: t1\n\n',
      body: 'hello\n',
      at: expect.any(Date),
    });
  });

  test('is found by its whole token, and in that field alone', async () => {
    put('new/1', message('t12'));
    put('new/2', 'Subject: t1\n\nX-Mxprobe-Token: t1\n');
    put('new/3', 'X-Other: X-Mxprobe-Token: t1\n\n');
    put('tmp/4', message('t1'));
    await using mailbox = await openMaildir(root);
    expect(await mailbox.find('t1')).toBeNull();
    expect(await mailbox.find('t12')).not.toBeNull();
  });

  test('is found after it was looked past for another, and after it was read by its user', async () => {
    await using mailbox = await openMaildir(root);
    put('new/1.a.mx', message('t1'));
    expect(await mailbox.find('t2')).toBeNull();
    renameSync(at('new/1.a.mx'), at('cur/1.a.mx:2,S'));
    expect(await mailbox.find('t1')).not.toBeNull();
  });

  test('the newest comes first', async () => {
    put('cur/2:2,', message('t1', 'X-Nth: old\n'));
    put('new/1', message('t1', 'X-Nth: new\n'));
    const aMinuteAgo = Date.now() / 1000 - 60;
    utimesSync(at('cur/2:2,'), aMinuteAgo, aMinuteAgo);
    await using mailbox = await openMaildir(root);
    expect((await mailbox.find('t1'))?.header).toContain('X-Nth: new');
  });

  test('is not looked for in what changed more than an hour before', async () => {
    const hours = (count: number) => Date.now() / 1000 - count * 3600;
    put('new/1', message('old'));
    utimesSync(at('new/1'), hours(1.1), hours(1.1));
    put('new/2', message('late'));
    utimesSync(at('new/2'), hours(0.9), hours(0.9));
    await using mailbox = await openMaildir(root);
    expect(await mailbox.find('old')).toBeNull();
    expect((await mailbox.find('late'))?.at.getTime()).toBeCloseTo(hours(0.9) * 1000, -5);
  });

  test('has its header whole, with a field of 110,000 octets in front of the token', async () => {
    const header = `X-Filler: ${'x'.repeat(110_000)}\r\nX-Mxprobe-Token: t1\r\n\r\n`;
    put('new/1', `${header}${'y'.repeat(400_000)}`);
    await using mailbox = await openMaildir(root);
    expect(await mailbox.find('t1')).toMatchObject({ header, body: 'y'.repeat(4096) });
  });
});

describe('what is no message', () => {
  test('a link, a pipe and a folder are passed over', async () => {
    put('elsewhere', message('t1'));
    symlinkSync(at('elsewhere'), at('new/1'));
    symlinkSync(at('nowhere'), at('new/2'));
    execFileSync('mkfifo', [at('new/3')]);
    mkdirSync(at('new/4'));
    put('new/5', message('t2'));
    await using mailbox = await openMaildir(root);
    expect(await mailbox.find('t1')).toBeNull();
    expect(await mailbox.find('t2')).not.toBeNull();
  });

  test('files that come and go meanwhile are no error', async () => {
    await using mailbox = await openMaildir(root);
    put('new/ours', message('t1'));
    let stopped = false;
    const churn = (async () => {
      for (let nth = 0; !stopped; nth++) {
        for (let one = 0; one < 20; one++) put(`new/${nth % 5}-${one}`, message('other'));
        await new Promise(setImmediate);
        for (let one = 0; one < 20; one++) rmSync(at(`new/${nth % 5}-${one}`));
        await new Promise(setImmediate);
      }
    })();
    for (let time = 0; time < 50; time++) {
      expect(await mailbox.find('t2')).toBeNull();
      expect(await mailbox.find('t1')).not.toBeNull();
    }
    stopped = true;
    await churn;
  });
});

describe('one clear line', () => {
  const mistake = async (path: string) =>
    await openMaildir(path).then(
      () => 'opened',
      (error: unknown) => (error instanceof UsageError ? error.message.replaceAll(root, '…') : error),
    );

  test('where there is no maildir', async () => {
    put('file', '');
    mkdirSync(at('half/new'), { recursive: true });
    put('half/cur', '');
    const wayOut = 'give the folder that has new and cur in it, such as maildir:/home/alice/Maildir';
    expect(await mistake(at('nowhere'))).toBe(
      `"…/nowhere" is no maildir: new in it: there is no such file or folder; ${wayOut}`,
    );
    expect(await mistake(at('file'))).toBe(
      `"…/file" is no maildir: new in it: a part of the path is no folder; ${wayOut}`,
    );
    expect(await mistake(at('half'))).toBe(`"…/half" is no maildir: cur in it is no folder; ${wayOut}`);
    expect(await mistake(at('a\x1b[2J'))).toContain('a\\x1b[2J');
  });

  test('where it is gone later', async () => {
    await using mailbox = await openMaildir(root);
    rmSync(at('cur'), { recursive: true });
    rmSync(at('new'), { recursive: true });
    await expect(mailbox.find('t1')).rejects.toThrow(`maildir:${root} cannot be read: there is no such file or folder`);
  });
});
