import type { Aftermath } from '../model/aftermath.ts';
import type { Endpoint, TlsMode } from '../model/endpoint.ts';
import { cite, type Exchange, isNegative, isPermanent, isPositive, offers, type Reply } from '../model/reply.ts';
import type { TlsFacts } from '../model/tls.ts';
import type { HelloOffer, TlsAnswer } from '../model/tls-answer.ts';
import type { Cite, RemarkKind } from '../model/transcript.ts';
import type { Trouble } from '../model/trouble.ts';
import { visible } from '../model/visible.ts';
import { Connection, type ConnectOptions, refuseLineEnds } from './connection.ts';
import { cutShort, linesWithoutCode, notSmtp, outOfStep, turnedAway, withoutGreeting } from './endings.ts';
import type { HandshakeWay } from './handshake.ts';
import { redact } from './recorder.ts';
import { type Spent, spentBy, unspent } from './spent.ts';
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

/** What a ClientHello of ours led to. `refused`: STARTTLS got no 220. */
export type AskedTls =
  | { readonly kind: 'refused'; readonly exchange: Exchange }
  | { readonly kind: 'answered'; readonly answer: TlsAnswer };

export type SessionOptions = Omit<ConnectOptions, 'host' | 'address' | 'port'> & {
  readonly endpoint: Endpoint;
  /** How the dialogue begins, where that differs from what the endpoint says. */
  readonly tls?: TlsMode | undefined;
  /** With implicit TLS. */
  readonly way?: HandshakeWay | undefined;
};

export interface StartTlsOptions extends HandshakeWay {
  /** A command to put behind STARTTLS in the same write: inside TLS nobody should answer it (CVE-2011-0411). */
  readonly inject?: string;
  /**
   * Seconds to listen in clear after the 220 before the handshake begins: what a server says then would break it.
   * Default: not at all.
   */
  readonly listen?: number;
}

/** Octets kept of what came between 220 and the handshake. */
const leftoverLimit = 4096;

/**
 * One SMTP dialogue (RFC 5321) on one connection. Replies are data, however odd; a 421, a hang-up, silence or a reply
 * nobody asked for is trouble (`TroubleError`). Disposing gives it back to whoever leased it out.
 */
export class SmtpSession implements AsyncDisposable {
  readonly endpoint: Endpoint;
  spent: Spent = unspent;
  greeting: Reply | null = null;
  /** The latest answer to EHLO or HELO. */
  ehlo: Exchange | null = null;
  /** Seconds that the latest EHLO took: some servers slow down from one to the next. */
  helloSeconds = 0;
  /** The name given with it; null right after STARTTLS, which makes it void (RFC 3207 §4.2). */
  helo: string | null = null;
  tls: TlsFacts | null = null;
  /** Whether anything but EHLO was said: Courier takes STARTTLS at the beginning only. */
  isTouched = false;
  /** The latest answer to anything. */
  lastReply: Reply | null = null;
  /** Whether a mail transaction is open (RFC 5321 §4.1.1.2). */
  inTransaction = false;
  /** PIPELINING is listed, and has lost commands or replies here: one command at a time from now on. */
  oneByOne = false;
  /** Called when the session is disposed; set by the lease. */
  release: (session: SmtpSession) => Promise<unknown> = (session) => session.quit();
  /** Told of every reply; set by the lease. */
  onReply: (exchange: Exchange) => void = () => {};
  /** Told when the dialogue is cut short; set by the lease. */
  onCut: (cut: Trouble) => void = () => {};
  readonly #connection: Connection;
  readonly #replySeconds: number;
  /** A refusal took so long that a new session is faster than the next refusal in this one. */
  isWorn = false;
  /** Seconds of the slowest reply so far. */
  #pace = 0;
  #cut = false;
  #apart = false;
  #saidQuit = false;
  /** The answer to EHLO was one line, which may be somebody else's: the real one may still come. */
  #maySlip = false;

  private constructor(connection: Connection, endpoint: Endpoint, replySeconds: number) {
    this.#connection = connection;
    this.endpoint = endpoint;
    this.#replySeconds = replySeconds;
  }

  /** Connects; with implicit TLS (RFC 8314 §3.3) handshakes too. Nothing is read yet. */
  static async open({ endpoint, tls = endpoint.tls, way, ...options }: SessionOptions): Promise<SmtpSession> {
    const { host, address, port } = endpoint;
    const connection = await Connection.open({ ...options, host, address, port });
    const session = new SmtpSession(connection, endpoint, options.restraint.replySeconds);
    if (tls === 'implicit') session.tls = await connection.secure(way);
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

  /** Seconds that the TCP connection took to stand: about one round trip. */
  get connectSeconds(): number {
    return this.#connection.connectSeconds;
  }

  /** Open, not cut short, and nothing unread: fit for another command by whoever leases it. */
  get isHealthy(): boolean {
    return !this.#apart && !this.#cut && this.#connection.isOpen && !this.#connection.hasUnread;
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
    refuseLineEnds(part);
    this.remark('part', `sent "${part}", and no line end`);
    this.#connection.write(part);
  }

  /**
   * From here on it is a session for odd deeds: what the server says in it, 421 included, answers the deed. The budget
   * hears none of it, and nobody else gets the session.
   */
  setApart(): void {
    this.#apart = true;
    this.onReply = () => {};
    this.onCut = () => {};
  }

  /**
   * Writes octets as they are, in one go, and listens: until `most` replies have come, until `seconds` pass without
   * another, or until the server ends the connection. All of that is data; only the end of the scan is trouble
   * (`TroubleError`). For sessions set apart.
   */
  async dare(
    octets: string,
    { most = 16, seconds = this.#patience }: { readonly most?: number; readonly seconds?: number } = {},
  ): Promise<Aftermath> {
    if (!this.#apart) throw new Error('odd octets are for a session that is set apart');
    const { log } = this.#connection;
    const began = log.elapsed();
    const sent = this.#connection.sendOctets(octets);
    const replies: Aftermath['replies'][number][] = [];
    while (replies.length < most) {
      const reply = await this.#connection.unasked(seconds);
      if (reply === null) break;
      replies.push({ reply, seconds: this.#secondsSince(began) });
    }
    const { ended } = this.#connection;
    const end = ended === null ? 'open' : ended.cause === 'reset' ? 'reset' : 'hang-up';
    const endAt = ended === null ? null : log.remark('closed', ended.because);
    return { sent, replies, end, endAt, seconds: this.#secondsSince(began) };
  }

  /**
   * Seconds in which a reply that nobody asks for would have come: `least`, or four times the slowest reply so far; no
   * more than a reply may take.
   */
  quietSeconds(least: number): number {
    return Math.min(Math.max(least, 4 * this.#pace), this.#replySeconds);
  }

  /** Adds a remark of the scanner's to the transcript. */
  remark(kind: RemarkKind, text: string): Cite {
    return this.#connection.log.remark(kind, text);
  }

  /** Waits for the greeting (RFC 5321 §3.1). One other than 220 is trouble, by what it says. */
  async greet(): Promise<Reply> {
    const greeting = await this.#connection.receive().catch((error: unknown) => {
      const met = troubleOf(error);
      throw this.#cutBy(this.#connection.hasUnread ? new TroubleError(met) : withoutGreeting(met));
    });
    this.greeting = greeting;
    if (greeting.code === 220) return this.#absorbMoreGreeting(greeting);
    throw this.#cutBy(isNegative(greeting) ? turnedAway(greeting) : notSmtp(greeting));
  }

  /**
   * EHLO; HELO where EHLO is refused for good (RFC 5321 §3.2, §4.1.4). The exchange that was taken, else the refusal of
   * EHLO.
   */
  async hello(name: string): Promise<Exchange> {
    let exchange = await this.say(`EHLO ${name}`);
    // A second greeting line that came late is not the answer to EHLO.
    while (exchange.reply.code === 220) {
      const reply = await this.#connection.receive();
      if (reply.code === 421) throw this.#cutBy(cutShort(reply, exchange.command));
      exchange = { ...exchange, reply };
    }
    if (isPermanent(exchange.reply)) exchange = (await this.#heloTaken(name)) ?? exchange;
    if (!isPositive(exchange.reply)) return exchange;
    this.ehlo = exchange;
    this.helo = name;
    if (exchange.command.startsWith('EHLO') && exchange.reply.lines.length === 1) await this.#awaitMoreLines();
    return exchange;
  }

  /** Whatever goes wrong at HELO, it is EHLO that was refused, and its words are the reason. */
  async #heloTaken(name: string): Promise<Exchange | null> {
    const exchange = await this.say(`HELO ${name}`).catch((error: unknown) => {
      ignoreTrouble(error);
      return null;
    });
    return exchange !== null && isPositive(exchange.reply) ? exchange : null;
  }

  /**
   * One line is little for EHLO: it may be somebody else's answer, or go on in lines that are no replies. No command is
   * spent on that.
   */
  async #awaitMoreLines(): Promise<void> {
    this.#maySlip = true;
    const more = await this.#connection.unasked(moreSeconds);
    if (more === null) return;
    if (more.code === 421) throw this.#cutBy(cutShort(more, 'EHLO'));
    throw this.#cutBy(more.code === null ? linesWithoutCode(more) : outOfStep(more));
  }

  /** One command, one reply. `shown` is what the transcript keeps in the place of a secret. */
  async say(
    command: string,
    { shown = redact(command), seconds }: { shown?: string; seconds?: number } = {},
  ): Promise<Exchange> {
    return firstOf(this.#noted(await this.#group([command], { shown: [shown], seconds })));
  }

  /**
   * Several commands: in one flight where the latest EHLO offers PIPELINING (RFC 2920), else one after the other. Only
   * the last may be one that RFC 2920 §3.1 wants at the end of a group. Where replies to a flight do not come, it is
   * asked again one by one.
   */
  async flight(commands: readonly string[]): Promise<Flight> {
    const misplaced = commands.slice(0, -1).find((command) => aboutVerb(verbOf(command)).isLast);
    if (misplaced !== undefined) throw new Error(`${verbOf(misplaced)} must be the last of a group of commands`);
    if (!this.pipelines || commands.length < 2) return await this.#oneAfterTheOther(commands);
    const flown = await this.#group(commands);
    this.oneByOne = flown.cut?.cause === 'unasked';
    return flown.cut?.cause === 'silence' ? await this.#again(commands, flown.cut) : this.#noted(flown);
  }

  async #oneAfterTheOther(commands: readonly string[]): Promise<Flight> {
    const exchanges: Exchange[] = [];
    for (const command of commands) {
      const { exchanges: answered, cut } = this.#noted(await this.#group([command]));
      exchanges.push(...answered);
      if (cut !== null) return { exchanges, cut };
    }
    return { exchanges, cut: null };
  }

  /** A flight whose replies did not all come: one command at a time, once EHLO has shown where replies begin anew. */
  async #again(commands: readonly string[], cut: Trouble): Promise<Flight> {
    this.oneByOne = true;
    try {
      const heard = await this.#resynchronise(commands.length);
      if (heard === 'in step') {
        const lost = `PIPELINING is listed, and not all of ${commands.length} commands in one flight were answered`;
        this.remark('pipelining', `${lost}: they are asked again one by one`);
        return await this.#oneAfterTheOther(commands);
      }
      const lost = { cause: 'pipelining', because: `PIPELINING is listed, and loses replies: ${cut.because}` } as const;
      const met = heard === 'nothing' ? cut : { ...cut, ...lost };
      return this.#noted({ exchanges: [], cut: { ...met, evidence: [this.remark('trouble', met.because)] } });
    } catch (error) {
      return this.#noted({ exchanges: [], cut: troubleOf(error) });
    }
  }

  /** EHLO again, whose answer is unmistakable; what comes before it belongs to commands that were given up. */
  async #resynchronise(late: number): Promise<'in step' | 'out of step' | 'nothing'> {
    const { ehlo, helo } = this;
    if (ehlo === null || helo === null) return 'nothing';
    const command = `EHLO ${helo}`;
    this.#connection.send([command]);
    for (let stray = 0; stray <= late; stray++) {
      const reply = await this.#connection.receiveIfAny(resyncSeconds);
      if (reply === null) return stray === 0 ? 'nothing' : 'out of step';
      if (sameKeywords(reply, ehlo.reply)) {
        this.#account(command, reply);
        return 'in step';
      }
    }
    return 'out of step';
  }

  /**
   * The message behind a 354, and the reply to its end (RFC 5321 §4.1.1.4): lines ended by CRLF or LF, dots doubled
   * (§4.5.2). `shown`: what the transcript keeps of it.
   */
  async message(text: string, shown: string): Promise<Exchange> {
    const sentAt = this.#connection.log.elapsed();
    this.#connection.log.add('us', shown);
    const stuffed = text
      .split(/\r?\n/)
      .map((line) => (line.startsWith('.') ? `.${line}` : line))
      .join('\r\n');
    this.#connection.write(`${stuffed}\r\n.\r\n`);
    try {
      const reply = await this.#connection.receive(this.#patience);
      if (reply.code === 421) throw cutShort(reply, 'DATA');
      this.inTransaction = false;
      const exchange = { command: shown, reply, sentAt, seconds: this.#secondsSince(sentAt) };
      this.onReply(exchange);
      return exchange;
    } catch (error) {
      throw this.#cutBy(new TroubleError(troubleOf(error)));
    }
  }

  /** STARTTLS and the handshake (RFC 3207 §4). After it the session has no EHLO: say it again. */
  async startTls({ inject, listen, ...way }: StartTlsOptions = {}): Promise<StartTls> {
    const commands = ['STARTTLS', ...(inject === undefined ? [] : [inject])];
    const exchange = firstOf(this.#noted(await this.#group(commands, { answers: 1 })));
    if (exchange.reply.code !== 220) return { kind: 'refused', exchange };
    const early = listen === undefined ? null : await this.#connection.unasked(listen);
    const rest = visible(this.#connection.takeRest().subarray(0, leftoverLimit));
    const restAt = rest === '' ? null : this.#connection.log.add('them', rest);
    const leftoverAt = early === null ? restAt : cite(early);
    const leftover = [...(early?.lines ?? []).map(({ text }) => `${text}\\x0d\\x0a`), rest].join('');
    this.helo = null;
    this.inTransaction = false;
    try {
      this.tls = await this.#connection.secure(way);
      return { kind: 'established', exchange, leftover, leftoverAt, facts: this.tls };
    } catch (error) {
      return { kind: 'failed', exchange, leftover, leftoverAt, trouble: troubleOf(error) };
    }
  }

  /**
   * A ClientHello of ours, behind STARTTLS where the endpoint begins in clear, and what the server says to it. The
   * session is over with it.
   */
  async askTls(offer: HelloOffer): Promise<AskedTls> {
    if (this.endpoint.tls === 'starttls') {
      const exchange = firstOf(this.#noted(await this.#group(['STARTTLS'])));
      if (exchange.reply.code !== 220) return { kind: 'refused', exchange };
    }
    this.helo = null;
    return { kind: 'answered', answer: await this.#connection.askTls(offer) };
  }

  /**
   * QUIT as a test of step: null where its answer is 221, which no other command has, and where the server just ends. A
   * stray reply looks like a refusal of whatever was asked before it, and only this shows the slip.
   */
  async leave(): Promise<Trouble | null> {
    try {
      const { reply } = await this.say('QUIT');
      return reply.code === 221 ? null : outOfStep(reply).trouble;
    } catch (error) {
      const met = troubleOf(error);
      return met.cause === 'unasked' || met.doubt === 'timeout' ? met : null;
    }
  }

  /**
   * QUIT, a short wait for its answer, and the end. Safe to call at any time, and more than once. False where the
   * server may count the connection for a moment more.
   */
  async quit(seconds = 2): Promise<boolean> {
    if (!this.#saidQuit) {
      this.#saidQuit = true;
      if (this.#connection.isWritable) this.#connection.send(['QUIT']);
      if (this.#connection.isOpen) await this.#connection.receive(seconds).catch(ignoreTrouble);
    }
    this.#connection.close();
    // The server's own end comes right behind its 221; until then it counts the connection.
    return await this.#connection.goneWithin(Math.min(seconds, 0.25));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release(this);
  }

  /**
   * Writes commands in one go and reads the replies to the first `answers` of them. What cuts it short is for `#noted`.
   */
  async #group(
    commands: readonly string[],
    {
      shown = commands.map(redact),
      answers = commands.length,
      seconds,
    }: { readonly shown?: readonly string[]; readonly answers?: number; readonly seconds?: number | undefined } = {},
  ): Promise<Flight> {
    const exchanges: Exchange[] = [];
    try {
      this.#refuseUnasked();
      const sentAt = this.#connection.log.elapsed();
      this.#connection.send(commands, shown);
      if (commands.at(-1) === 'QUIT') this.#saidQuit = true;
      for (const [index, command] of commands.slice(0, answers).entries()) {
        // Silence behind some replies of a flight is not the end: `#again`.
        const askedAt = this.#connection.log.elapsed();
        const reply = await this.#connection.receive(seconds ?? this.#patience, { isFinal: answers === 1 });
        const waited = this.#connection.log.elapsed() - askedAt;
        this.#pace = Math.max(this.#pace, waited);
        if (isNegative(reply) && waited >= wornSeconds) this.isWorn = true;
        if (reply.code === 421) throw cutShort(reply, command);
        this.#refuseSlip(command, reply);
        const exchange = { command: shown[index] ?? '', reply, sentAt, seconds: this.#secondsSince(sentAt) };
        this.#account(command, reply);
        exchanges.push(exchange);
        this.onReply(exchange);
      }
      if (answers > 1) this.#checkFlight(exchanges);
      return { exchanges, cut: null };
    } catch (error) {
      const cut = troubleOf(error);
      // A reply that never came, or one too many: nobody knows from which command on.
      const trusted = answers > 1 && (cut.doubt === 'timeout' || cut.doubt === 'ambiguous') ? [] : exchanges;
      return { exchanges: trusted, cut };
    }
  }

  #secondsSince(at: number): number {
    return Math.round((this.#connection.log.elapsed() - at) * 10_000) / 10_000;
  }

  /**
   * Replies left over behind a flight, or a RSET refused where a transaction was open, mean that replies and commands
   * do not pair up.
   */
  #checkFlight(exchanges: readonly Exchange[]): void {
    const extra = this.#connection.poll();
    if (extra?.code === 421) throw cutShort(extra, exchanges.at(-1)?.command ?? '');
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

  #noteCut(cut: Trouble): void {
    this.#cut = true;
    this.onCut(cut);
  }

  /**
   * Seconds to wait for a reply: a server that becomes slower with each refusal is given the time it shows that it
   * takes.
   */
  get #patience(): number {
    return Math.max(this.#replySeconds, slowdownFactor * this.#pace);
  }

  #noted(flight: Flight): Flight {
    if (flight.cut !== null) this.#noteCut(flight.cut);
    return flight;
  }

  /** Where EHLO had one line for an answer, many lines of 250 to the next command are the answer to EHLO. */
  #refuseSlip(command: string, reply: Reply): void {
    if (!this.#maySlip) return;
    const verb = verbOf(command);
    const mayHaveLines = ['EHLO', 'HELO', 'VRFY', 'EXPN'].includes(verb);
    this.#maySlip = verb === 'EHLO' || verb === 'HELO';
    if (reply.code === 250 && reply.lines.length > 1 && !mayHaveLines) throw outOfStep(reply);
  }

  /**
   * What the server says while nothing is asked ends the dialogue: a 421, or a sign that replies and commands no longer
   * pair up.
   */
  #refuseUnasked(): void {
    const unasked = this.#connection.poll();
    if (unasked === null) return;
    if (unasked.code === 421) throw cutShort(unasked, '');
    const because = `the server said "${unasked.lines[0].text}" without being asked`;
    throw inTrouble('ambiguous', 'unasked', because, [cite(unasked)], { reply: unasked });
  }

  /** Some servers end more than one line of their greeting as the last. */
  #absorbMoreGreeting(greeting: Reply): Reply {
    let all = greeting;
    for (let more = this.#connection.poll(); more !== null; more = this.#connection.poll()) {
      if (all.lines.length > greetingLines) throw this.#cutBy(outOfStep(more));
      if (more.code === 421) throw this.#cutBy(turnedAway(more));
      all = { ...all, lines: [...all.lines, ...more.lines], text: `${all.text} ${more.text}` };
    }
    this.greeting = all;
    return all;
  }

  #account(command: string, reply: Reply): void {
    const verb = verbOf(command);
    this.spent = spentBy(this.spent, command, reply);
    this.lastReply = reply;
    if (verb === 'QUIT') this.#cut = true;
    if (!aboutVerb(verb).isOpening) this.isTouched = true;
    if (verb === 'MAIL' && isPositive(reply)) this.inTransaction = true;
    if (endsTransaction.includes(verb) && isPositive(reply)) this.inTransaction = false;
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

/**
 * Seconds of a refusal that wears a session: more than a name server that does not answer (resolv.conf: 5), less than
 * the first of Courier's tarpit (8).
 */
const wornSeconds = 6;

/**
 * How many times as long as the slowest reply so far the next may take. Courier doubles its sleep with every refusal.
 */
const slowdownFactor = 3;

function firstOf({ exchanges, cut }: Flight): Exchange {
  const [exchange] = exchanges;
  if (exchange !== undefined) return exchange;
  throw cut === null ? inTrouble('closed', 'hang-up', 'no reply') : new TroubleError(cut);
}

/**
 * Whether an EHLO reply lists the same in the same order; a reply of one line lists nothing that could be known again.
 */
function sameKeywords(one: Reply, other: Reply): boolean {
  const words = ({ lines }: Reply) => lines.slice(1).map(({ text }) => text);
  return one.lines.length > 1 && words(one).join('\n') === words(other).join('\n');
}

/** RFC 5321 §4.1.4: EHLO and HELO do what RSET does. */
const endsTransaction: readonly string[] = ['RSET', 'EHLO', 'HELO'];

/** Seconds in which the rest of an answer to EHLO follows its first line. */
const moreSeconds = 0.1;
/** Seconds to wait for the answer to EHLO after a flight that was not answered in the time of a reply. */
const resyncSeconds = 5;

/** Lines of a greeting that are put up with. */
const greetingLines = 32;
