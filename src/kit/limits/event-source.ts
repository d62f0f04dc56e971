import { cite, isNegative, isPositive, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { isAnvils } from '../../mta/anvil.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { Flight, IntroducedSession } from '../../wire/session.ts';
import { ignoreTrouble, TroubleError, troubleOf } from '../../wire/trouble-error.ts';
import type { LoadWire } from '../probe.ts';
import { answerOf, type EventKind, saysSo } from './event-kind.ts';
import type { Asked, Trial } from './rate-question.ts';
import { inTheWay, notUsual, type RateSource } from './rate-source.ts';

/** Refused commands in one session: Postfix begins to sleep after ten (`smtpd_soft_error_limit`). */
const refusalsPerSession = 9;

/** Sends events of one kind in as few sessions as the server bears. */
export class EventSource implements RateSource {
  readonly counts = 'commands';
  readonly #wire: LoadWire;
  readonly #kind: EventKind;
  #session: IntroducedSession | null = null;
  /** When the session was opened of which no event was told yet: the window may have begun then. */
  #openedAt: number | null = null;
  #used = 0;
  /** Of those, taken in the transaction that is open. */
  #taken = 0;
  #refused = 0;
  #most: number;

  constructor(wire: LoadWire, kind: EventKind) {
    this.#wire = wire;
    this.#kind = kind;
    this.#most = kind.perSession;
  }

  /**
   * Opens the first session ahead of the silence before a measurement: the window begins with the first command then,
   * to the millisecond, and not somewhere in the opening of a session. Where that is not needed, or fails, the first
   * events open their own.
   */
  async prepare(): Promise<void> {
    const { window } = this.#wire.service;
    if (window !== null && window.low === window.high) return;
    await this.#ready().catch(ignoreTrouble);
    this.#openedAt = null;
  }

  async ask(count: number): Promise<Asked<Cite>> {
    const trials: Trial<Cite>[] = [];
    let stop: Trouble | null = null;
    while (trials.length < count && stop === null) {
      const asked = await this.#askInSession(count - trials.length);
      trials.push(...asked.trials);
      stop = asked.stop;
      if (asked.trials.some(({ accepted }) => !accepted)) break;
    }
    return { trials, stop };
  }

  async close(): Promise<void> {
    await this.#session?.release(this.#session);
    this.#session = null;
  }

  /** As many as may go out in one flight. */
  async #askInSession(most: number): Promise<Asked<Cite>> {
    try {
      const session = await this.#ready();
      const { command, after, pipelined } = this.#kind;
      const count = pipelined && session.pipelines ? Math.max(1, Math.min(most, this.#most - this.#used)) : 1;
      const each = after === null ? [command] : [command, after];
      const sentAt = this.#wire.clock.now();
      const flight = await session.flight(Array.from({ length: count }, () => each).flat());
      return await this.#hear(session, flight, sentAt);
    } catch (error) {
      return { trials: [], stop: inTheWay(troubleOf(error)) };
    }
  }

  /** What the answers mean, and what is to be done about them before the next. */
  async #hear(session: IntroducedSession, { exchanges, cut }: Flight, sentAt: number): Promise<Asked<Cite>> {
    const { command, after } = this.#kind;
    const answered = exchanges.filter((exchange) => exchange.command === command);
    const answers = answered.map(({ reply }) => answerOf(reply, this.#kind));
    const end = answers.indexOf('other');
    const trials = answered.slice(0, end < 0 ? answered.length : end).map(({ reply, seconds }, index): Trial<Cite> => {
      const accepted = answers[index] !== 'refused';
      const inItsWords = !accepted && saysSo(reply, this.#kind) && isAnvils(reply.text);
      const from = index === 0 ? (this.#openedAt ?? sentAt) : sentAt;
      return { sentAt: from, answeredAt: sentAt + seconds, at: cite(reply), accepted, inItsWords };
    });
    if (trials.length > 0) this.#openedAt = null;
    this.#used += trials.length;
    this.#taken += answers.filter((answer) => answer === 'usual').length;
    this.#refused += trials.filter(({ accepted }) => !accepted).length;
    const other = answered[end];
    if (other !== undefined) return { trials, stop: notUsual(command, other.reply) };
    const full = answered[answers.indexOf('message-full')];
    if (full !== undefined) return { trials, stop: await this.#anotherMessage(session, full.reply) };
    const ending = cut?.reply ?? exchanges.findLast((each) => each.command === after && isNegative(each.reply))?.reply;
    const hadEnough = ending !== undefined && meaningOf(ending, { stage: 'other' }) === 'limit-errors';
    if (!hadEnough || trials.length === 0) return { trials, stop: cut === null ? null : inTheWay(cut) };
    await this.#anotherSession();
    return { trials, stop: null };
  }

  async #ready(): Promise<IntroducedSession> {
    const current = this.#session;
    const isWorn = this.#used >= this.#most || this.#refused >= refusalsPerSession;
    if (current?.isHealthy && !isWorn) return current;
    await this.close();
    this.#openedAt = this.#wire.clock.now();
    this.#used = 0;
    this.#refused = 0;
    const session = await this.#wire.own({ tls: this.#kind.tls });
    this.#session = session;
    try {
      await this.#begin(session);
      return session;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** What comes before the first event. */
  async #begin(session: IntroducedSession): Promise<void> {
    const { before } = this.#kind;
    this.#taken = 0;
    if (before === null) return;
    const { exchanges, cut } = await session.flight(session.inTransaction ? ['RSET', before] : [before]);
    const reply = exchanges.at(-1)?.reply;
    if (cut !== null || reply === undefined)
      throw new TroubleError(cut ?? trouble('closed', 'hang-up', 'the session ended'));
    if (!isPositive(reply)) throw new TroubleError(notUsual(before, reply));
  }

  /** A session that the server ends after so many commands says how many the next one may have. */
  async #anotherSession(): Promise<void> {
    this.#most = Math.max(1, Math.min(this.#most, this.#used - 1));
    await this.close();
  }

  /** A message takes no more recipients: the next one does, unless this one took none. */
  async #anotherMessage(session: IntroducedSession, full: Reply): Promise<Trouble | null> {
    if (this.#taken === 0) return notUsual(this.#kind.command, full);
    try {
      await this.#begin(session);
      return null;
    } catch (error) {
      return inTheWay(troubleOf(error));
    }
  }
}
