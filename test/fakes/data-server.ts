import type { Socket } from 'node:net';
import { type RawServer, rawServer } from './raw-server.ts';

/** A server that takes every message, of which the reading of line ends may be changed. */
export interface DataServer {
  /** What ends a message; each begins with the line end before the dot. Default: CRLF . CRLF. */
  readonly ends?: RegExp;
  /** What in a message is refused, and what comes of that. It is looked for before the end is. */
  readonly refuses?: { readonly what: RegExp; readonly reply: string; readonly and: 'hang up' | 'commands' };
  /** Milliseconds before the end of a message is answered. */
  readonly slow?: number;
  /** Where more octets stand behind a command or a message: this, and the end. */
  readonly lockStep?: string;
  /** Whether the message is answered before. Default: it is thrown away with that. */
  readonly takesFirst?: boolean;
  /** Octets behind the end of a message in the same write are thrown away. */
  readonly flushes?: boolean;
  /** Answers by verb, in the place of 250. */
  readonly says?: Readonly<Record<string, string>>;
  /** In answer to every write that comes in a message. */
  readonly chats?: string;
}

const stock: Readonly<Record<string, string>> = {
  EHLO: '250-mx.example.test\r\n250 PIPELINING',
  DATA: '354 go on',
  QUIT: '221 bye',
  NOOP: '250 2.0.0 Ok',
  RSET: '250 2.0.0 Ok',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  '*': '500 5.5.2 Error: command not recognized',
};

export const dataServer = (options: DataServer = {}): Promise<RawServer> =>
  rawServer((socket) => serve(socket, options));

function serve(socket: Socket, options: DataServer): void {
  const { ends = /\r\n\.\r\n/, refuses, slow = 0, says = {} } = options;
  let heard = '';
  let inData = false;
  let busy = false;
  const say = (text: string) => socket.write(`${text}\r\n`);
  const hangUp = (text: string) => {
    say(text);
    heard = '';
    socket.end();
    socket.removeAllListeners('data');
  };
  const endOfMessage = async (): Promise<boolean> => {
    const refused = refuses?.what.exec(heard);
    if (refuses !== undefined && refused) {
      if (refuses.and === 'hang up') hangUp(refuses.reply);
      else say(refuses.reply);
      heard = heard.slice(refused.index + refused[0].length);
      inData = false;
      return true;
    }
    const end = ends.exec(heard);
    if (end === null) return false;
    heard = heard.slice(end.index + end[0].length);
    inData = false;
    const rest = heard;
    if (slow > 0) await new Promise((resolve) => setTimeout(resolve, slow));
    if (rest !== '' && options.lockStep !== undefined) {
      if (options.takesFirst) say('250 2.0.0 Ok: queued as 4711');
      hangUp(options.lockStep);
      return true;
    }
    if (options.flushes) heard = heard.slice(rest.length);
    say('250 2.0.0 Ok: queued as 4711');
    return true;
  };
  const command = (): boolean => {
    const at = heard.indexOf('\n');
    if (at < 0) return false;
    const verb = heard.slice(0, at).trim().slice(0, 4).toUpperCase();
    heard = heard.slice(at + 1);
    const answer =
      says[verb] ?? stock[verb] ?? says['*'] ?? (verb === '.' ? undefined : stock['*']) ?? '221 2.7.0 rules';
    if (answer.startsWith('221') || answer.startsWith('421')) hangUp(answer);
    else say(answer);
    inData = answer.startsWith('354');
    if (inData) heard = `\r\n${heard}`;
    return true;
  };
  const read = async () => {
    if (busy) return;
    busy = true;
    while (inData ? await endOfMessage() : command());
    busy = false;
  };
  socket.write('220 mx.example.test ESMTP\r\n');
  socket.on('data', (chunk: Buffer) => {
    if (inData && options.chats !== undefined) say(options.chats);
    heard += chunk.toString('latin1');
    void read();
  });
}
