import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../../model/usage-error.ts';
import { visible } from '../../model/visible.ts';
import { watch } from '../../monitor/watch.ts';
import type { Command } from '../command.ts';
import type { Io } from '../io.ts';
import { configOf } from './config-file.ts';
import { serving } from './serving.ts';
import { watching } from './watching.ts';

/** `mxprobe monitor demo`. */
export const command: Command = {
  usage: {
    words: '',
    about:
      'Watches a deliberately weak mail server inside this process for half a minute: it is mended and broken again, and a mailbox beside it takes the mail about that.',
    options: {},
    examples: [['', 'what a watch is like']],
    epilogue: 'Exit codes: 0; 2 interrupted; 3 bad usage or an error of our own.',
  },
  async run({ words }, io) {
    if (words.length > 0) throw new UsageError('demo takes no words: mxprobe monitor demo');
    const folder = mkdtempSync(join(tmpdir(), 'mxprobe-demo-'));
    const cleanup = () => rmSync(folder, { recursive: true, force: true });
    io.cleanups.add(cleanup);
    try {
      return await show(folder, io);
    } finally {
      cleanup();
      io.cleanups.delete(cleanup);
    }
  },
};

/** Milliseconds that alerts wait for others: nobody wants to watch half a minute of that. */
const groupWait = 500;

const fileOf = (server: number, mailbox: number) => `defaults: { confirm: 1s, helo: scanner.demo.test }
schedules:
  scan: { every: 10s, probes: [open-relay, vrfy] }
channels:
  postmaster: { mail: { to: postmaster@demo.test, server: 'smtp://127.0.0.1:${mailbox}' } }
monitors:
  mx: { targets: ['127.0.0.1:${server}'], domain: demo.test, vantage: outside, private: true }
`;

async function show(folder: string, io: Io): Promise<number> {
  const [{ startDemo }, { startMailbox }] = await Promise.all([
    import('../../demo/demo-server.ts'),
    import('../../demo/mailbox.ts'),
  ]);
  const mails = arrivals();
  const server = await startDemo();
  const mailbox = await startMailbox(mails.put);
  const controller = new AbortController();
  const stop = io.onInterrupt(() => controller.abort());
  try {
    const file = join(folder, 'mxprobe.yaml');
    const text = fileOf(server.port, mailbox.port);
    writeFileSync(file, text);
    const config = await configOf(file, io);
    if (config === null) throw new Error('the file of the demo has mistakes');
    await using all = await watching(config, io, controller.signal, { groupWait, ca: mailbox.ca });
    if (all === null) throw new Error('somebody else has the store of the demo');
    told(io, 'The file', text);
    await using pages = await serving(all, { kind: 'tcp', host: '127.0.0.1', port: 0 }, io);
    const watched = watch(all.parts).finally(() => mails.put(null));
    const acts: readonly (readonly [string, () => void])[] = [
      ['The server relays for everybody', () => {}],
      ['The server is mended', () => Object.assign(server, { isOpen: false })],
      ['The server is broken again', () => Object.assign(server, { isOpen: true })],
    ];
    for (const [title, act] of acts) {
      io.stdout.write(`\n== ${title}\n\n`);
      act();
      const mail = await mails.next();
      if (mail === null) break;
      told(io, 'Mail', partsShown(mail));
    }
    const isCut = controller.signal.aborted;
    if (!isCut && pages !== null) told(io, 'The page', await pageText(pages.url));
    if (!isCut && io.stdout.isTerminal) {
      io.stdout.write('\nThe page stays until Ctrl-C.\n');
      await watched;
    }
    controller.abort();
    await watched;
    return isCut ? 2 : 0;
  } finally {
    stop();
    await server.close();
    await mailbox.close();
  }
}

/** What a page says, a line for each block of it. */
async function pageText(url: string): Promise<string> {
  const html = await (await fetch(url)).text();
  const lines = [`${url}/`, ''];
  for (const piece of html.slice(html.indexOf('<main')).split('<')) {
    const end = piece.indexOf('>');
    if (blocks.test(piece)) lines.push('');
    lines.push(`${lines.pop()} ${piece.slice(end + 1)}`);
  }
  return lines
    .map((line) => line.replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}

/** The beginning of a tag that begins or ends a block. */
const blocks = /^\/?(?:p|h[1-6]|li|tr|section|dl|dd|div|article)\b/;

const told = (io: Io, title: string, text: string): void => {
  const lines = text.trimEnd().split(/\r?\n/);
  io.stdout.write(`\n-- ${title}\n\n${lines.map((line) => `   ${visible(line)}`.trimEnd()).join('\n')}\n`);
};

/** Of a mail the headers that people see, and its text. */
function partsShown(mail: string): string {
  const [head = '', ...rest] = mail.split('\r\n\r\n');
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const shown = unfolded.filter((line) => /^(from|to|subject):/i.test(line));
  // The first part is the text; its own head ends with the first empty line.
  const [text = ''] = rest.slice(1).join('\r\n\r\n').split('\r\n--');
  return [...shown, '', unquoted(text)].join('\n');
}

/** Quoted-printable (RFC 2045 §6.7). */
const unquoted = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** What comes, one after another; null: nothing comes any more. */
function arrivals() {
  const here: (string | null)[] = [];
  let waiting: ((mail: string | null) => void) | null = null;
  return {
    put(mail: string | null) {
      if (waiting === null) here.push(mail);
      else waiting(mail);
      waiting = null;
    },
    next: () =>
      new Promise<string | null>((come) => {
        const mail = here.shift();
        if (mail === undefined) waiting = come;
        else come(mail);
      }),
  };
}
