import { startOnLoopback } from '../../src/demo/loopback.ts';
import type { InboxSource } from '../../src/model/receiving.ts';
import { deliveredBy } from '../../src/proof/delivered.ts';
import { fieldsOf, valuesOf } from '../../src/proof/header.ts';

/** What it does to a message before it is stored; null: it loses it. A text that begins with a code: it refuses it so. */
export type Handling = (message: string) => string | null;

export interface MailboxServer extends AsyncDisposable {
  readonly port: number;
  readonly inbox: InboxSource;
  readonly stored: readonly string[];
}

/** A server with one mailbox, which a test can look into. */
export async function mailboxServer(handle: Handling): Promise<MailboxServer> {
  const stored: string[] = [];
  const { port, close } = await startOnLoopback({
    name: 'mx.example.test',
    disabledCommands: ['AUTH', 'STARTTLS'],
    closeTimeout: 200,
    onData(stream, _session, answer) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const result = handle(Buffer.concat(pieces).toString('latin1'));
        const [, code, text] = /^([45]\d\d) (.*)$/.exec(result ?? '') ?? [];
        if (code !== undefined) return answer(Object.assign(new Error(text), { responseCode: Number(code) }));
        if (result !== null) stored.push(`Received: from x by mx.example.test; now\r\n${result}`);
        answer(null, 'OK: queued as 4XyZ12');
      });
    },
  });
  const has = (token: string) => (message: string) => valuesOf(fieldsOf(message), 'x-mxprobe-token').includes(token);
  return {
    port,
    stored,
    inbox: {
      shown: 'imaps://alice@mail.example.test:993/INBOX',
      find: async (token) => {
        const found = stored.find(has(token));
        return found === undefined ? null : deliveredBy({ header: found, body: '', at: new Date() });
      },
    },
    [Symbol.asyncDispose]: close,
  };
}

/** As Postfix cuts a field (`header_size_limit`): whole lines, at most so many octets, a line end counted as one. */
export const cutsFields =
  (limit: number): Handling =>
  (message) => {
    const end = message.indexOf('\r\n\r\n');
    const fields = message.slice(0, end).split(/\r\n(?![ \t])/);
    return `${fields.map((field) => cut(field, limit)).join('\r\n')}${message.slice(end)}`;
  };

function cut(field: string, limit: number): string {
  let length = -1;
  const kept: string[] = [];
  for (const line of field.split('\r\n')) {
    length += line.length + 1;
    if (length > limit) break;
    kept.push(line);
  }
  return kept.join('\r\n');
}
