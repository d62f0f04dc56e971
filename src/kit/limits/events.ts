import { cite, isNegative, isPositive, offers, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
import { isAnvils } from '../../mta/anvil.ts';
import { type Meaning, meaningOf, type Stage } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { LoadWire } from '../probe.ts';
import type { Asked, Stop, Trial } from './rate-question.ts';

/** A command that a limiter counts, and how to send many of it. */
export interface EventKind {
  readonly command: string;
  /** Sent behind each, to make room for the next. */
  readonly after: string | null;
  /** Sent once in a session, and again after a per-message limit. */
  readonly before: string | null;
  readonly stage: Stage;
  /** What the limiter says where it says it in its own words. */
  readonly limiter: Meaning;
  /** Whether this answer is what everybody gets: the limiter let it pass. */
  readonly isUsual: (reply: Reply) => boolean;
  /** Most in one session, before the server has enough of it for other reasons. */
  readonly perSession: number;
  /** Whether several may go out in one flight (RFC 2920 §3.1), where the server offers it. */
  readonly pipelined: boolean;
  /** Inside TLS. */
  readonly tls: boolean;
}

/** Submission servers take nothing outside TLS, as a rule, where they offer it; an MX must (RFC 3207 §4). */
export function asksInsideTls({ subject: { endpoint } }: LoadWire, { reply }: { readonly reply: Reply }): boolean {
  return endpoint.tls === 'starttls' && endpoint.role !== 'mx' && offers(reply, 'STARTTLS');
}

/** Refused commands in one session: Postfix begins to sleep after ten (`smtpd_soft_error_limit`). */
const refusalsPerSession = 9;

/** Sends events of one kind in as few sessions as the server bears. */
export class EventSource {
  readonly #wire: LoadWire;
  readonly #kind: EventKind;
  #session: SmtpSession | null = null;
  /** Null where it is so long ago that it began no window that matters. */
  #openedAt: number | null = null;
  #used = 0;
  #refused = 0;
  #most: number;

  constructor(wire: LoadWire, kind: EventKind) {
    this.#wire = wire;
    this.#kind = kind;
    this.#most = kind.perSession;
  }

  /**
   * Opens the first session ahead of the silence before a measurement: the window begins with the first command then, to the millisecond, and
   * not somewhere in the opening of a session. Where that is not needed, or fails, the first events open their own.
   */
  async prepare(): Promise<void> {
    const { window } = this.#wire.service;
    if (window !== null && window.low === window.high) return;
    await this.#ready();
    this.#openedAt = null;
  }

  /** Up to `count` events, in order; stops at the first that is refused. */
  async ask(count: number): Promise<Asked<Cite>> {
    const trials: Trial<Cite>[] = [];
    while (trials.length < count) {
      const session = await this.#ready();
      if ('doubt' in session) return { trials, stop: session };
      const room = Math.min(count - trials.length, this.#most - this.#used);
      const { told, stop } = await this.#send(
        session,
        this.#kind.pipelined && session.pipelines ? Math.max(1, room) : 1,
      );
      trials.push(...told);
      if (stop !== null) return { trials, stop };
      if (told.some(({ accepted }) => !accepted)) break;
    }
    return { trials, stop: null };
  }

  async close(): Promise<void> {
    await this.#session?.release(this.#session);
    this.#session = null;
  }

  async #ready(): Promise<SmtpSession | Stop<Cite>> {
    const current = this.#session;
    const worn = this.#used >= this.#most || this.#refused >= refusalsPerSession;
    if (current?.isHealthy && !worn) return current;
    await this.close();
    this.#openedAt = this.#wire.clock.now();
    this.#used = 0;
    this.#refused = 0;
    const opened = await openSession(this.#wire, this.#kind.tls);
    if ('doubt' in opened) return opened;
    this.#session = opened;
    return (await this.#begin(opened)) ?? opened;
  }

  /** What comes before the first event. Null, or why there can be none. */
  async #begin(session: SmtpSession): Promise<Stop<Cite> | null> {
    const { before } = this.#kind;
    if (before === null) return null;
    const { exchanges, cut } = await session.flight(session.inTransaction ? ['RSET', before] : [before]);
    const reply = exchanges.at(-1)?.reply;
    if (cut !== null || reply === undefined) return stopOf(cut);
    return isPositive(reply) ? null : notUsual(before, reply);
  }

  async #send(session: SmtpSession, count: number): Promise<{ told: Trial<Cite>[]; stop: Stop<Cite> | null }> {
    const { command, after } = this.#kind;
    const each = after === null ? [command] : [command, after];
    const sentAt = this.#wire.clock.now();
    const first = this.#used === 0 ? (this.#openedAt ?? sentAt) : sentAt;
    const { exchanges, cut } = await session.flight(Array.from({ length: count }, () => each).flat());
    const told: Trial<Cite>[] = [];
    let enough = cut?.reply ?? null;
    for (const { command: said, reply, seconds } of exchanges) {
      if (said !== command) {
        enough = isNegative(reply) ? reply : enough;
        continue;
      }
      const trial = { sentAt: told.length === 0 ? first : sentAt, answeredAt: sentAt + seconds, at: cite(reply) };
      const meaning = meaningOf(reply, { stage: this.#kind.stage });
      this.#used += 1;
      if (this.#kind.isUsual(reply)) told.push({ ...trial, accepted: true, inItsWords: false });
      else if (meaning === 'limit-recipients-per-message') {
        const stop = await this.#anotherMessage(session, reply);
        told.push({ ...trial, accepted: true, inItsWords: false });
        if (stop !== null) return { told, stop };
      } else if (isLimiter(meaning, reply, this.#kind)) {
        this.#refused += 1;
        told.push({ ...trial, accepted: false, inItsWords: meaning === this.#kind.limiter && isAnvils(reply.text) });
      } else return { told, stop: notUsual(command, reply) };
    }
    const hadEnough = enough !== null && meaningOf(enough, { stage: 'other' }) === 'limit-errors' && told.length > 0;
    if (hadEnough) await this.#anotherSession();
    return { told, stop: cut === null || hadEnough ? null : stopOf(cut) };
  }

  /** A session that the server ends after so many commands says how many the next one may have. */
  async #anotherSession(): Promise<void> {
    this.#most = Math.max(1, Math.min(this.#most, this.#used - 1));
    await this.close();
  }

  /** A message takes no more recipients: the next one does, unless it was no limit of a message. */
  async #anotherMessage(session: SmtpSession, reply: Reply): Promise<Stop<Cite> | null> {
    if (this.#used === 1) return notUsual(this.#kind.command, reply);
    this.#used = 0;
    return await this.#begin(session);
  }
}

/** A greeted session outside the gate, inside TLS if asked; else why there is none. A refusal at the door is data. */
export async function openSession(wire: LoadWire, tls = false): Promise<SmtpSession | Stop<Cite>> {
  let session: SmtpSession | null = null;
  try {
    session = await wire.raw();
    await session.greet();
    const trouble = await introduce(session, wire, tls);
    if (trouble === null) return session;
    await session.release(session);
    return trouble;
  } catch (error) {
    if (session !== null) await session.release(session);
    return stopOf(troubleOf(error));
  }
}

async function introduce(session: SmtpSession, wire: LoadWire, tls: boolean): Promise<Stop<Cite> | null> {
  const { reply } = await session.hello(wire.subject.helo);
  if (!isPositive(reply)) return notUsual('EHLO', reply);
  if (!tls || session.tls !== null) return null;
  const started = await session.startTls();
  if (started.kind === 'failed') return stopOf(started.trouble);
  if (started.kind === 'refused') return notUsual('STARTTLS', started.exchange.reply);
  const inside = await session.hello(wire.subject.helo);
  return isPositive(inside.reply) ? null : notUsual('EHLO', inside.reply);
}

/** Why a dialogue ended, in the words of a measurement. A limiter on connections that comes first is told by what it says. */
export function stopOf(met: Trouble | null): Stop<Cite> {
  if (met === null) return { doubt: 'closed', because: 'the session ended', evidence: [] };
  const { doubt, because: message, evidence, reply } = met;
  const limited = reply !== undefined && meaningOf(reply, { stage: 'greeting' }) === 'limit-connections';
  const because = limited ? `a limit on connections came first (${message})` : message;
  return { doubt: limited ? 'throttled' : stopDoubt(doubt), because, evidence: [...evidence] };
}

const known: readonly Stop<Cite>['doubt'][] = [
  'timeout',
  'closed',
  'throttled',
  'budget-spent',
  'prerequisite',
  'tls-failed',
  'unreachable',
  'client-blocked',
];
const stopDoubt = (doubt: string): Stop<Cite>['doubt'] => known.find((one) => one === doubt) ?? 'ambiguous';

function notUsual(command: string, reply: Reply): Stop<Cite> {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${command} was answered "${reply.lines[0].text}"${limited ? ', by another limiter' : ''}`;
  return { doubt: limited ? 'throttled' : 'prerequisite', because, evidence: [cite(reply)] };
}

/** A refusal where the same command was taken before: by whatever words, unless they are another's. */
function isLimiter(meaning: Meaning, reply: Reply, { limiter }: EventKind): boolean {
  if (meaning === limiter) return true;
  const others = meaning.startsWith('limit-') || meaning === 'server-error' || meaning === 'tls-required';
  return isNegative(reply) && (reply.code ?? 0) < 500 && !others;
}
