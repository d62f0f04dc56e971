import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opening } from '../../../../src/kit/limits/connections.ts';
import { type HeldConnections, measureConcurrency } from '../../../../src/kit/limits/measure-concurrency.ts';
import { WireError } from '../../../../src/wire/wire-error.ts';
import { fixedWindow } from './simulated.ts';

interface Server {
  readonly atOnce: number;
  readonly inWindow: number;
  readonly unit: number;
  readonly processes: number;
  /** Seconds of each connection. */
  readonly latency?: number;
  readonly maxEvents?: number;
}

/** A server that says the same of both limits, and nothing where its processes are all in use. */
async function measure({ atOnce, inWindow, unit, processes, latency = 0.01, maxEvents = 120 }: Server) {
  let now = 1000;
  let open = 0;
  let opened = 0;
  let most = 0;
  const rate = fixedWindow(inWindow, unit);
  const at = (quote: string) => ({ session: 's1', event: 0, quote });
  const held: HeldConnections = {
    get count() {
      return open;
    },
    open: async (): Promise<Opening> => {
      now += latency;
      opened += 1;
      most = Math.max(most, open + 1);
      if (open + 1 > processes) {
        open = 0;
        return { kind: 'silent', error: new WireError('timeout', 'nothing within 6 s', [at('nothing within 6 s')]) };
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
  const result = await measureConcurrency({ clock, quiet, silence: 61, held, maxEvents });
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

  it('never a wrong number, whichever limits there are and however long a connection takes', async () => {
    const limit = fc.oneof(fc.constant(none), fc.integer({ min: 1, max: 40 }));
    const server = fc.record({
      atOnce: limit,
      inWindow: limit,
      // A rate in windows of a second or two, over a line as slow as that, looks like a number at once: not told apart yet.
      unit: fc.integer({ min: 10, max: 60 }),
      processes: limit,
      latency: fc.double({ min: 0, max: 1, noNaN: true }),
      maxEvents: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(server, async (given) => {
        const { result } = await measure(given);
        if (result.outcome === 'found') expect(result.limit).toBe(given.atOnce);
        if (result.outcome === 'none') expect(given.atOnce).toBeGreaterThanOrEqual(given.maxEvents);
        if (result.outcome === 'process-pool') expect(result.held).toBe(given.processes);
      }),
      { numRuns: 2000 },
    );
  });
});
