import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { openInbox, readInbox } from '../../../src/proof/read-inbox.ts';

/** A server on loopback that greets and has an answer for each command, which it gets with its tag; null: it hangs up. */
async function startImap(answer: (command: string, tag: string) => string | null) {
  const sockets = new Set<Socket>();
  const said: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('* OK ready\r\n');
    socket.setEncoding('latin1').on('data', (text) => {
      for (const line of String(text).split('\r\n').filter(Boolean)) {
        const [, tag = '', command = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
        said.push(command);
        const reply = answer(command, tag);
        if (reply === null) socket.destroy();
        else socket.write(reply);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  return {
    said,
    sockets,
    open: (signal = new AbortController().signal) =>
      openInbox(readInbox('--inbox', `imap://alice@127.0.0.1:${port}`), { secret: 'wr0ng', tlsCa: null, signal }),
    shown: `imap://alice@127.0.0.1:${port}/INBOX`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const header = 'Subject: a\r\nX-Mxprobe-Token: t1\r\n\r\n';

/** What a server answers that has one message, whose token is `t1`. */
function usual(command: string, tag: string): string {
  const untagged: readonly (readonly [RegExp, string])[] = [
    [/^CAPABILITY/, '* CAPABILITY IMAP4rev1\r\n'],
    [/^LIST/, '* LIST () "/" INBOX\r\n'],
    [/^EXAMINE/, '* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 8] x\r\n'],
    [/^UID SEARCH/, '* SEARCH 7\r\n'],
    [
      /^UID FETCH/,
      `* 1 FETCH (UID 7 INTERNALDATE "28-Nov-2026 12:00:00 +0000" BODY[]<0> {${header.length}}\r\n${header})\r\n`,
    ],
  ];
  return `${untagged.find(([begin]) => begin.test(command))?.[1] ?? ''}${tag} OK done\r\n`;
}

describe('a server', () => {
  test('is asked for reading only, and only what a message begins with', async () => {
    await using server = await startImap(usual);
    {
      await using mailbox = await server.open();
      expect(await mailbox.find('t1')).toEqual({ header, body: '', at: new Date('2026-11-28T12:00:00Z') });
      expect(await mailbox.find('t')).toBeNull();
    }
    const asked = server.said.map((command) => command.split(' ').slice(0, 2).join(' '));
    expect(asked).toContain('EXAMINE INBOX');
    expect(server.said.filter((command) => /BODY/.test(command))).toHaveLength(2);
    for (const command of server.said.filter((one) => /BODY/.test(one)))
      expect(command).toMatch(/BODY\.PEEK\[\]<0\.304096>/);
    expect(asked.filter((command) => /^(SELECT|UID STORE|STORE)/.test(command))).toEqual([]);
    expect(asked.at(-1)).toBe('LOGOUT');
  });

  test('that hangs up is asked again once, and not for ever', async () => {
    let hangsUp = 1;
    await using server = await startImap((command, tag) =>
      command.startsWith('UID SEARCH') && hangsUp-- > 0 ? null : usual(command, tag),
    );
    await using mailbox = await server.open();
    expect(await mailbox.find('t1')).not.toBeNull();
    expect(server.sockets.size).toBe(2);
    hangsUp = 100;
    await expect(mailbox.find('t1')).rejects.toThrow(new Error(`${server.shown}: the server broke the connection`));
    expect(server.sockets.size).toBe(3);
  });

  test('that echoes the password has it taken out, and what a terminal would obey', async () => {
    await using server = await startImap((command, tag) =>
      command.startsWith('LOGIN') ? `${tag} NO \x1b[2J not wr0ng\r\n` : usual(command, tag),
    );
    const mistake = await server.open().catch((error: Error) => error.message);
    expect(mistake).toBe(
      `${server.shown}: the server refuses user or password: \\x1b[2J not …; check both, the password is in MXPROBE_INBOX_PASSWORD`,
    );
  });

  test('that will not search says so', async () => {
    await using server = await startImap((command, tag) =>
      command.startsWith('UID SEARCH') ? `${tag} BAD no such command\r\n` : usual(command, tag),
    );
    await using mailbox = await server.open();
    await expect(mailbox.find('t1')).rejects.toThrow(`${server.shown}: the server does not search the mailbox`);
  });
});

describe('who is called off', () => {
  test.each([
    ['in the login', 'LOGIN'],
    ['in the search', 'UID SEARCH'],
  ])('%s does not wait', async (_, silentAt) => {
    const aborter = new AbortController();
    await using server = await startImap((command, tag) => {
      if (!command.startsWith(silentAt)) return usual(command, tag);
      setTimeout(() => aborter.abort(new Error('called off')), 20);
      return '';
    });
    const asked = server.open(aborter.signal).then(async (mailbox) => {
      await using opened = mailbox;
      return await opened.find('t1');
    });
    await expect(asked).rejects.toThrow('called off');
  });
});
