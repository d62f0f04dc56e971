import type { Exchange } from '../../model/reply.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';

/** A place for the answer to a command; null until it comes. */
export class Slot {
  exchange: Exchange | null = null;
}

/** Collects commands and sends them in flights. */
export class Flights {
  cut: Trouble | null = null;
  readonly #session: SmtpSession;
  #waiting: { command: string; slot: Slot }[] = [];

  constructor(session: SmtpSession) {
    this.#session = session;
  }

  add(command: string, slot = new Slot()): Slot {
    this.#waiting.push({ command, slot });
    return slot;
  }

  async fly(): Promise<void> {
    const group = this.#waiting.splice(0);
    if (this.cut !== null || group.length === 0) return;
    const { exchanges, cut } = await this.#session.flight(group.map(({ command }) => command));
    for (const [index, exchange] of exchanges.entries()) {
      const slot = group[index]?.slot;
      if (slot !== undefined) slot.exchange = exchange;
    }
    this.cut = cut;
  }
}
