import { type AddressInfo, createServer, type Socket } from 'node:net';
import { gap, type Script, ScriptedConnection, type Seen } from './scripted-connection.ts';
import { type Action, type Handler, serverName, type Turn } from './stock-mta.ts';

/** A server that runs, and what it has seen. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number;
  readonly connections: readonly Seen[];
  /** All commands, connection by connection. */
  readonly commands: readonly string[];
  /** Most connections open at once, those turned away left out. */
  readonly peak: number;
  /** Connections that the client ended without QUIT. */
  readonly withoutQuit: readonly Seen[];
  /** Opens the door again that a rate limit has shut. */
  forgive(): void;
}

type On = { at: number; of?: 'connection' | 'scan' };

/**
 * A well-behaved, closed MTA (see `stock-mta.ts`) of which anything may be changed:
 * `mta().onMail(…).hangsUpAfter(3).start()`.
 */
export function mta(): ScriptedServer {
  return new ScriptedServer();
}

export class ScriptedServer {
  readonly #script: Script = {
    greeting: [`220 ${serverName} ESMTP Postfix`],
    keywords: [
      'PIPELINING',
      'SIZE 10240000',
      'VRFY',
      'ETRN',
      'STARTTLS',
      'ENHANCEDSTATUSCODES',
      '8BITMIME',
      'DSN',
      'CHUNKING',
    ],
    handlers: [],
    extra: () => ({}),
    ending: null,
    pieces: null,
    gap: 'soon',
    implicitTls: false,
    handshake: 'proper',
    lockStep: false,
    groups: 'answered',
    sleep: () => 0,
    patience: Number.POSITIVE_INFINITY,
    errorLimit: 20,
  };
  #atOnce = Number.POSITIVE_INFINITY;
  #inAll = Number.POSITIVE_INFINITY;
  #decide: (open: number) => string | null | Promise<string | null> = () => null;
  #refusal: Action = {
    say: `421 4.7.0 ${serverName} Error: too many connections from 127.0.0.1`,
    and: 'hang up',
  };

  // What it says.

  /** Each part by itself, one after the other; none: it never greets. */
  greets(...parts: Action[]): this {
    return this.#with({ greeting: parts });
  }

  /** For the verbs named, before what was set earlier. */
  on(verbs: string | readonly string[], handler: Handler): this {
    this.#script.handlers.unshift((turn) => ([verbs].flat().includes(turn.verb) ? handler(turn) : undefined));
    return this;
  }

  onEhlo = (handler: Handler): this => this.on('EHLO', handler);
  onMail = (handler: Handler): this => this.on('MAIL', handler);
  onRcpt = (handler: Handler): this => this.on('RCPT', handler);
  onStarttls = (handler: Handler): this => this.on('STARTTLS', handler);

  /** Mail for outside is taken where this holds. */
  relaysWhen(holds: (turn: Turn) => boolean): this {
    return this.onRcpt((turn) =>
      turn.dialogue.sender !== null && turn.destination.outside !== null && holds(turn) ? '250 2.1.5 Ok' : undefined,
    );
  }

  offers(...keywords: string[]): this {
    this.#script.keywords.push(...keywords);
    return this;
  }

  hides(...keywords: string[]): this {
    return this.#with({ keywords: this.#script.keywords.filter((keyword) => !keywords.includes(keyword)) });
  }

  // How it says it.

  /** Whatever is written comes in two packets, the first of so many bytes. */
  cutsAt(offset: number, gap: 'soon' | number = 'soon'): this {
    return this.#with({
      gap,
      pieces: (bytes) => [bytes.subarray(0, offset), bytes.subarray(offset)].filter(({ length }) => length > 0),
    });
  }

  /** Whatever is written comes in pieces of so many bytes. */
  drips(size: number, gap: 'soon' | number = 'soon'): this {
    const count = (bytes: Buffer) => Math.ceil(bytes.length / size);
    return this.#with({
      gap,
      pieces: (bytes) =>
        Array.from({ length: count(bytes) }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
    });
  }

  /** Waits between the parts of the greeting, and between pieces. */
  pauses(gap: 'soon' | number): this {
    return this.#with({ gap });
  }

  /** One reply too many, in the same packet as the reply to a command (0: as the greeting). */
  addsReply(reply: string, { at, of = 'connection', place }: On & { place: 'before' | 'after' }): this {
    return this.#with({
      extra: (command, ofScan) => ((of === 'scan' ? ofScan : command) === at ? { [place]: reply } : {}),
    });
  }

  /** One reply too few. */
  swallowsReply({ at, of = 'connection' }: On): this {
    return this.#with({
      extra: (command, ofScan) => ((of === 'scan' ? ofScan : command) === at ? { instead: true } : {}),
    });
  }

  implicitTls(): this {
    this.#script.implicitTls = true;
    return this.hides('STARTTLS');
  }

  shakesHands(handshake: Script['handshake']): this {
    return this.#with({ handshake });
  }

  // How long it bears with us.

  hangsUpAfter(commands: number): this {
    return this.#with({ ending: { after: commands, by: 'hang up' } });
  }

  resetsAfter(commands: number): this {
    return this.#with({ ending: { after: commands, by: 'reset' } });
  }

  fallsSilentAfter(commands: number): this {
    return this.#with({ ending: { after: commands, by: 'silence' } });
  }

  /** 421 in the place of the reply to a command (0: of the greeting), and the end of the connection. */
  says421At(
    command: number,
    reply = `421 4.3.2 ${serverName} Service not available, closing transmission channel`,
  ): this {
    if (command === 0) return this.greets({ say: reply, and: 'hang up' });
    this.#script.handlers.unshift(({ dialogue }) =>
      dialogue.commands === command ? { say: reply, and: 'hang up' } : undefined,
    );
    return this;
  }

  /** Hangs up on pipelining and does not offer it, like OpenSMTPD. */
  lockStepOnly(): this {
    this.#script.lockStep = true;
    return this.hides('PIPELINING');
  }

  /** Sleeps so many milliseconds before each refusal, or as many as a function says. */
  tarpits(milliseconds: number | ((refusals: number) => number)): this {
    const sleep = typeof milliseconds === 'number' ? () => milliseconds : milliseconds;
    return this.#with({ sleep: (code, { errors }) => (code >= 500 ? sleep(errors) : 0) });
  }

  /** Hangs up without a word at the command that follows so many errors. */
  hangsUpAfterErrors(errors: number): this {
    return this.#with({ patience: errors });
  }

  /** Lists PIPELINING, and does not keep to it. */
  breaksPipelining(how: 'first lost' | 'held back'): this {
    return this.#with({ groups: how });
  }

  /** `smtpd_hard_error_limit`. */
  errorLimit(errors: number): this {
    return this.#with({ errorLimit: errors });
  }

  /** `smtpd_client_connection_count_limit`. */
  connectionsAtOnce(limit: number): this {
    this.#atOnce = limit;
    return this;
  }

  /** `smtpd_client_connection_rate_limit`, in a window that ends with `forgive()`. */
  connectionsInAll(limit: number): this {
    this.#inAll = limit;
    return this;
  }

  /**
   * Asked for each connection, with the number of those open, it included: what it says in the place of a greeting
   * before it hangs up, or null.
   */
  admits(decide: (open: number) => string | null | Promise<string | null>): this {
    this.#decide = decide;
    return this;
  }

  /** What those get who are one too many; Postfix's 421 where nothing is said here. */
  turnsAwayWith(refusal: Action): this {
    this.#refusal = refusal;
    return this;
  }

  /** Listens on a free port of 127.0.0.1. */
  async start(): Promise<RunningServer> {
    const script = { ...this.#script };
    const connections: ScriptedConnection[] = [];
    let inWindow = 0;
    let commandsOfScan = 0;
    let peak = 0;
    const sockets = new Set<Socket>();
    // Nothing is read of a socket before its connection is there to read it.
    const server = createServer({ pauseOnConnect: true }, async (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      // Ends that the system has heard of are heard here, too, before the next beginning is counted beside them.
      await gap('soon');
      const connection = new ScriptedConnection(socket, script, connections.length + 1, () => ++commandsOfScan);
      connections.push(connection);
      inWindow += 1;
      const open = connections.filter(({ seen }) => seen.open).length;
      const tooMany = open > this.#atOnce || inWindow > this.#inAll;
      const said = tooMany ? null : await this.#decide(open);
      const refusal: Action | null = tooMany ? this.#refusal : said === null ? null : { say: said, and: 'hang up' };
      if (refusal === null) peak = Math.max(peak, open);
      await connection.open(refusal);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const seen = () => connections.map((connection) => connection.seen);
    return {
      port: (server.address() as AddressInfo).port,
      get connections() {
        return seen();
      },
      get commands() {
        return seen().flatMap(({ commands }) => commands);
      },
      get peak() {
        return peak;
      },
      get withoutQuit() {
        return seen().filter(({ endedBy, quit }) => endedBy === 'client' && !quit);
      },
      forgive: () => {
        inWindow = 0;
      },
      [Symbol.asyncDispose]: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((closed) => server.close(closed));
      },
    };
  }

  #with(part: Partial<Script>): this {
    Object.assign(this.#script, part);
    return this;
  }
}
