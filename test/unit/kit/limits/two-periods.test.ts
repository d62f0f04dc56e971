import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureRate } from '../../../../src/kit/limits/measure-rate.ts';
import { simulate, twoPeriods } from './simulated.ts';

describe("HAProxy's conn_rate, which lets in one after the other when a period is over", () => {
  it.each([
    [5, 20, 275],
    [5, 60, 215],
    [7, 60, 215],
    [30, 60, 215],
  ])('%i in %i s: no window fits, and that is said within %i s', async (limit, period, most) => {
    const world = simulate({ limiter: twoPeriods(limit, period), phase: 0.3, latencies: [0.01], inItsWords: false });
    const began = world.clock.now();
    const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120, seconds: 600 }));
    expect(result).toMatchObject({ outcome: 'doubt', doubt: 'throttled', tripped: true, refusedAfter: limit });
    expect(world.clock.now() - began).toBeLessThan(most);
  });

  it('is never given a wrong number', async () => {
    const given = fc.record({
      limit: fc.integer({ min: 1, max: 110 }),
      period: fc.integer({ min: 1, max: 600 }),
      phase: fc.double({ min: 0, max: 60, noNaN: true }),
      assumedWindow: fc.integer({ min: 5, max: 60 }),
      latencies: fc.array(fc.double({ min: 0.001, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ limit, period, phase, assumedWindow, latencies }) => {
        const world = simulate({ limiter: twoPeriods(limit, period), phase, latencies, inItsWords: false });
        const result = await measureRate(world.question({ assumedWindow, maxEvents: 120 }));
        if (result.outcome === 'found') expect(result.limit).toBe(limit);
      }),
      { numRuns: Number(process.env.RUNS ?? 500) },
    );
  });
});
