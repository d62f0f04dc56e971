import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../monitor/clock.ts';
import type { MonitorConfig } from '../../monitor/config/config.ts';
import { planOf } from '../../monitor/plan-of.ts';
import type { AddressLeases, Store } from '../../monitor/store.ts';
import type { Ended, Plan, WatchParts } from '../../monitor/watch.ts';
import { endedLine } from '../../monitor/words/ended.ts';
import { say } from '../complain.ts';
import { ownName } from '../helo.ts';
import type { Io } from '../io.ts';

const clock: Clock = {
  now: Date.now,
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
};

/** Runs at work side by side. One has up to 32 addresses of its own. */
const atOnce = 16;

/** Milliseconds that alerts wait for others, to be told together. */
const groupWait = 30_000;

/** A store that is ours alone, and the parts of the loop over it. `use` puts another file in force. */
export interface Watching extends AsyncDisposable {
  readonly parts: WatchParts;
  readonly ended: readonly Ended[];
  use(config: MonitorConfig): Promise<void>;
}

/**
 * Takes the store of a file for this process; null where another has it. What a process that is no more left at work is
 * queued again. `keeps`: whether `ended` is wanted. Rejects with a `UsageError`.
 */
export async function watching(
  config: MonitorConfig,
  io: Io,
  signal: AbortSignal,
  keeps: boolean,
): Promise<Watching | null> {
  const [{ lockStore }, { openOwned }, { localDispatch }, { localLeases }] = await Promise.all([
    import('../../store/lock.ts'),
    import('../../store/sqlite-store.ts'),
    import('../../store/dispatch.ts'),
    import('../../store/leases.ts'),
  ]);
  const lock = lockStore(config.store);
  if (lock === null) return null;
  const dispose = async (store: Store | null) => {
    await store?.[Symbol.asyncDispose]();
    lock[Symbol.dispose]();
  };
  let store: Store | null = null;
  try {
    store = await openOwned(config.store);
    await store.recover(clock.now());
    const ended: Ended[] = [];
    const leases = localLeases();
    let plan = await planFor(config, { leases, store }, io);
    await store.mirror(plan.monitors, clock.now());
    const opened = store;
    return {
      ended,
      parts: {
        store,
        clock,
        signal,
        send: noChannel,
        plan: () => plan,
        dispatch: localDispatch(atOnce),
        onRun(one) {
          io.stdout.write(`${endedLine(one, clock.now())}\n`);
          if (keeps) ended.push(one);
        },
        onTrouble: ({ message }) => say(message, io),
      },
      async use(next) {
        const other = await planFor(next, { leases, store: opened }, io);
        await opened.mirror(other.monitors, clock.now());
        plan = other;
      },
      [Symbol.asyncDispose]: () => dispose(opened),
    };
  } catch (error) {
    await dispose(store);
    throw error;
  }
}

const noChannel = async () => {
  throw new Error('there is no channel yet');
};

async function planFor(
  config: MonitorConfig,
  parts: { readonly leases: AddressLeases; readonly store: Store },
  io: Io,
): Promise<Plan> {
  const { scan } = await io.scanner();
  const isNamed = config.monitors.every(({ options }) => options.helo !== null);
  return planOf(
    { ...config, channels: [] },
    { ...parts, scan, helo: isNamed ? '' : ownName(io), groupWait, link: null },
  );
}
