import { setTimeout as delay } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { isNegative, type Reply } from '../model/reply.ts';
import type { Restraint } from '../model/restraint.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { noticeSeconds } from '../wire/connection.ts';
import type { SmtpSession } from '../wire/session.ts';
import type { Spent } from '../wire/spent.ts';
import { inTrouble, TroubleError, troubleOf } from '../wire/trouble-error.ts';
import { fits, type SessionWant, takeFitting } from './session-want.ts';

/** What the budget must know of a reply; the knowledge of MTAs itself is handed in. */
export type LimiterSign = 'none' | 'session' | 'transactions' | 'address';

export interface BudgetDeps {
  readonly restraint: Restraint;
  /**
   * Whether a reply is a limiter's: one that ends this session only, for its errors or its messages, or one that shuts
   * the address for now.
   */
  readonly limiterSign: (reply: Reply) => LimiterSign;
  /** Waits; injectable. */
  readonly wait: (seconds: number) => Promise<void>;
  readonly onWait: (seconds: number, because: string) => void;
}

type Open = () => Promise<SmtpSession>;
type Adapt = (session: SmtpSession) => Promise<SmtpSession>;

/** Seconds between two knocks at a door that a limiter shut. */
const knockSeconds = 15;
/** Seconds a server gets to notice that a connection is gone. */
const settleSeconds = 0.1;

/**
 * All connections to one IP address: how many at once, which stand idle, and whether a limiter has shut us out. Two
 * names, or three ports, on one address share it.
 */
export class AddressBudget {
  readonly #deps: BudgetDeps;
  readonly #gate: LimitFunction;
  readonly #open = new Set<SmtpSession>();
  #idle: SmtpSession[] = [];
  readonly #endings = new Set<Promise<void>>();
  #opening = 0;
  #lastKnocks = 1;
  /** A connection of ours has ended since one was turned away: the server may count it still. */
  #hasEnded = false;
  #shut: Shut | null = null;
  #patienceLeft: number;
  #knocking: Promise<boolean> | null = null;
  /** Endpoints that have greeted us: only of these does a refused connection say something of us. */
  readonly #reached = new Set<string>();
  /** Connections made so far, by endpoint. */
  readonly #made = new Map<string, number>();
  /** Endpoints that lost commands or replies of a group. */
  readonly #oneByOne = new Set<string>();
  /** The most sessions that stood greeted side by side. */
  mostAtOnce = 0;
  /** Refusals that a session may collect here: less than the limit once a server has shown that it stands fewer. */
  refusalsPerSession: number;
  /**
   * Recipients that a session may name here, refused or not: what the worst session stood, once a server has ended one
   * for them.
   */
  recipientsPerSession = Number.POSITIVE_INFINITY;
  /** Mail transactions that a session may hold here: what a session held that was ended for one more. */
  transactionsPerSession = Number.POSITIVE_INFINITY;

  constructor(deps: BudgetDeps) {
    this.#deps = deps;
    this.#gate = pLimit(deps.restraint.connectionsPerAddress);
    this.#patienceLeft = deps.restraint.patienceSeconds;
    this.refusalsPerSession = deps.restraint.refusalsPerSession;
  }

  /**
   * A session that fits `want`: an idle one, one made to fit by `adapt`, or a new one from `open`. Disposing it gives
   * it back.
   */
  async lease(want: SessionWant, open: Open, adapt: Adapt): Promise<SmtpSession> {
    while (true) {
      const leave = await this.#enter();
      try {
        const session = await this.#find(want, open, adapt);
        if (session !== null) return this.#lend(session, want, leave);
      } catch (error) {
        leave();
        throw error;
      }
      leave();
    }
  }

  /**
   * Whether this endpoint lists PIPELINING, and has lost commands or replies of a group: it is asked one by one from
   * then on.
   */
  isOneByOne(endpoint: string): boolean {
    return this.#oneByOne.has(endpoint);
  }

  /** Ends all idle sessions. */
  async drain(): Promise<void> {
    const idle = this.#idle;
    this.#idle = [];
    await Promise.all([...idle.map((session) => this.#end(session)), ...this.#endings]);
  }

  /** A place among the connections allowed at once; the result gives it back. */
  #enter(): Promise<() => void> {
    return new Promise((entered) => {
      void this.#gate(() => new Promise<void>((leave) => entered(() => leave())));
    });
  }

  #lend(session: SmtpSession, want: SessionWant, leave: () => void): SmtpSession {
    session.holdFor(want.probe);
    session.oneByOne ||= this.isOneByOne(want.endpoint);
    session.onReply = ({ reply }) => this.#heed(reply, session);
    session.onCut = (cut) => this.#noteCut(session, cut);
    session.release = async () => {
      session.release = async () => {};
      await this.#takeBack(session);
      leave();
    };
    return session;
  }

  /** Null: the server takes fewer connections at once than we thought, so queue again. */
  async #find(want: SessionWant, open: Open, adapt: Adapt): Promise<SmtpSession | null> {
    while (true) {
      if (this.#shut !== null && !(await this.#waitUntilOpen())) throw shutFor(want.endpoint, this.#shut);
      const idle = want.fresh ? null : takeFitting(this.#idle, want);
      if (idle === null) return await this.#openNew(want, open, adapt);
      idle.holdFor(want.probe);
      if (idle.isHealthy && fits(idle, want)) return idle;
      const adapted = idle.isHealthy ? await this.#adapted(idle, adapt) : null;
      if (adapted !== null) return adapted;
      await this.#end(idle);
    }
  }

  /** Null where the session does not take another EHLO (OpenSMTPD: 503 Already identified): a new one will. */
  async #adapted(idle: SmtpSession, adapt: Adapt): Promise<SmtpSession | null> {
    try {
      return await this.#orEnd(idle, adapt);
    } catch (error) {
      if (troubleOf(error).verb === 'EHLO') return null;
      throw error;
    }
  }

  async #openNew(want: SessionWant, open: Open, adapt: Adapt): Promise<SmtpSession | null> {
    this.#countIn(want.endpoint);
    await this.#makeRoom();
    try {
      const session = await this.#opened(open);
      if (want.fresh && want.greeted !== true) return session;
      await this.#orEnd(session, async () => {
        await session.greet();
        this.#reached.add(want.endpoint);
        return session;
      });
      session.onCut = (cut) => this.#noteCut(session, cut);
      this.mostAtOnce = Math.max(this.mostAtOnce, this.#open.size);
      return await this.#orEnd(session, adapt);
    } catch (error) {
      if (await this.#isWorthAnother(troubleOf(error), want.endpoint)) return null;
      throw error;
    }
  }

  #countIn(endpoint: string): void {
    const made = this.#made.get(endpoint) ?? 0;
    const { connectionsPerEndpoint: most } = this.#deps.restraint;
    if (made >= most)
      throw inTrouble(
        'budget-spent',
        'restraint',
        `the ${most} connections that a scan makes here at most are used up`,
      );
    this.#made.set(endpoint, made + 1);
  }

  /** Whether to queue again where a door did not open: with fewer at once, or when it may be open again. */
  async #isWorthAnother(met: Trouble, endpoint: string): Promise<boolean> {
    if (met.doubt === 'unreachable' && !this.#reached.has(endpoint)) return false;
    if (this.#shut !== null) throw new TroubleError(shutOut(met));
    if (met.cause === 'no-greeting' && met.doubt === 'closed' && (await this.#maySettle())) return true;
    // Some limit connections at once with a 421, others hang up or do not answer at all.
    if (['throttled', 'closed', 'unreachable'].includes(met.doubt) && (await this.#fewerAtOnce())) return true;
    if (met.doubt !== 'throttled' && met.doubt !== 'unreachable') return false;
    this.#shut = { endpoint, trouble: shutOut(met) };
    if (met.doubt === 'unreachable') throw new TroubleError(this.#shut.trouble);
    return true;
  }

  /**
   * Whether the server may have counted a connection of ours that is gone (Courier counts processes): then another try,
   * when it has noticed.
   */
  async #maySettle(): Promise<boolean> {
    if (!this.#hasEnded) return false;
    this.#hasEnded = false;
    await this.#deps.wait(settleSeconds);
    return true;
  }

  /** Runs a step; where it fails the session is ended before the failure travels on. */
  async #orEnd(session: SmtpSession, step: Adapt): Promise<SmtpSession> {
    try {
      return await step(session);
    } catch (error) {
      await this.#end(session);
      throw error;
    }
  }

  async #takeBack(session: SmtpSession): Promise<void> {
    if (session.isHealthy && session.inTransaction) await session.flight(['RSET']);
    this.#noteGroups(session);
    if (session.isHealthy && session.helo !== null && this.#shut === null) this.#idle.push(session);
    else await this.#end(session);
  }

  async #end(session: SmtpSession): Promise<void> {
    this.#open.delete(session);
    this.#hasEnded ||= session.greeting !== null;
    const over = session.quit(this.#deps.restraint.quitSeconds);
    // Nobody waits for the server to notice, unless the place is wanted.
    const ending = over
      .then((isNoticed) => (isNoticed ? undefined : delay(noticeSeconds * 1000)))
      .finally(() => this.#endings.delete(ending));
    this.#endings.add(ending);
    await over;
  }

  /** Ends idle sessions until one more connection is within the number allowed, and takes the place. */
  async #makeRoom(): Promise<void> {
    while (this.#open.size + this.#endings.size + this.#opening >= this.#gate.concurrency) {
      const worn = this.#idle.toSorted((a, b) => wear(b) - wear(a))[0];
      if (worn !== undefined) {
        this.#idle.splice(this.#idle.indexOf(worn), 1);
        await this.#end(worn);
      } else if (this.#endings.size > 0) await Promise.race(this.#endings);
      else break;
    }
    this.#opening += 1;
  }

  async #opened(open: Open): Promise<SmtpSession> {
    try {
      const session = await open();
      this.#open.add(session);
      return session;
    } finally {
      this.#opening -= 1;
    }
  }

  /**
   * Turned away while other connections of ours stood open: that may be a limit on connections at once
   * (`smtpd_client_connection_count_limit`, Courier's `MAXPERIP`), so try again with fewer. False when ours was the
   * only one.
   */
  async #fewerAtOnce(): Promise<boolean> {
    const others = this.#open.size + this.#endings.size + this.#opening > 0;
    // Where several were turned away together, the last of them has none beside it, and the server may not have counted
    // down yet.
    if (!others && (this.#gate.concurrency === this.#deps.restraint.connectionsPerAddress || this.#lastKnocks-- <= 0))
      return false;
    await this.drain();
    this.#gate.concurrency = Math.max(1, Math.min(this.#gate.concurrency - 1, this.#open.size));
    await this.#deps.wait(others ? settleSeconds : settleSeconds * 10);
    return true;
  }

  /** Shares one wait among all who want in. True when it is worth another knock. */
  async #waitUntilOpen(): Promise<boolean> {
    this.#knocking ??= this.#waitOnce().finally(() => {
      this.#knocking = null;
    });
    return await this.#knocking;
  }

  async #waitOnce(): Promise<boolean> {
    const seconds = Math.min(knockSeconds, this.#patienceLeft);
    if (seconds <= 0 || this.#shut === null) return this.#shut === null;
    this.#patienceLeft -= seconds;
    this.#deps.onWait(seconds, this.#shut.trouble.because);
    await this.drain();
    await this.#deps.wait(seconds);
    this.#shut = null;
    return true;
  }

  #heed(reply: Reply, { id, endpoint }: SmtpSession): void {
    if (reply.code === null || reply.code < 400 || this.#deps.limiterSign(reply) !== 'address') return;
    const quote = reply.lines[0].text;
    const evidence = [{ session: id, event: reply.lines[0].event, quote }];
    const met = trouble('throttled', 'reply', `a limiter answered "${quote}"`, evidence, { reply });
    this.#shut ??= { endpoint: endpoint.id, trouble: met };
  }

  /** How a session was cut short: a lesson for the next one, or the end for this address. */
  #noteCut(session: SmtpSession, cut: Trouble): void {
    this.#noteGroups(session);
    const sign = cut.reply === undefined ? 'none' : this.#deps.limiterSign(cut.reply);
    if (sign === 'address') this.#shut ??= { endpoint: session.endpoint.id, trouble: cut };
    if (sign === 'transactions') this.transactionsPerSession = Math.max(1, session.spent.transactions);
    // A server that hangs up right behind a refusal, or says 421 in the middle, has had enough: of refusals, or of
    // recipients.
    const fedUp = cut.doubt === 'closed' && session.lastReply !== null && isNegative(session.lastReply);
    if (sign === 'session' || fedUp || (sign === 'none' && cut.reply?.code === 421)) this.#learnFrom(session.spent);
  }

  #noteGroups({ oneByOne, endpoint }: SmtpSession): void {
    if (oneByOne) this.#oneByOne.add(endpoint.id);
  }

  #learnFrom({ refusals, mistakes, recipients }: Spent): void {
    const stood = Math.max(refusals + mistakes, recipients);
    if (stood === 0) return;
    this.refusalsPerSession = Math.max(1, Math.min(this.refusalsPerSession, stood - 1));
    if (recipients > 0) this.recipientsPerSession = Math.max(1, Math.min(this.recipientsPerSession, recipients));
  }
}

/** The trouble that shut an address, and the endpoint where it was met. */
interface Shut {
  readonly endpoint: string;
  readonly trouble: Trouble;
}

/** A limiter that spoke on another port of the address is no answer of this one: its words are told, and not quoted. */
function shutFor(endpoint: string, shut: Shut): TroubleError {
  const { doubt, cause, because } = shut.trouble;
  return shut.endpoint === endpoint ? new TroubleError(shut.trouble) : inTrouble(doubt, cause, because);
}

/** A door that was open and is shut now says something of us, not of the server. */
function shutOut(met: Trouble): Trouble {
  if (met.doubt !== 'unreachable') return met;
  const because = `connections that worked before fail now (${met.because}): something may have shut us out`;
  return trouble('throttled', 'shut-out', because, met.evidence);
}

const wear = ({ spent }: SmtpSession): number => spent.refusals + spent.nonMail;
