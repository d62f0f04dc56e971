import pLimit from 'p-limit';
import type { Run } from '../monitor/run.ts';
import type { Dispatch } from '../monitor/store.ts';

/** Runs carried out in this process, so many side by side. One that is in hand is not taken twice. */
export function localDispatch(atOnce: number): (work: (run: Run) => Promise<void>) => Dispatch {
  return (work) => {
    const limit = pLimit(atOnce);
    const inHand = new Map<string, Promise<void>>();
    return {
      enqueue(run) {
        if (inHand.has(run.id)) return;
        inHand.set(
          run.id,
          limit(() => work(run)).finally(() => inHand.delete(run.id)),
        );
      },
      async idle() {
        while (inHand.size > 0) await Promise.all(inHand.values());
      },
    };
  };
}
