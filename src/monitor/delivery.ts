import { type Outgoing, PartlyTaken } from './alerts/message.ts';
import type { Clock } from './clock.ts';
import type { Store } from './store.ts';

export interface DeliveryParts {
  readonly store: Pick<Store, 'waiting' | 'sent' | 'unsent'>;
  readonly clock: Clock;
  /** Hands a message to its channel. Rejects with an `Error` that says why it was not taken. */
  readonly send: (outgoing: Outgoing, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

/** A message that was refused so often no longer keeps those behind it from being tried. */
export const hopeless = 6;

export interface Delivery {
  /** Begins to send what waits, the messages of a channel one after another. Rejects where the store cannot be read. */
  begin(): Promise<void>;
  /** Resolves when nothing is being sent; rejects where the store could not take how that ended. */
  idle(): Promise<void>;
}

/**
 * Sends what the store says is to be sent. What was sent is marked afterwards: whoever is killed in between sends it
 * again, with the same id.
 */
export function delivery({ store, clock, send, signal }: DeliveryParts): Delivery {
  const inHand = new Map<string, Promise<unknown>>();
  /** Whether those behind it may be tried. */
  const one = async (outgoing: Outgoing): Promise<boolean> => {
    const failed = await send(outgoing, signal).then(
      () => null,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    );
    const left = failed instanceof PartlyTaken ? failed.left : outgoing.left;
    if (failed === null) await store.sent(outgoing, clock.now());
    // Who was stopped does not know; the next start sends it again.
    else if (!signal.aborted || failed instanceof PartlyTaken)
      await store.unsent({ ...outgoing, left }, failed.message, clock.now());
    return failed === null || outgoing.attempts + 1 >= hopeless;
  };
  const inOrder = async (all: readonly Outgoing[]) => {
    for (const outgoing of all) if (signal.aborted || !(await one(outgoing))) return;
  };
  const troubles: unknown[] = [];
  const rethrow = () => {
    const trouble = troubles.shift();
    if (trouble !== undefined) throw trouble;
  };
  return {
    async begin() {
      const waiting = signal.aborted ? [] : await store.waiting(clock.now());
      for (const channel of new Set(waiting.map((outgoing) => outgoing.channel))) {
        if (inHand.has(channel)) continue;
        const work = inOrder(waiting.filter((outgoing) => outgoing.channel === channel))
          .catch((error: unknown) => troubles.push(error))
          .finally(() => inHand.delete(channel));
        inHand.set(channel, work);
      }
      rethrow();
    },
    async idle() {
      await Promise.all(inHand.values());
      rethrow();
    },
  };
}
