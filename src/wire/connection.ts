import { randomBytes } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Reply } from '../model/reply.ts';
import type { Restraint } from '../model/restraint.ts';
import type { TlsFacts } from '../model/tls.ts';
import type { HelloOffer, TlsAnswer } from '../model/tls-answer.ts';
import type { Cite, RemarkKind } from '../model/transcript.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { visible } from '../model/visible.ts';
import { describeOffer, encodeClientHello } from './client-hello.ts';
import { Deadline } from './deadline.ts';
import { exchangeHellos } from './exchange-hellos.ts';
import { type HandshakeWay, shakeHands } from './handshake.ts';
import { lostConnection } from './handshake-trouble.ts';
import { recordedReply } from './recorded-reply.ts';
import type { Recorder, SessionLog } from './recorder.ts';
import { ReplyReader } from './reply-reader.ts';
import { describeFlight } from './server-flight.ts';
import { openTcp } from './tcp.ts';
import { describeTls, tlsFactsOf } from './tls-facts.ts';
import { endOf, TroubleError } from './trouble-error.ts';

export interface ConnectOptions {
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly restraint: Restraint;
  readonly recorder: Recorder;
  readonly probe: string;
  readonly tlsCa: string | null;
  readonly signal: AbortSignal | null;
}

/** Octets kept that nobody has read yet; past it the peer is made to wait. */
const unreadLimit = 262_144;

/**
 * Bytes both ways, recorded and bounded: lines out, whole replies in, TLS when asked. It knows no SMTP beyond the form
 * of a reply. Every failure is a `TroubleError`.
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
  /** Seconds from SYN to the answer to it: about one round trip. */
  readonly connectSeconds: number;

  private constructor(socket: Socket, log: SessionLog, options: ConnectOptions, connectSeconds: number) {
    this.#socket = socket;
    this.log = log;
    this.#options = options;
    this.connectSeconds = connectSeconds;
    this.deadline = new Deadline(options.restraint.dialogueSeconds);
    this.#listen(socket);
  }

  /** Opens a TCP connection. Fails with `unreachable`. */
  static async open(options: ConnectOptions): Promise<Connection> {
    const log = options.recorder.open(options.probe);
    options.recorder.connections += 1;
    const { address, port, restraint, signal } = options;
    const from = log.elapsed();
    const socket = await openTcp(address, port, restraint.replySeconds, signal);
    if ('doubt' in socket) throw new TroubleError({ ...socket, evidence: [log.remark('trouble', socket.because)] });
    log.remark('connected', `connected to ${address} port ${port}`);
    return new Connection(socket, log, options, log.elapsed() - from);
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

  /** How the peer ended the connection; null while it stands. */
  get ended(): Trouble | null {
    return this.#ended;
  }

  /** Whether a last command can still be sent, even where we stopped listening. */
  get isWritable(): boolean {
    return this.#socket.writable;
  }

  /** Whether the server has said something that nobody has read. */
  get hasUnread(): boolean {
    return this.#reader.hasUnread;
  }

  /**
   * Writes lines in one go. `shown` is what the transcript keeps of each, in the place of secrets. Throws where a line
   * would be more than one: whoever asks for that has a bug, and what it would say nobody has meant to say.
   */
  send(lines: readonly string[], shown: readonly string[] = lines): void {
    for (const line of lines) refuseLineEnds(line);
    for (const line of shown) this.log.add('us', line);
    this.#options.recorder.commands += lines.length;
    this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /**
   * Writes octets as they are, in one go: line ends where they stand, and nowhere else. The transcript keeps them as
   * one line of ours, the middle of a long one left out.
   */
  sendOctets(octets: string): Cite {
    this.#options.recorder.commands += octets.split('\n').length - 1;
    const at = this.log.add('us', shortened(octets));
    this.write(octets);
    return at;
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
    return raw === null ? null : recordedReply(raw, this.log);
  }

  /**
   * The next whole reply. Fails with `timeout`, `closed` or, where what came cannot be a reply, `ambiguous`. `isFinal`:
   * silence is the end of the dialogue, which it is unless said otherwise.
   */
  async receive(
    seconds: number = this.#options.restraint.replySeconds,
    { isFinal = true }: { readonly isFinal?: boolean } = {},
  ): Promise<Reply> {
    const allowed = this.deadline.within(seconds);
    const reply = await this.#next(allowed);
    if (reply !== null) return reply;
    const silence = this.#silence(seconds, allowed);
    throw isFinal || silence.cause === 'deadline' ? this.#fail(silence) : new TroubleError(silence);
  }

  /** Like `receive`, but silence is an answer too: null. */
  async receiveIfAny(seconds: number): Promise<Reply | null> {
    return await this.#next(this.deadline.within(Math.min(seconds, this.#options.restraint.replySeconds)));
  }

  async #next(seconds: number): Promise<Reply | null> {
    const deadline = new Deadline(seconds);
    while (true) {
      const raw = this.#reader.next();
      if (raw !== null) return recordedReply(raw, this.log);
      if (this.#reader.overflow !== null)
        throw this.#fail(trouble('ambiguous', 'too-much', `the server sent ${this.#reader.overflow}`));
      if (this.#ended !== null) throw this.#endedEarly(this.#ended);
      this.#unread = 0;
      this.#socket.resume();
      if (!(await this.#news(deadline.remaining()))) return null;
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

  /** Handshakes. Fails with `tls-failed`, `timeout` or `closed`. */
  async secure(way: HandshakeWay = {}): Promise<TlsFacts> {
    const { host, restraint, tlsCa, signal } = this.#options;
    const began = this.log.elapsed();
    this.#socket.removeAllListeners('data');
    const seconds = this.deadline.within(restraint.handshakeSeconds);
    const secured = await shakeHands(this.#socket, { ...way, host, tlsCa, signal, seconds });
    if ('doubt' in secured) throw this.#fail(secured, 'handshake-failed');
    this.#socket = secured;
    this.#reader = new ReplyReader();
    this.#ended = null;
    this.#listen(secured);
    this.log.tls = true;
    const facts = tlsFactsOf(secured, this.log.elapsed() - began);
    return { ...facts, at: this.log.remark('handshake', describeTls(facts)) };
  }

  /**
   * Sends a ClientHello of ours and reads what the server says to it; no handshake comes of it, and the connection
   * ends. The host's name goes with it where it has one (SNI).
   */
  async askTls(offer: HelloOffer): Promise<TlsAnswer> {
    const { host, restraint, recorder, signal } = this.#options;
    this.log.remark('client-hello', describeOffer(offer));
    this.#socket.removeAllListeners('data');
    const seconds = this.deadline.within(restraint.handshakeSeconds);
    const name = isIP(host) === 0 ? host : null;
    const hello = encodeClientHello({ ...offer, name, random: randomBytes(32) });
    recorder.bytesSent += hello.length;
    const { flight, met, heard } = await exchangeHellos(this.#socket, hello, {
      seconds,
      signal,
      isNamed: name !== null,
    });
    recorder.bytesReceived += heard;
    this.#ended ??= trouble('closed', 'stopped', 'closed by the scanner');
    if (met !== null)
      return { kind: 'none', cut: { ...met, evidence: [this.log.remark('server-hello', met.because)] } };
    const at = this.log.remark('server-hello', describeFlight(flight));
    return flight.kind === 'alert' ? { kind: 'alert', alert: flight.alert, at } : { ...flight, at };
  }

  /** Closes our side and, after a moment, the rest. */
  close(): void {
    if (this.#ended === null) this.#ended = trouble('closed', 'stopped', 'closed by the scanner');
    this.#socket.end();
    const timer = setTimeout(() => this.#socket.destroy(), 250);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /**
   * Waits until both ends have closed, `seconds` at most; then breaks it off, and waits until the server may have
   * noticed. False where we alone have closed: for a moment the server may still count it.
   */
  async goneWithin(seconds: number): Promise<boolean> {
    const socket = this.#socket;
    if (!socket.destroyed) {
      const closed = new Promise<boolean>((gone) => socket.once('close', () => gone(true)));
      const isGone = await Promise.race([closed, delay(seconds * 1000, false)]);
      if (isGone) return socket.readableEnded;
      socket.destroy();
    }
    await delay(noticeSeconds * 1000);
    return true;
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
    socket.on('error', (error: NodeJS.ErrnoException) => over(lostConnection(error.code ?? error.message)));
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
    const { signal } = this.#options;
    if (signal?.aborted) throw this.#fail(trouble('budget-spent', 'stopped', endOf(signal)));
    let timer: NodeJS.Timeout | undefined;
    const happened = await new Promise<boolean>((resolve) => {
      this.#wake = () => resolve(true);
      timer = setTimeout(() => resolve(false), Math.ceil(seconds * 1000));
    });
    clearTimeout(timer);
    this.#wake = null;
    return happened;
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

/** Seconds in which a server counts a connection that is gone as gone. */
export const noticeSeconds = 0.1;

/** Octets of one write that the transcript keeps at its beginning and at its end, where it is longer than both. */
const keptOctets = 240;

const shortened = (octets: string): string =>
  octets.length <= 2 * keptOctets
    ? octets
    : `${octets.slice(0, keptOctets)}… (${octets.length} octets) …${octets.slice(-keptOctets)}`;

/** RFC 5321 §2.3.8: CR and LF end a line and stand nowhere else in it. NUL is no character of a command. */
export function refuseLineEnds(command: string): void {
  if (/[\r\n\0]/.test(command))
    throw new Error(`a command may not have CR, LF or NUL in it: ${JSON.stringify(command)}`);
}
