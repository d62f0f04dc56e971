import type { Endpoint } from '../model/endpoint.ts';
import { cite, type Exchange, isNegative, isPositive, offers, type Reply } from '../model/reply.ts';
import type { TlsFacts } from '../model/tls.ts';
import type { Cite, RemarkKind } from '../model/transcript.ts';
import type { Trouble } from '../model/trouble.ts';
import { visible } from '../model/visible.ts';
import { Connection, type ConnectOptions, type TlsVersion } from './connection.ts';
import { redact } from './recorder.ts';
import { ignoreTrouble, inTrouble, TroubleError, troubleOf } from './trouble-error.ts';
import { aboutVerb, verbOf } from './verbs.ts';

/** What a group of commands brought back: the answered ones, and what cut the rest short. */
export interface Flight {
  readonly exchanges: readonly Exchange[];
  readonly cut: Trouble | null;
}

/** What STARTTLS led to (RFC 3207). `leftover`: what the server sent between its 220 and the handshake, printable. */
export type StartTls =
  | { readonly kind: 'refused'; readonly exchange: Exchange }
  | {
      readonly kind: 'failed';
      readonly exchange: Exchange;
      readonly leftover: string;
      readonly leftoverAt: Cite | null;
      readonly trouble: Trouble;
    }
  | {
      readonly kind: 'established';
      readonly exchange: Exchange;
      readonly leftover: string;
      readonly leftoverAt: Cite | null;
      readonly facts: TlsFacts;
    };

/** What a session has used up of a server's patience. `recipients`: all that were answered, however. */
export interface Spent {
  refusals: number;
  mistakes: number;
  nonMail: number;
  recipients: number;
}

export type SessionOptions = Omit<ConnectOptions, 'host' | 'address' | 'port'> & {
  readonly endpoint: Endpoint;
  /** With implicit TLS: this version only. */
  readonly tlsVersion?: TlsVersion | undefined;
};

export interface StartTlsOptions {
  /** Handshake with this version only. */
  readonly version?: TlsVersion;
  /** A command to put behind STARTTLS in the same write: inside TLS nobody should answer it (CVE-2011-0411). */
  readonly inject?: string;
  /** Seconds to listen in clear after the 220 before the handshake begins: what a server says then would break it. Default: not at all. */
  readonly listen?: number;
}

/** Octets kept of what came between 220 and the handshake. */
const leftoverLimit = 4096;

/**
 * One SMTP dialogue (RFC 5321) on one connection. Replies are data, however odd; a 421, a hang-up, silence or a reply nobody asked
 * for is trouble (`TroubleError`). Disposing gives it back to whoever leased it out.
 */
export class SmtpSession implements AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly spent: Spent = { refusals: 0, mistakes: 0, nonMail: 0, recipients: 0 };
  greeting: Reply | null = null;
  /** The latest answer to EHLO or HELO. */
  ehlo: Exchange | null = null;
  /** The name given with it; null right after STARTTLS, which makes it void (RFC 3207 §4.2). */
  helo: string | null = null;
  tls: TlsFacts | null = null;
  /** Whether anything but EHLO was said: Courier takes STARTTLS at the beginning only. */
  isTouched = false;
  /** The latest answer to anything. */
  lastReply: Reply | null = null;
  /** Whether a mail transaction is open (RFC 5321 §4.1.1.2). */
  inTransaction = false;
  /** Called when the session is disposed; set by the lease. */
  release: (session: SmtpSession) => Promise<void> = (session) => session.quit();
  /** Told of every reply; set by the lease. */
  onReply: (exchange: Exchange) => void = () => {};
  /** Told when the dialogue is cut short, and whether several commands were on their way; set by the lease. */
  onCut: (cut: Trouble, inFlight: boolean) => void = () => {};
  /** PIPELINING is not to be used, whatever EHLO lists: this server has lost commands or replies of a group. Set by the lease. */
  oneByOne = false;
  readonly #connection: Connection;
  readonly #replySeconds: number;
  /** Seconds of the slowest reply so far. */
  #pace = 0;
  #cut = false;
  #saidQuit = false;

  private constructor(connection: Connection, endpoint: Endpoint, replySeconds: number) {
    this.#connection = connection;
    this.endpoint = endpoint;
    this.#replySeconds = replySeconds;
  }

  /** Connects; with implicit TLS (RFC 8314 §3.3) handshakes too. Nothing is read yet. */
  static async open({ endpoint, tlsVersion, ...options }: SessionOptions): Promise<SmtpSession> {
    const { host, address, port } = endpoint;
    const connection = await Connection.open({ ...options, host, address, port });
    const session = new SmtpSession(connection, endpoint, options.limits.replySeconds);
    if (endpoint.tls === 'implicit') session.tls = await connection.secure(tlsVersion ?? null);
    return session;
  }

  get id(): string {
    return this.#connection.log.id;
  }

  get localAddress(): string {
    return this.#connection.localAddress;
  }

  get remoteAddress(): string {
    return this.#connection.remoteAddress;
  }

  /** Open, not cut short, and nothing unread: fit for another command. */
  get isHealthy(): boolean {
    return !this.#cut && this.#connection.isOpen && !this.#connection.hasUnread;
  }

  get pipelines(): boolean {
    return !this.oneByOne && this.helo !== null && this.ehlo !== null && offers(this.ehlo.reply, 'PIPELINING');
  }

  /** Whose commands these are from now on, in the transcript. */
  holdFor(probe: string): void {
    this.#connection.log.probe = probe;
  }

  /** A reply that nobody asked for and that is here, or comes within `seconds`; null where none does. */
  async unasked(seconds: number): Promise<Reply | null> {
    return await this.#connection.unasked(seconds);
  }

  /** Part of a command, without its line end: `say` sends the rest of it. */
  dribble(part: string): void {
    this.remark('part', `sent "${part}", and no line end`);
    this.#connection.write(part);
  }

  /** Adds a remark of the scanner's to the transcript. */
  remark(kind: RemarkKind, text: string): Cite {
    return this.#connection.log.remark(kind, text);
  }

  /** Waits for the greeting (RFC 5321 §3.1). One other than 220 is trouble: throttled (4xx), client-blocked (5xx) or ambiguous. */
  async greet(): Promise<Reply> {
    const greeting = await this.#connection.receive();
    this.greeting = greeting;
    if (greeting.code === 220) return this.#absorbMoreGreeting(greeting);
    const quote = greeting.lines[0].text;
    if (isNegative(greeting)) {
      const doubt = (greeting.code ?? 0) < 500 ? 'throttled' : 'client-blocked';
      throw this.#cutBy(inTrouble(doubt, 'reply', `greeted with "${quote}"`, [cite(greeting)], { reply: greeting }));
    }
    const because = `the greeting is no SMTP greeting: "${quote}"`;
    throw inTrouble('ambiguous', 'not-smtp', because, [cite(greeting)], { reply: greeting });
  }

  /** EHLO; HELO where EHLO is not known (RFC 5321 §3.2). The exchange is the last of the two. */
  async hello(name: string): Promise<Exchange> {
    let exchange = await this.say(`EHLO ${name}`);
    // A second greeting line that came late is not the answer to EHLO.
    while (exchange.reply.code === 220) {
      const reply = await this.#connection.receive();
      if (reply.code === 421) throw this.#cutBy(cutShort(reply));
      exchange = { ...exchange, reply };
    }
    if ([500, 502, 504].includes(exchange.reply.code ?? 0)) exchange = await this.say(`HELO ${name}`);
    if (isPositive(exchange.reply)) {
      this.ehlo = exchange;
      this.helo = name;
      this.inTransaction = false;
    }
    // One line is little for EHLO: it may be somebody else's answer, and the real one behind it.
    if (isPositive(exchange.reply) && exchange.reply.lines.length === 1) await this.#checkStep();
    return exchange;
  }

  /** A NOOP, and nothing but its one answer behind it. */
  async #checkStep(): Promise<void> {
    const { reply } = await this.say('NOOP');
    if (reply.lines.length > 1 || this.#connection.hasUnread) throw this.#cutBy(outOfStep(reply));
  }

  /** One command, one reply. `shown` is what the transcript keeps in the place of a secret. */
  async say(
    command: string,
    { shown = redact(command), seconds }: { shown?: string; seconds?: number } = {},
  ): Promise<Exchange> {
    const { exchanges, cut } = await this.#group([command], [shown], 1, seconds);
    const exchange = exchanges[0];
    if (exchange === undefined) throw cut === null ? noReply() : new TroubleError(cut);
    return exchange;
  }

  /**
   * Several commands: in one flight where the latest EHLO offers PIPELINING (RFC 2920), else one after the other. Only the last may be one
   * that RFC 2920 §3.1 wants at the end of a group.
   */
  async flight(commands: readonly string[]): Promise<Flight> {
    const misplaced = commands.slice(0, -1).find((command) => aboutVerb(verbOf(command)).isLast);
    if (misplaced !== undefined) throw new Error(`${verbOf(misplaced)} must be the last of a group of commands`);
    if (this.pipelines) return await this.#group(commands);
    const exchanges: Exchange[] = [];
    for (const command of commands) {
      const { exchanges: answered, cut } = await this.#group([command]);
      exchanges.push(...answered);
      if (cut !== null) return { exchanges, cut };
    }
    return { exchanges, cut: null };
  }

  /** STARTTLS and the handshake (RFC 3207 §4). After it the session has no EHLO: say it again. */
  async startTls({ version, inject, listen }: StartTlsOptions = {}): Promise<StartTls> {
    const { exchanges, cut } = await this.#group(['STARTTLS', ...(inject === undefined ? [] : [inject])], undefined, 1);
    const exchange = exchanges[0];
    if (exchange === undefined) throw cut === null ? noReply() : new TroubleError(cut);
    if (exchange.reply.code !== 220) return { kind: 'refused', exchange };
    const early = listen === undefined ? null : await this.#connection.unasked(listen);
    const rest = visible(this.#connection.takeRest().subarray(0, leftoverLimit));
    const restAt = rest === '' ? null : this.#connection.log.add('them', rest);
    const leftoverAt = early === null ? restAt : cite(early);
    const leftover = [...(early?.lines ?? []).map(({ text }) => `${text}\\x0d\\x0a`), rest].join('');
    this.helo = null;
    this.inTransaction = false;
    try {
      this.tls = await this.#connection.secure(version ?? null);
      return { kind: 'established', exchange, leftover, leftoverAt, facts: this.tls };
    } catch (error) {
      return { kind: 'failed', exchange, leftover, leftoverAt, trouble: troubleOf(error) };
    }
  }

  /**
   * QUIT as a test of step: null where its answer is 221, which no other command has. A stray reply looks like a refusal of whatever was
   * asked before it, and only this shows the slip.
   */
  async leave(): Promise<Trouble | null> {
    try {
      const { reply } = await this.say('QUIT');
      return reply.code === 221 ? null : outOfStep(reply).trouble;
    } catch (error) {
      return troubleOf(error);
    }
  }

  /** QUIT, a short wait for its answer, and the end. Safe to call at any time, and more than once. */
  async quit(seconds = 2): Promise<void> {
    if (!this.#saidQuit) {
      this.#saidQuit = true;
      if (this.#connection.isWritable) this.#connection.send(['QUIT']);
      if (this.#connection.isOpen) await this.#connection.receive(seconds).catch(ignoreTrouble);
    }
    this.#connection.close();
    // The server's own end comes right behind its 221; until then it counts the connection.
    await this.#connection.goneWithin(Math.min(seconds, 0.25));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release(this);
  }

  /** Writes commands in one go and reads the replies to the first `answers` of them. */
  async #group(
    commands: readonly string[],
    shown: readonly string[] = commands.map(redact),
    answers = commands.length,
    seconds?: number,
  ): Promise<Flight> {
    const exchanges: Exchange[] = [];
    try {
      this.#refuseUnasked();
      const sentAt = this.#connection.log.elapsed();
      this.#connection.send(commands, shown);
      if (commands.at(-1) === 'QUIT') this.#saidQuit = true;
      for (const [index, command] of commands.slice(0, answers).entries()) {
        const askedAt = this.#connection.log.elapsed();
        const reply = await this.#connection.receive(seconds ?? this.#patience);
        this.#pace = Math.max(this.#pace, this.#connection.log.elapsed() - askedAt);
        if (reply.code === 421) throw cutShort(reply);
        const exchange = {
          command: shown[index] ?? '',
          reply,
          sentAt,
          seconds: round(this.#connection.log.elapsed() - sentAt),
        };
        this.#account(command, reply);
        exchanges.push(exchange);
        this.onReply(exchange);
      }
      if (answers > 1) this.#checkFlight(exchanges);
      return { exchanges, cut: null };
    } catch (error) {
      const cut = troubleOf(error);
      this.#noteCut(cut, answers > 1);
      // A reply that never came, or one too many: nobody knows from which command on.
      const trusted = answers > 1 && (cut.doubt === 'timeout' || cut.doubt === 'ambiguous') ? [] : exchanges;
      return { exchanges: trusted, cut };
    }
  }

  /** Replies left over behind a flight, or a RSET refused where a transaction was open, mean that replies and commands do not pair up. */
  #checkFlight(exchanges: readonly Exchange[]): void {
    const extra = this.#connection.poll();
    if (extra?.code === 421) throw cutShort(extra);
    if (extra !== null) throw outOfStep(extra);
    const began = exchanges.findIndex(({ command, reply }) => /^MAIL/i.test(command) && isPositive(reply));
    const refused = exchanges.find(
      ({ command, reply }, index) => index > began && command === 'RSET' && !isPositive(reply),
    );
    if (began >= 0 && refused !== undefined) throw outOfStep(refused.reply);
  }

  #cutBy(error: TroubleError): TroubleError {
    this.#noteCut(error.trouble);
    return error;
  }

  #noteCut(cut: Trouble, inFlight = false): void {
    this.#cut = true;
    this.onCut(cut, inFlight);
  }

  /** Seconds to wait for a reply: a server that becomes slower with each refusal is given the time it shows that it takes. */
  get #patience(): number {
    return Math.max(this.#replySeconds, slowdownFactor * this.#pace);
  }

  /** What the server says while nothing is asked ends the dialogue: a 421, or a sign that replies and commands no longer pair up. */
  #refuseUnasked(): void {
    const unasked = this.#connection.poll();
    if (unasked === null) return;
    if (unasked.code === 421) throw cutShort(unasked);
    const because = `the server said "${unasked.lines[0].text}" without being asked`;
    throw inTrouble('ambiguous', 'unasked', because, [cite(unasked)], { reply: unasked });
  }

  /** Some servers end more than one line of their greeting as the last. */
  #absorbMoreGreeting(greeting: Reply): Reply {
    let all = greeting;
    for (let more = this.#connection.poll(); more !== null; more = this.#connection.poll()) {
      if (all.lines.length > greetingLines) throw this.#cutBy(outOfStep(more));
      if (more.code === 421) throw cutShort(more);
      all = { ...all, lines: [...all.lines, ...more.lines], text: `${all.text} ${more.text}` };
    }
    this.greeting = all;
    return all;
  }

  #account(command: string, reply: Reply): void {
    const verb = verbOf(command);
    const { isNonMail, isOpening, refusal } = aboutVerb(verb);
    if (isNonMail) this.spent.nonMail += 1;
    if (verb === 'RCPT') this.spent.recipients += 1;
    if (verb === 'QUIT') this.#cut = true;
    if (!isOpening) this.isTouched = true;
    this.lastReply = reply;
    if (isNegative(reply)) {
      const ofSyntax = reply.code !== null && reply.code >= 500 && reply.code <= 504;
      const isMistake = refusal === 'mistake' || (refusal === 'by code' && ofSyntax);
      this.spent[isMistake ? 'mistakes' : 'refusals'] += 1;
    }
    if (verb === 'MAIL' && isPositive(reply)) this.inTransaction = true;
    if (verb === 'RSET' && isPositive(reply)) this.inTransaction = false;
  }
}

/** A session that has been greeted and has said EHLO: what `Wire.session` leases. */
export type IntroducedSession = SmtpSession & {
  readonly greeting: Reply;
  readonly ehlo: Exchange;
};

export function isIntroduced(session: SmtpSession): session is IntroducedSession {
  return session.greeting !== null && session.ehlo !== null && session.helo !== null;
}

/** How many times as long as the slowest reply so far the next may take. Courier doubles its sleep with every refusal. */
const slowdownFactor = 3;

const noReply = (): TroubleError => inTrouble('closed', 'hang-up', 'no reply');

function cutShort(reply: Reply): TroubleError {
  const because = `the server ended the session: "${reply.lines[0].text}"`;
  return inTrouble('throttled', 'reply', because, [cite(reply)], { reply });
}

/** Lines of a greeting that are put up with. */
const greetingLines = 32;

function outOfStep(reply: Reply): TroubleError {
  const because = `replies and commands no longer pair up: "${reply.lines[0].text}" belongs to none`;
  return inTrouble('ambiguous', 'unasked', because, [cite(reply)], { reply });
}

const round = (seconds: number): number => Math.round(seconds * 10_000) / 10_000;
