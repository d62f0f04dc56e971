import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { couldFade } from '../../../../src/kit/limits/fading.ts';
import { measureRate } from '../../../../src/kit/limits/measure-rate.ts';
import { fixedWindow, leakyBucket, simulate, slidingWindow, smoothedRate } from './simulated.ts';

const maxEvents = 120;

describe("Exim's ratelimit, which has no window", () => {
  it.each([
    ['five in five minutes: the next is let in after a minute', 5, 300, false, 60],
    ['two in 20 s: the next is let in when a window of 10 s would slide', 2, 20, false, 10],
    ['thirteen in two minutes', 13, 120, false, 10],
    ['a hundred an hour, refusals counted', 100, 3600, true, 60],
    ['65 an hour', 65, 3600, false, 60],
  ])('%s', async (_, limit, period, strict, assumedWindow) => {
    const world = simulate({ limiter: smoothedRate(limit, period, { strict }), phase: 0.3, latencies: [0.01] });
    const result = await measureRate(world.question({ assumedWindow, maxEvents }));
    expect(result).toMatchObject({ outcome: 'doubt', tripped: true });
  });

  it('is never given a number', async () => {
    const given = fc.record({
      limit: fc.integer({ min: 1, max: 110 }),
      period: fc.integer({ min: 1, max: 7200 }),
      strict: fc.boolean(),
      bucket: fc.boolean(),
      assumedWindow: fc.integer({ min: 5, max: 60 }),
      latencies: fc.array(fc.double({ min: 0.001, max: 0.2, noNaN: true }), { minLength: 1, maxLength: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(given, async ({ limit, period, strict, bucket, assumedWindow, latencies }) => {
        // A bucket of one is a window: one event, and none for so long.
        fc.pre(!bucket || limit > 1);
        const limiter = bucket ? leakyBucket(limit, period) : smoothedRate(limit, period, { strict });
        const world = simulate({ limiter, phase: 0, latencies });
        const { outcome } = await measureRate(world.question({ assumedWindow, maxEvents }));
        expect(outcome).not.toBe('found');
      }),
      { numRuns: Number(process.env.RUNS ?? 500) },
    );
  });
});

describe('what was answered could come of a limiter that forgets little by little', () => {
  /** A burst, polls until one is let in again, and one more. */
  function heard(limiter: (now: number) => boolean, polls: readonly number[]) {
    const at = (time: number) => ({
      sentAt: time,
      answeredAt: time,
      accepted: limiter(time),
      inItsWords: true,
      at: null,
    });
    const burst = Array.from({ length: 10 }, (_, number) => at(number / 100));
    return [...burst, ...polls.map(at)];
  }

  it.each<[string, Parameters<typeof heard>, boolean]>([
    ['a fixed window, and no look behind its end', [fixedWindow(7, 60), [20, 59, 61]], true],
    ['a fixed window, one more behind its end', [fixedWindow(7, 60), [20, 59, 61, 61.01]], false],
    ['a sliding window', [slidingWindow(7, 60), [20, 49, 61, 61.01]], false],
    ['a smoothed rate', [smoothedRate(7, 60), [5, 10, 10.01, 20, 20.01]], true],
    ['a strict one', [smoothedRate(7, 60, { strict: true }), [5, 30, 70, 70.01]], true],
    ['a bucket', [leakyBucket(7, 60), [4, 9, 9.01, 20, 20.01]], true],
  ])('%s', (_, given, expected) => {
    expect(couldFade(heard(...given))).toBe(expected);
  });
});
