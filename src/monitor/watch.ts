import { cutShort } from '../model/cut-short.ts';
import type { Report } from '../model/report.ts';
import { UsageError } from '../model/usage-error.ts';
import type { AlertRules } from './alerts/plan.ts';
import type { Clock } from './clock.ts';
import { type DeliveryParts, delivery } from './delivery.ts';
import { longestRetry, type Run, type RunState } from './run.ts';
import type { SpanChange } from './span.ts';
import type { Dispatch, DueTimes, HearingRules, MirroredMonitor, Quieted, Retention, Store } from './store.ts';

/** What the file in force says, as far as the loop goes. Taken anew for each run, so that it may change. */
export interface Plan {
  readonly monitors: readonly MirroredMonitor[];
  readonly times: DueTimes;
  readonly retention: Retention;
  /** Scans what a run is about. Ends early, with what is known by then, when the signal says so. */
  scan(run: Run, signal: AbortSignal): Promise<Report>;
  /** Milliseconds that a run may take. */
  deadline(run: Run): number;
  /** What of a run's findings is told, and how sure that has to be. */
  hearing(run: Run): HearingRules;
  /** Who is told what. */
  readonly alerts: (known: Quieted) => AlertRules;
}

/** How a run ended; `report` is null where it has none. */
export interface Ended {
  readonly run: Run;
  readonly state: RunState;
  readonly report: Report | null;
  readonly changes: readonly SpanChange[];
  readonly because: string | null;
}

export interface WatchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly plan: () => Plan;
  /** Makes the hands that carry runs out. */
  readonly dispatch: (work: (run: Run) => Promise<void>) => Dispatch;
  /** Stops it: what is being scanned is ended, and taken up again at the next start. */
  readonly signal: AbortSignal;
  /** Hands a message to its channel. Rejects with an `Error` that says why it was not taken. */
  readonly send: DeliveryParts['send'];
  readonly onRun: (ended: Ended) => void;
  /** After each round: whether the store could be used. */
  readonly onRound?: (isWell: boolean) => void;
  /** The store cannot be used for now: said once, until it can be again. */
  readonly onTrouble: (error: UsageError) => void;
}

const tick = 1000;
const pruneEvery = 6 * 3_600_000;

/** Scans what is due, second by second, until it is told to stop. Rejects only because of a bug of ours. */
export async function watch(parts: WatchParts): Promise<void> {
  const { store, clock, plan, signal } = parts;
  const { hands, retake, inTrouble } = handsOf(parts);
  const alerts = delivery(parts);
  let pruneAt = clock.now();
  // The clock may have been set back since the last process ended, too.
  let newest = Number.POSITIVE_INFINITY;
  while (!signal.aborted) {
    const now = clock.now();
    const isWell = await inTrouble(async () => {
      await retake();
      if (now < newest) await store.rewind(now);
      newest = now;
      await store.claim(now, plan().times);
      for (const run of await store.queued(now)) hands.enqueue(run);
      await store.planAlerts(now, plan().alerts);
      await alerts.begin();
      if (now < pruneAt) return;
      await store.prune(plan().retention, now);
      pruneAt = now + pruneEvery;
    });
    parts.onRound?.(isWell);
    await clock.wait(tick, signal);
  }
  await hands.idle();
  await inTrouble(retake);
  await inTrouble(alerts.idle);
}

/**
 * Scans what is due now, and what was left behind, or one run `only`, and is done. Rejects with a `UsageError` where
 * the store cannot take what was found.
 */
export async function watchOnce(parts: WatchParts, only: Run | null = null): Promise<void> {
  const { store, clock, plan, signal } = parts;
  const troubles: UsageError[] = [];
  const { hands, retake } = handsOf({ ...parts, onTrouble: (error) => troubles.push(error) });
  const { times } = plan();
  const now = clock.now();
  // Who comes by once in a while does not spread what was missed; windows hold.
  const start: DueTimes['start'] = (monitor, schedule, { dueAt }, at) =>
    times.start(monitor, schedule, { dueAt, missed: 0 }, at);
  if (only === null) {
    await store.rewind(now);
    await store.claim(now, { ...times, start });
  }
  // What is due now, and what met an error of ours, which is made again a little later, as often as it may be.
  const waiting = async () =>
    (await store.queued(clock.now() + longestRetry)).filter(
      ({ id, notBefore, because }) => (only === null || id === only.id) && (notBefore <= now || because !== null),
    );
  for (let left = await waiting(); left.length > 0 && !signal.aborted; left = await waiting()) {
    const ready = left.filter(({ notBefore }) => notBefore <= clock.now());
    for (const run of ready) hands.enqueue(run);
    if (ready.length === 0) await clock.wait(tick, signal);
    await hands.idle();
    await retake();
    if (troubles[0] !== undefined) throw troubles[0];
  }
  await sendAll(parts);
  await store.prune(plan().retention, clock.now());
}

/** Tells what there is to tell now; what is not taken waits for the next time. */
async function sendAll(parts: WatchParts): Promise<void> {
  const { store, clock, plan } = parts;
  const alerts = delivery(parts);
  await store.planAlerts(clock.now(), plan().alerts);
  await alerts.begin();
  await alerts.idle();
}

interface Hands {
  readonly hands: Dispatch;
  /** Puts back the runs that the store could not take the end of. */
  retake(): Promise<void>;
  /** Does something with the store; where it cannot be used, that is said once, until it can be. Whether it could. */
  inTrouble(work: () => Promise<void>): Promise<boolean>;
}

function handsOf(parts: WatchParts): Hands {
  const { store, clock, signal, plan, onRun, onTrouble } = parts;
  const stranded: Run[] = [];
  let isTold = false;
  const inTrouble = async (work: () => Promise<void>) => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      if (!isTold) onTrouble(error);
      isTold = true;
      return false;
    }
  };
  const end = async (run: Run) => {
    const { report, because } = await scanned(run, parts);
    if (signal.aborted) return await store.requeue(run);
    const now = clock.now();
    const recorded = report === null ? null : await store.record(run, report, plan().hearing(run), now);
    const state = report === null ? await store.fail(run, because ?? '', now) : 'done';
    if (state === 'failed') await store.noteSelf(`run:${run.monitor}`, because, now);
    isTold = false;
    onRun({ run, state, report, changes: recorded?.changes ?? [], because });
  };
  const carryOut = async (waiting: Run) => {
    const run = signal.aborted ? null : await store.begin(waiting.id, clock.now());
    if (run === null) return;
    try {
      await end(run);
    } catch (error) {
      stranded.push(run);
      throw error;
    }
  };
  return {
    hands: parts.dispatch(async (run) => void (await inTrouble(() => carryOut(run)))),
    inTrouble,
    async retake() {
      for (let run = stranded[0]; run !== undefined; run = stranded[0]) {
        await store.requeue(run);
        stranded.shift();
      }
    },
  };
}

/** The report of a run, or why there is none. */
async function scanned(
  run: Run,
  { clock, plan, signal }: WatchParts,
): Promise<{ readonly report: Report | null; readonly because: string | null }> {
  const { scan, deadline } = plan();
  const end = new AbortController();
  const done = new AbortController();
  const milliseconds = deadline(run);
  void clock.wait(milliseconds, done.signal).then(() => end.abort(outOfTime(milliseconds)));
  // AbortSignal.any would leave something of each run with a signal that lives for months.
  const stop = () => end.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const report = await scan(run, end.signal);
    return { report: end.signal.aborted ? cutShort(report) : report, because: null };
  } catch (error) {
    return { report: null, because: error instanceof Error ? error.message : String(error) };
  } finally {
    signal.removeEventListener('abort', stop);
    done.abort();
  }
}

const outOfTime = (milliseconds: number): string =>
  `the ${Math.round(milliseconds / 6000) / 10} min that a run may take were over`;
