import type { Timeline } from '../../model/timeline.ts';
import type { SmtpSession } from '../../wire/session.ts';
import type { LoadWire } from '../probe.ts';
import { knock, type Opening } from './connections.ts';
import type { HeldConnections } from './measure-concurrency.ts';

/** A greeting that takes longer than any before it by this much is taken for silence. */
const patience = { times: 10, atLeastSeconds: 5 };

/** Connections that are held open. */
export class HeldSessions implements HeldConnections {
  readonly #wire: LoadWire;
  readonly #sessions: SmtpSession[] = [];
  readonly #timeline: Timeline[number][] = [];
  #slowest = 0;

  constructor(wire: LoadWire) {
    this.#wire = wire;
  }

  /** Those of other probes that wait are counted too, as the server does. */
  get count(): number {
    return this.#sessions.filter(({ isHealthy }) => isHealthy).length + this.#wire.service.waitingNow;
  }

  /** What was greeted and what was refused, and the how manieth at once it was. */
  get timeline(): Timeline {
    return this.#timeline;
  }

  async open(): Promise<Opening> {
    const { clock, load } = this.#wire;
    const usual = Math.ceil(this.#slowest * patience.times + patience.atLeastSeconds);
    const most = this.#sessions.length === 0 ? load.replySeconds : usual;
    const began = clock.now();
    const { session, heard } = await knock(this.#wire, { replySeconds: most });
    if ('at' in heard) {
      const { session: id, event } = heard.at;
      this.#timeline.push({ session: id, event, level: this.count + 1, isRefused: heard.kind === 'refused' });
    }
    if (heard.kind === 'greeted' && session !== null) {
      this.#slowest = Math.max(this.#slowest, clock.now() - began);
      this.#sessions.push(session);
      return heard;
    }
    // Whoever waits for a process gets it when ours are gone, not when this one is.
    if (heard.kind === 'silent') await this.releaseAll();
    await session?.release(session);
    return heard;
  }

  async closeOne(): Promise<void> {
    const session = this.#sessions.pop();
    await session?.release(session);
  }

  async releaseAll(): Promise<void> {
    await Promise.all(this.#sessions.splice(0).map((session) => session.release(session)));
  }
}
