import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import { type Action, type Dialogue, serverName, settle, stockAnswer, type Turn, turnOf } from './stock-mta.ts';

/** How a server behaves; see `ScriptedServer` for the words to build one with. */
export interface Script {
  /** Each is written by itself, with the gap between them; empty: never greets. */
  greeting: Action[];
  keywords: string[];
  /** The first that has an answer gives it. */
  handlers: ((turn: Turn) => Action | undefined)[];
  /** What is said besides, in the same packet as the reply to a command: number 0 is the greeting. */
  extra: (command: number, ofScan: number) => { before?: string; after?: string; instead?: boolean };
  /** How the server ends after so many commands. */
  ending: { after: number; by: 'hang up' | 'reset' | 'silence' } | null;
  /** Cuts what is to be written; the gap stands between the pieces. */
  pieces: ((bytes: Buffer) => Buffer[]) | null;
  /** `soon`: long enough for the other side to read what came before, on loopback. Else milliseconds. */
  gap: 'soon' | number;
  implicitTls: boolean;
  /** What the client finds where it expects a handshake. */
  handshake: 'proper' | 'garbage' | 'hang up' | 'silence';
  lockStep: boolean;
  /** What becomes of several commands in one packet: the first is lost, or the replies wait for the next packet. */
  groups: 'answered' | 'first lost' | 'held back';
  /** Hangs up without a word at the command that follows so many errors. */
  patience: number;
  /** Milliseconds to sleep before a reply with this code. */
  sleep: (code: number, dialogue: Dialogue) => number;
  errorLimit: number;
}

/** What one connection brought. */
export interface Seen {
  readonly commands: string[];
  /** The code of the reply to each command, null where there was none. */
  readonly codes: (number | null)[];
  open: boolean;
  tls: boolean;
  /** The last command was QUIT. */
  quit: boolean;
  /** Who ended the connection, whatever was said. */
  endedBy: 'client' | 'server' | null;
}

const fixture = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
/** Self-signed, for `mx.example.test`, until 2120. */
export const certificate = fixture('mx.example.test.cert.pem');
const secureContext = createSecureContext({ cert: certificate, key: fixture('mx.example.test.key.pem') });

/** One connection of a scripted server. */
export class ScriptedConnection {
  readonly seen: Seen = { commands: [], codes: [], open: true, tls: false, quit: false, endedBy: null };
  readonly #script: Script;
  readonly #countCommand: () => number;
  readonly #raw: Socket;
  readonly #dialogue: Dialogue;
  #socket: Socket;
  #heard = '';
  #busy = false;
  #deaf = false;
  #held: Buffer[] | null = null;

  constructor(socket: Socket, script: Script, number: number, countCommand: () => number) {
    this.#raw = socket;
    this.#socket = socket;
    this.#script = script;
    this.#countCommand = countCommand;
    this.#dialogue = {
      connection: number,
      commands: 0,
      errors: 0,
      helo: null,
      tls: false,
      sender: null,
      recipients: 0,
    };
    socket.setNoDelay(true);
    this.#listen(socket);
  }

  /** `refusal`: what those get who are turned away. */
  async open(refusal: Action | null): Promise<void> {
    if (this.#script.implicitTls) await this.#startTls();
    this.#busy = true;
    if (refusal !== null) return await this.#act(refusal);
    const { before, after, instead } = this.#script.extra(0, 0);
    if (before !== undefined) this.#write(lines(before));
    for (const [index, part] of this.#script.greeting.entries()) {
      if (index > 0) await gap(this.#script.gap);
      if (instead !== true) await this.#act(part);
    }
    if (after !== undefined) this.#write(lines(after));
    this.#endIfTime();
    this.#busy = false;
    await this.#answerAll();
  }

  #listen(socket: Socket): void {
    const gone = () => {
      this.seen.open = false;
      this.seen.endedBy ??= 'client';
    };
    socket.on('data', (chunk: Buffer) => {
      if (this.#deaf) return;
      this.#hear(chunk.toString('latin1'));
      void this.#answerAll();
    });
    socket.on('end', gone);
    socket.on('close', gone);
    socket.on('error', gone);
    if (socket.destroyed) gone();
    socket.resume();
  }

  #hear(text: string): void {
    const { groups } = this.#script;
    for (const held of this.#held?.splice(0) ?? []) this.#socket.write(held);
    const isGroup = text.indexOf('\n') < text.length - 1;
    this.#held = isGroup && groups === 'held back' ? [] : null;
    this.#heard += isGroup && groups === 'first lost' ? text.slice(text.indexOf('\n') + 1) : text;
  }

  async #answerAll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    while (!this.#deaf && this.#heard.includes('\n')) {
      const end = this.#heard.indexOf('\n');
      const line = this.#heard.slice(0, end).replace(/\r$/, '');
      this.#heard = this.#heard.slice(end + 1);
      await this.#answer(line);
    }
    this.#busy = false;
  }

  async #answer(line: string): Promise<void> {
    const turn = turnOf(line, this.#dialogue);
    this.#dialogue.commands += 1;
    if (turn.verb === 'RCPT') this.#dialogue.recipients += 1;
    this.seen.commands.push(line);
    this.seen.codes.push(null);
    this.seen.quit = turn.verb === 'QUIT';
    if (this.#dialogue.errors >= this.#script.patience) return this.#hangUp();
    if (this.#script.lockStep && this.#heard !== '') {
      return await this.#act({ say: '500 5.5.1 Invalid command: Pipelining not supported', and: 'hang up' });
    }
    const { before, after, instead } = this.#script.extra(this.#dialogue.commands, this.#countCommand());
    if (before !== undefined) this.#write(lines(before));
    if (instead !== true) {
      const action = this.#actionFor(turn);
      settle(turn, codeOf(action));
      this.seen.codes[this.seen.codes.length - 1] = codeOf(action);
      const milliseconds = this.#script.sleep(codeOf(action), this.#dialogue);
      if (milliseconds > 0) await gap(milliseconds);
      await this.#act(action);
    }
    if (after !== undefined) this.#write(lines(after));
    if (this.#dialogue.errors >= this.#script.errorLimit) {
      await this.#act({ say: `421 4.7.0 ${serverName} Error: too many errors`, and: 'hang up' });
    }
    this.#endIfTime();
  }

  #actionFor(turn: Turn): Action {
    for (const handler of this.#script.handlers) {
      const action = handler(turn);
      if (action !== undefined) return action;
    }
    return stockAnswer(turn, this.#script.keywords);
  }

  async #act(action: Action): Promise<void> {
    if (action === null) return;
    const drastic = typeof action === 'object' && !(action instanceof Uint8Array) ? action : null;
    const said = drastic === null ? (action as string | Uint8Array) : drastic.say;
    if (said !== undefined) await this.#write(typeof said === 'string' ? lines(said) : Buffer.from(said));
    switch (drastic?.and) {
      case undefined:
        return;
      case 'hang up':
        return this.#hangUp();
      case 'reset':
        return this.#reset();
      case 'start TLS':
        return await this.#startTls();
      case 'endless line':
        return this.#flood(Buffer.alloc(16_384, 'x'));
      case 'endless reply':
        return this.#flood(Buffer.from('250-and another line\r\n'.repeat(700)));
      case 'endless replies':
        return this.#flood(Buffer.from('220 and another reply\r\n'.repeat(700)));
    }
  }

  /** In one go where nothing is to be cut, so that the replies to a flight share a packet. */
  #write(bytes: Buffer): Promise<void> | void {
    const { pieces, gap: between } = this.#script;
    if (this.#held !== null) return void this.#held.push(bytes);
    if (pieces === null) return void this.#socket.write(bytes);
    return (async () => {
      for (const [index, piece] of pieces(bytes).entries()) {
        if (index > 0) await gap(between);
        if (this.#socket.writable) this.#socket.write(piece);
      }
    })();
  }

  #endIfTime(): void {
    const { ending } = this.#script;
    if (ending === null || this.#dialogue.commands < ending.after || this.seen.endedBy !== null) return;
    if (ending.by === 'hang up') this.#hangUp();
    else if (ending.by === 'reset') this.#reset();
    else this.#deaf = true;
  }

  #hangUp(): void {
    this.#deaf = true;
    this.seen.endedBy ??= 'server';
    this.seen.open = false;
    this.#socket.end();
  }

  #reset(): void {
    this.#deaf = true;
    this.seen.endedBy ??= 'server';
    this.seen.open = false;
    this.#raw.resetAndDestroy();
  }

  #flood(chunk: Buffer): void {
    const more = () => {
      while (this.#socket.writable && this.#socket.write(chunk));
    };
    this.#socket.on('drain', more);
    more();
  }

  async #startTls(): Promise<void> {
    const { handshake } = this.#script;
    this.#heard = '';
    this.#raw.removeAllListeners('data');
    if (handshake === 'hang up') return this.#hangUp();
    if (handshake === 'silence') return void this.#raw.resume();
    if (handshake === 'garbage') {
      // In answer to the ClientHello: what comes with the 220 is no part of the handshake.
      return void this.#raw.once('data', () => this.#raw.write('500 5.5.2 no handshake here\r\n'.repeat(4)));
    }
    const secured = new TLSSocket(this.#raw, { isServer: true, secureContext });
    this.#socket = secured;
    this.#listen(secured);
    await new Promise<void>((resolve) => {
      secured.once('secure', () => {
        this.seen.tls = true;
        this.#dialogue.tls = true;
        this.#dialogue.helo = null;
        this.#dialogue.sender = null;
        resolve();
      });
      secured.once('close', resolve);
    });
  }
}

const lines = (reply: string): Buffer => Buffer.from(`${reply.split('\n').join('\r\n')}\r\n`);

function codeOf(action: Action): number {
  const said = action !== null && typeof action === 'object' && 'and' in action ? action.say : action;
  return Number(/^\d{3}/.exec(Buffer.from(said ?? '').toString('latin1'))?.[0] ?? 0);
}

/** Two turns of the event loop lie between the writes, so that the reader on loopback meets them apart. */
export async function gap(length: 'soon' | number): Promise<void> {
  if (length !== 'soon') return await new Promise((resolve) => setTimeout(resolve, length));
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
