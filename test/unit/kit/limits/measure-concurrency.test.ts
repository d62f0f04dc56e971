import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opening } from '../../../../src/kit/limits/connections.ts';
import { type HeldConnections, measureConcurrency } from '../../../../src/kit/limits/measure-concurrency.ts';
import { silenceFor } from '../../../../src/kit/limits/polls.ts';
import { trouble } from '../../../../src/model/trouble.ts';
import { fixedWindow, leakyBucket, slidingWindow } from './simulated.ts';

interface Server {
  readonly atOnce: number;
  readonly inWindow: number;
  readonly unit: number;
  readonly rates?: (limit: number, unit: number) => (now: number) => boolean;
  readonly processes: number;
  /** Seconds of each connection, over and over. */
  readonly latencies?: readonly number[];
  /** Where in a second the server's clock stands. */
  readonly phase?: number;
  readonly maxEvents?: number;
  /** Whether their rate was measured before. */
  readonly knowsRate?: boolean;
}

/** A server that says the same of both limits, and nothing where its processes are all in use. */
async function measure({
  atOnce,
  inWindow,
  unit,
  rates = fixedWindow,
  processes,
  latencies = [0.01],
  phase = 0,
  maxEvents = 120,
  knowsRate = false,
}: Server) {
  let now = 1000 + phase;
  let open = 0;
  let opened = 0;
  let most = 0;
  const rate = rates(inWindow, unit);
  const at = (quote: string) => ({ session: 's1', event: 0, quote });
  const held: HeldConnections = {
    get count() {
      return open;
    },
    open: async (): Promise<Opening> => {
      now += latencies[opened % latencies.length] ?? 0;
      opened += 1;
      most = Math.max(most, open + 1);
      if (open + 1 > processes) {
        open = 0;
        return { kind: 'silent', met: trouble('timeout', 'silence', 'nothing within 6 s', [at('nothing within 6 s')]) };
      }
      const inTime = rate(now);
      if (open + 1 > atOnce || !inTime)
        return { kind: 'refused', at: at('421 too many connections'), inItsWords: true };
      open += 1;
      return { kind: 'greeted', at: at('220'), inItsWords: false };
    },
    closeOne: async () => {
      open -= 1;
    },
  };
  const clock = {
    now: () => now,
    wait: async (seconds: number) => {
      now += seconds;
    },
  };
  const quiet = async (seconds: number) => {
    now += seconds;
    return now - seconds;
  };
  const kind = rates === fixedWindow ? 'fixed' : 'sliding';
  const known =
    knowsRate && inWindow < none ? ({ limit: inWindow, window: { low: unit, high: unit, kind } } as const) : null;
  const result = await measureConcurrency({
    clock,
    quiet,
    silence: silenceFor(unit),
    held,
    maxEvents,
    rate: known,
    seconds: 600,
  });
  return { result, opened, most };
}

const none = Number.POSITIVE_INFINITY;

describe('connections at once', () => {
  it.each([1, 5, 23, 100])('%i: found with three connections more', async (atOnce) => {
    const { result, opened, most } = await measure({ atOnce, inWindow: none, unit: 60, processes: none });
    expect(result).toMatchObject({ outcome: 'found', limit: atOnce });
    expect(opened).toBe(atOnce + 3);
    expect(most).toBe(atOnce + 1);
  });

  it('no limit', async () => {
    const { result } = await measure({ atOnce: none, inWindow: none, unit: 60, processes: none, maxEvents: 30 });
    expect(result).toMatchObject({ outcome: 'none', held: 30, tried: 30 });
  });

  it('silence: not one connection more', async () => {
    const { result, opened } = await measure({ atOnce: none, inWindow: none, unit: 60, processes: 12 });
    expect(result).toMatchObject({ outcome: 'process-pool', held: 12 });
    expect(opened).toBe(13);
  });

  it('silence from the first on says nothing of us', async () => {
    const { result } = await measure({ atOnce: none, inWindow: none, unit: 60, processes: 0 });
    expect(result).toMatchObject({ outcome: 'doubt', doubt: 'timeout' });
  });

  it('the rate comes first', async () => {
    const { result } = await measure({ atOnce: 13, inWindow: 9, unit: 60, processes: none });
    expect(result).toMatchObject({ outcome: 'rate-first', held: 9 });
  });

  it.each([
    [5, 6],
    [23, 24],
    [30, 33],
  ])('%i, where it is known that %i may come in a minute: one connection more', async (atOnce, inWindow) => {
    const { result, opened } = await measure({ atOnce, inWindow, unit: 60, processes: none, knowsRate: true });
    expect(result).toMatchObject({ outcome: 'found', limit: atOnce });
    expect(opened).toBe(atOnce + 1);
  });

  it('30, where 30 may come in a minute: over two windows', async () => {
    const { result, opened } = await measure({
      atOnce: 30,
      inWindow: 30,
      unit: 60,
      processes: none,
      knowsRate: true,
    });
    expect(result).toMatchObject({ outcome: 'found', limit: 30 });
    expect(opened).toBe(32);
  });

  it('a rate so slow that the time is over before', async () => {
    const { result } = await measure({ atOnce: 100, inWindow: 5, unit: 60, processes: none, knowsRate: true });
    expect(result).toMatchObject({ outcome: 'doubt', doubt: 'budget-spent' });
  });

  it.each([
    ['fixed', fixedWindow],
    ['sliding', slidingWindow],
    ['leaking', leakyBucket],
  ])('a rate in a window as short as the dialogue, %s: no number', async (_, rates) => {
    const { result } = await measure({ atOnce: 2, inWindow: 1, unit: 1, rates, latencies: [0.5], processes: none });
    expect(result.outcome).toBe('rate-first');
  });

  it('never a wrong number, whichever limits there are and however long a connection takes', async () => {
    const limit = fc.oneof(fc.constant(none), fc.integer({ min: 1, max: 40 }));
    const server = fc.record({
      atOnce: limit,
      inWindow: limit,
      unit: fc.integer({ min: 1, max: 60 }),
      rates: fc.constantFrom(fixedWindow, slidingWindow, leakyBucket),
      processes: limit,
      latencies: fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 1, maxLength: 5 }),
      phase: fc.double({ min: 0, max: 1, noNaN: true }),
      maxEvents: fc.integer({ min: 1, max: 60 }),
      knows: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(server, async ({ knows, ...given }) => {
        // A bucket that leaks has no window, so its rate is never known.
        const { result } = await measure({ ...given, knowsRate: knows && given.rates !== leakyBucket });
        if (result.outcome === 'found') expect(result.limit).toBe(given.atOnce);
        if (result.outcome === 'none') expect(given.atOnce).toBeGreaterThanOrEqual(result.held);
        if (result.outcome === 'process-pool') expect(result.held).toBe(given.processes);
      }),
      { numRuns: Number(process.env.RUNS ?? 5000) },
    );
  });
});
