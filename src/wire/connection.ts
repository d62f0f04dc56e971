import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Limits } from '../model/limits.ts';
import type { Reply, ReplyLine } from '../model/reply.ts';
import type { TlsFacts } from '../model/tls.ts';
import type { RemarkKind } from '../model/transcript.ts';
import { type Cause, type Trouble, trouble } from '../model/trouble.ts';
import { visible } from '../model/visible.ts';
import { Deadline } from './deadline.ts';
import { brokenHandshake } from './handshake-trouble.ts';
import type { Recorder, SessionLog } from './recorder.ts';
import { type RawReply, ReplyReader } from './reply-reader.ts';
import { describeTls, tlsFactsOf } from './tls-facts.ts';
import { inTrouble, scanEnded, TroubleError } from './trouble-error.ts';

export interface ConnectOptions {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly limits: Limits;
  readonly recorder: Recorder;
  readonly probe: string;
  readonly tlsCa: string | null;
  readonly signal: AbortSignal | null;
}

/** One version of TLS, as Node names it. */
export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Octets kept that nobody has read yet; past it the peer is made to wait. */
const unreadLimit = 262_144;

/**
 * Bytes both ways, recorded and bounded: lines out, whole replies in, TLS when asked. It knows no SMTP beyond the form of a reply.
 * Every failure is a `TroubleError`.
 */
export class Connection {
  readonly log: SessionLog;
  readonly deadline: Deadline;
  readonly #options: ConnectOptions;
  #socket: Socket;
  #reader = new ReplyReader();
  #unread = 0;
  #ended: Trouble | null = null;
  #wake: (() => void) | null = null;

  private constructor(socket: Socket, log: SessionLog, options: ConnectOptions) {
    this.#socket = socket;
    this.log = log;
    this.#options = options;
    this.deadline = new Deadline(options.limits.dialogueSeconds);
    this.#listen(socket);
  }

  /** Opens a TCP connection. Fails with `unreachable`. */
  static async open(options: ConnectOptions): Promise<Connection> {
    const log = options.recorder.open(options.probe);
    options.recorder.connections += 1;
    const seconds = options.limits.replySeconds;
    const socket = connectTcp({ host: options.address, port: options.port, noDelay: true });
    const failure = await settled(socket, 'connect', seconds, options.signal);
    if (failure !== null) {
      socket.destroy();
      const { cause, because } = notConnected(failure, seconds);
      const doubt = cause === 'stopped' ? 'budget-spent' : 'unreachable';
      throw inTrouble(doubt, cause, because, [log.remark('trouble', because)]);
    }
    log.remark('connected', `connected to ${options.address} port ${options.port}`);
    return new Connection(socket, log, options);
  }

  get localAddress(): string {
    return this.#socket.localAddress ?? '';
  }

  get remoteAddress(): string {
    return this.#socket.remoteAddress ?? this.#options.address;
  }

  /** Whether replies can still be read. */
  get isOpen(): boolean {
    return this.#ended === null;
  }

  /** Whether a last command can still be sent, even where we stopped listening. */
  get isWritable(): boolean {
    return this.#socket.writable;
  }

  /** Whether the server has said something that nobody has read. */
  get hasUnread(): boolean {
    return this.#reader.hasUnread;
  }

  /** Writes lines in one go. `shown` is what the transcript keeps of each, in the place of secrets. */
  send(lines: readonly string[], shown: readonly string[] = lines): void {
    for (const line of shown) this.log.add('us', line);
    this.#options.recorder.commands += lines.length;
    this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Writes bytes as they are; the caller records them. */
  write(text: string): void {
    if (!this.#socket.writable) return;
    const bytes = Buffer.from(text, 'utf8');
    this.#options.recorder.bytesSent += bytes.length;
    this.#socket.write(bytes);
  }

  /** A reply that is here already, without waiting; null when there is none. */
  poll(): Reply | null {
    const raw = this.#reader.next();
    return raw === null ? null : this.#record(raw);
  }

  /** The next whole reply. Fails with `timeout`, `closed` or, where what came cannot be a reply, `ambiguous`. */
  async receive(seconds: number = this.#options.limits.replySeconds): Promise<Reply> {
    const allowed = this.deadline.within(seconds);
    const deadline = new Deadline(allowed);
    while (true) {
      const raw = this.#reader.next();
      if (raw !== null) return this.#record(raw);
      if (this.#reader.overflow !== null)
        throw this.#fail(trouble('ambiguous', 'too-much', `the server sent ${this.#reader.overflow}`));
      if (this.#ended !== null) throw this.#endedEarly(this.#ended);
      this.#unread = 0;
      this.#socket.resume();
      if (!(await this.#news(deadline.remaining()))) throw this.#fail(this.#silence(seconds, allowed));
    }
  }

  #silence(seconds: number, allowed: number): Trouble {
    if (seconds === allowed) return trouble('timeout', 'silence', `nothing within ${seconds} s`);
    const whole = `the ${this.deadline.seconds} s that a dialogue may last, after ${allowed.toFixed(1)} s`;
    return trouble('timeout', 'deadline', `nothing within ${whole}`);
  }

  /** Like `receive`, but silence and a hang-up are answers too: null. */
  async unasked(seconds: number): Promise<Reply | null> {
    const deadline = new Deadline(this.deadline.within(seconds));
    while (true) {
      const reply = this.poll();
      if (reply !== null || !this.isOpen || deadline.remaining() === 0) return reply;
      await this.#news(deadline.remaining());
    }
  }

  /** What arrived and was not read as a reply: bytes behind the reply to STARTTLS, for one. */
  takeRest(): Uint8Array {
    return this.#reader.takeRest();
  }

  /** Handshakes, with one version `only` where told. Any version that the runtime's OpenSSL can speak, any cipher that names a server; the certificate is data. Fails with `tls-failed`, `timeout` or `closed`. */
  async secure(only: TlsVersion | null = null): Promise<TlsFacts> {
    const { host, limits, tlsCa, signal } = this.#options;
    const began = this.log.elapsed();
    const plain = this.#socket;
    const read = plain.bytesRead;
    plain.removeAllListeners('data');
    const secured: TLSSocket = connectTls({
      socket: plain,
      rejectUnauthorized: false,
      // Whether the name fits is for judges to say: the chain alone makes `trusted`.
      checkServerIdentity: () => undefined,
      secureContext: contextFor(only, tlsCa),
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const seconds = this.deadline.within(limits.handshakeSeconds);
    const failure = await settled(secured, 'secureConnect', seconds, signal);
    if (failure !== null) {
      secured.destroy();
      const broken = brokenHandshake(failure, plain.bytesRead - read, seconds);
      throw this.#fail(broken, 'handshake-failed');
    }
    this.#socket = secured;
    this.#reader = new ReplyReader();
    this.#ended = null;
    this.#listen(secured);
    this.log.tls = true;
    const facts = tlsFactsOf(secured, this.log.elapsed() - began);
    return { ...facts, at: this.log.remark('handshake', describeTls(facts)) };
  }

  /** Closes our side and, after a moment, the rest. */
  close(): void {
    if (this.#ended === null) this.#ended = trouble('closed', 'stopped', 'closed by the scanner');
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), 250);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** Waits until both ends have closed, `seconds` at most. */
  async goneWithin(seconds: number): Promise<void> {
    if (this.#socket.destroyed) return;
    const socket = this.#socket;
    await new Promise<void>((gone) => {
      const timer = setTimeout(gone, seconds * 1000);
      socket.once('close', () => {
        clearTimeout(timer);
        gone();
      });
    });
  }

  #listen(socket: Socket): void {
    const over = (ended: Trouble) => {
      this.#ended ??= ended;
      this.#wake?.();
    };
    socket.on('data', (chunk: Uint8Array) => {
      this.#options.recorder.bytesReceived += chunk.length;
      this.#reader.push(chunk);
      this.#unread += chunk.length;
      if (this.#unread > unreadLimit) socket.pause();
      this.#wake?.();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      over(trouble('closed', 'reset', `connection lost: ${error.code ?? error.message}`)),
    );
    const hungUp = () => over(trouble('closed', 'hang-up', 'the server closed the connection'));
    socket.on('close', hungUp);
    socket.on('end', hungUp);
    const { signal } = this.#options;
    const onAbort = () => this.#wake?.();
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('close', () => signal?.removeEventListener('abort', onAbort));
  }

  /** Resolves true when something has happened, false when the time is over. */
  async #news(seconds: number): Promise<boolean> {
    if (this.#options.signal?.aborted) throw this.#fail(trouble('budget-spent', 'stopped', scanEnded));
    let timer: NodeJS.Timeout | undefined;
    const happened = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), Math.ceil(seconds * 1000));
    });
    clearTimeout(timer);
    this.#wake = null;
    return happened;
  }

  #record(raw: RawReply): Reply {
    const [first, ...more] = raw.lines.map((text): ReplyLine => ({ text, event: this.log.add('them', text).event }));
    const lines = [first as ReplyLine, ...more] as const;
    return { session: this.log.id, code: raw.code, ...enhancedAndText(raw.lines), lines, defects: raw.defects };
  }

  #endedEarly(ended: Trouble): TroubleError {
    const rest = this.#reader.takeRest();
    const evidence = rest.length > 0 ? [this.log.add('them', visible(rest.subarray(0, 4096)))] : [];
    const because = rest.length > 0 ? `${ended.because} in the middle of a reply` : ended.because;
    return new TroubleError({ ...ended, because, evidence: [...evidence, this.log.remark('trouble', because)] });
  }

  #fail(failure: Trouble, kind: RemarkKind = 'trouble'): TroubleError {
    this.#ended ??= failure;
    return new TroubleError({ ...failure, evidence: [this.log.remark(kind, failure.because)] });
  }
}

/** Making a context costs milliseconds and memory: one for each version and CA bundle serves all connections. */
const contexts = new Map<string, SecureContext>();

function contextFor(only: TlsVersion | null, tlsCa: string | null): SecureContext {
  const key = `${only} ${tlsCa}`;
  const known = contexts.get(key);
  if (known !== undefined) return known;
  const context = createSecureContext({
    minVersion: only ?? 'TLSv1',
    ...(only === null ? {} : { maxVersion: only }),
    ciphers: 'DEFAULT:@SECLEVEL=0',
    ...(tlsCa === null ? {} : { ca: tlsCa }),
  });
  contexts.set(key, context);
  return context;
}

/** Why there is no connection. The codes are those of connect(2). */
function notConnected(failure: string, seconds: number): { readonly cause: Cause; readonly because: string } {
  if (failure === 'stopped') return { cause: 'stopped', because: scanEnded };
  if (failure === 'timeout')
    return { cause: 'filtered', because: `no TCP connection within ${seconds} s (filtered, or down)` };
  return { cause: causeOfCode[failure] ?? 'no-route', because: `TCP connection failed: ${failure}` };
}

const causeOfCode: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'filtered',
  ECONNRESET: 'reset',
  closed: 'hang-up',
};

/** Waits for one event of a socket's opening: null when it came, else the code of what came instead. */
function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  seconds: number,
  signal: AbortSignal | null,
): Promise<string | null> {
  return new Promise((resolve) => {
    const done = (trouble: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('close', onClose);
      // Late errors of a socket that is given up are nobody's business.
      socket.once('error', () => {});
      resolve(trouble);
    };
    const onAbort = () => done('stopped');
    const onClose = () => done('closed');
    const timer = setTimeout(() => done('timeout'), seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once(event, () => done(null));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.once('close', onClose);
    if (signal?.aborted) onAbort();
  });
}

/** The enhanced status code (RFC 3463) and the text of all lines without codes. */
function enhancedAndText(lines: readonly string[]): { enhanced: string | null; text: string } {
  const bodies = lines.map((line) => line.replace(/^\d{3}(?:[- ]|\\x09|$)/, ''));
  const leading = /^([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(bodies[0] ?? '')?.[1];
  const trailing = /\(#([245]\.\d{1,3}\.\d{1,3})\)/.exec(bodies.join(' '))?.[1];
  const texts = bodies.map((body) =>
    (leading !== undefined && body.startsWith(leading) ? body.slice(leading.length) : body).trim(),
  );
  return { enhanced: leading ?? trailing ?? null, text: texts.filter(Boolean).join(' ') };
}
