import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../monitor/clock.ts';
import type { MonitorConfig, Place } from '../../monitor/config/config.ts';
import { type PlanParts, planOf } from '../../monitor/plan-of.ts';
import type { Store } from '../../monitor/store.ts';
import type { Ended, Plan, WatchParts } from '../../monitor/watch.ts';
import { endedLine } from '../../monitor/words/ended.ts';
import type { NotifyParts } from '../../notify/parts.ts';
import { say } from '../complain.ts';
import { ownName } from '../helo.ts';
import type { Io } from '../io.ts';
import { notifyParts, sendBy } from './notify-parts.ts';

const clock: Clock = {
  now: Date.now,
  wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal }).catch(() => {}),
};

/** Runs at work side by side. One has up to 32 addresses of its own. */
const atOnce = 48;

/** Milliseconds that alerts wait for others, to be told together. */
const usualGroupWait = 30_000;

/** Milliseconds between two heartbeats. */
const beatEvery = 60_000;

export interface WatchingOptions {
  /** What is due is scanned once, and how that ended is wanted. */
  readonly isOnce?: boolean;
  /** Milliseconds that alerts wait for others, to be told together; default 30 s. */
  readonly groupWait?: number;
  /** Where the pages are, for who is told. */
  readonly link?: (config: MonitorConfig) => string | null;
  /** Certificates (PEM) that mail trusts besides the usual ones. */
  readonly ca?: string;
}

/** A store that is ours alone, and the parts of the loop over it. `use` puts another file in force. */
export interface Watching extends AsyncDisposable {
  readonly parts: WatchParts;
  readonly ended: readonly Ended[];
  /** What is in force. */
  config(): MonitorConfig;
  /** When what is due was last looked for, milliseconds UTC. */
  lastRound(): number | null;
  use(config: MonitorConfig): Promise<void>;
}

/**
 * Takes the store of a file for this process; null where another has it. What a process that is no more left at work is
 * queued again. Rejects with a `UsageError`.
 */
export async function watching(
  config: MonitorConfig,
  io: Io,
  signal: AbortSignal,
  { isOnce = false, groupWait = usualGroupWait, link = () => null, ca }: WatchingOptions = {},
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
    const parts = { leases, store, groupWait, isOnce, link };
    let inForce = config;
    let plan = await planFor(config, parts, io);
    const mirror = async (to: Store) => {
      await to.mirror(plan.monitors, clock.now());
      const channels = inForce.channels.map(({ name }) => name);
      await to.dropStrangers(channels, clock.now());
    };
    await mirror(store);
    const opened = store;
    let lastRound: number | null = null;
    const notify = notifyParts(io, ca);
    const heart = heartbeat(() => inForce.heartbeat, notify, io);
    return {
      ended,
      config: () => inForce,
      lastRound: () => lastRound,
      parts: {
        store,
        clock,
        signal,
        send: sendBy(() => inForce, notify),
        plan: () => plan,
        dispatch: localDispatch(atOnce),
        onRun(one) {
          io.stdout.write(`${endedLine(one, clock.now())}\n`);
          if (isOnce) ended.push(one);
        },
        onTrouble: ({ message }) => say(message, io),
        onRound(isWell) {
          lastRound = clock.now();
          heart(isWell, lastRound);
        },
      },
      async use(next) {
        plan = await planFor(next, parts, io);
        inForce = next;
        await mirror(opened);
      },
      [Symbol.asyncDispose]: () => dispose(opened),
    };
  } catch (error) {
    await dispose(store);
    throw error;
  }
}

type PartsOfPlan = Omit<PlanParts, 'scan' | 'helo' | 'link'> & Required<Pick<WatchingOptions, 'link'>>;

async function planFor(config: MonitorConfig, { link, ...parts }: PartsOfPlan, io: Io): Promise<Plan> {
  const { scan } = await io.scanner();
  const isNamed = config.monitors.every(({ options }) => options.helo !== null);
  return planOf(config, { ...parts, link: link(config), scan, helo: isNamed ? '' : ownName(io) });
}

/** Tells whoever watches the watcher, once a minute, that it is there; what they do not hear is said once. */
function heartbeat(
  place: () => MonitorConfig['heartbeat'],
  parts: NotifyParts,
  io: Io,
): (isWell: boolean, now: number) => void {
  let next = Number.NEGATIVE_INFINITY;
  let isTold = false;
  const tell = async (to: Place, isWell: boolean) => {
    const { beat } = await import('../../notify/beat.ts');
    const why = await beat(to, isWell, parts);
    if (why !== null && !isTold) say(`heartbeat: ${why}`, io);
    isTold = why !== null;
  };
  return (isWell, now) => {
    const to = place();
    if (to === null || now < next) return;
    next = now + beatEvery;
    void tell(to, isWell);
  };
}
