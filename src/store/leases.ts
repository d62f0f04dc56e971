import type { AddressLeases } from '../monitor/store.ts';

const none: Disposable = { [Symbol.dispose]() {} };

/** Leases among the scans of this process. */
export function localLeases(): AddressLeases {
  const held = new Map<string, Promise<void>>();
  return {
    async take(address, signal) {
      for (let other = held.get(address); other !== undefined; other = held.get(address)) {
        if (signal.aborted) return none;
        await either(other, signal);
      }
      if (signal.aborted) return none;
      const { promise, resolve } = gate();
      held.set(address, promise);
      return {
        [Symbol.dispose]() {
          held.delete(address);
          resolve();
        },
      };
    },
  };
}

async function either(other: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = gate();
  signal.addEventListener('abort', resolve, { once: true });
  await Promise.race([other, promise]);
  signal.removeEventListener('abort', resolve);
}

function gate(): { promise: Promise<void>; resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
