import { describe, expect, it } from 'vitest';
import { measureRate } from '../../../../src/kit/limits/measure-rate.ts';
import type { RateResult } from '../../../../src/kit/limits/rate-question.ts';
import { fixedWindow, type Limiter, simulate, slidingWindow } from './simulated.ts';

/** Numbers from 0 to 1 that look random, and are the same each time. */
function* noise(seed: number): Generator<number, never> {
  let state = seed;
  while (true) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state / 2_147_483_648;
  }
}

/** Twenty measurements of one limiter, each with another clock and another way there. */
async function twenty(
  limit: number,
  unit: number,
  inItsWords: boolean,
  make: () => Limiter = () => fixedWindow(limit, unit),
) {
  const results = [];
  for (let run = 1; run <= 20; run++) {
    const random = noise(run * 7919 + unit * 13 + limit);
    // A connection takes 5 to 25 ms, one in ten up to a tenth of a second.
    const latencies = Array.from({ length: 97 }, () => {
      const most = random.next().value < 0.1 ? 0.1 : 0.02;
      return 0.005 + random.next().value * most;
    });
    const phase = random.next().value;
    const world = simulate({ limiter: make(), phase, latencies, inItsWords });
    const began = world.clock.now();
    const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120, seconds: 600 }));
    results.push({ ...result, took: world.clock.now() - began });
  }
  return results;
}

describe('windows shorter than the one expected, and than the time between two polls', () => {
  it.each([5, 10, 20, 60].flatMap((unit) => [3, 7, 30].map((limit) => [limit, unit] as const)))(
    '%i in %i s, by Postfix: told nineteen times in twenty, and never wrong',
    async (limit, unit) => {
      expectMostTold(await twenty(limit, unit, true), limit, unit);
    },
  );

  it.each([5, 10, 20, 60].flatMap((unit) => [3, 7].map((limit) => [limit, unit] as const)))(
    '%i in %i s, in words that are not known: the same',
    async (limit, unit) => {
      expectMostTold(await twenty(limit, unit, false), limit, unit);
    },
  );

  it.each([5, 10, 30, 60].flatMap((unit) => [2, 3, 7, 20].map((limit) => [limit, unit] as const)))(
    '%i in %i s, by a log of moments that a poll may meet half forgotten: the same',
    async (limit, unit) => {
      const parts = unit * 10_000;
      const log = () => slidingWindow(limit, unit, { parts, countsRefused: false });
      expectMostTold(await twenty(limit, unit, false, log), limit, unit);
    },
  );

  it.each([1, 2, 3])('a window of %i s is never given a wrong number', async (unit) => {
    for (const limit of [1, 3, 7, 30])
      for (const result of [...(await twenty(limit, unit, true)), ...(await twenty(limit, unit, false))])
        if (result.outcome === 'found') expect(result.limit).toBe(limit);
  });
});

describe('windows longer than the one expected, in which others had been counted before', () => {
  it.each([
    [90, 200],
    [100, 260],
    [120, 260],
    [300, 600],
  ])('60 in %i s, by Postfix, with %i s for it: the second burst tells the number', async (unit, seconds) => {
    for (let run = 1; run <= 20; run++) {
      const random = noise(run * 7919 + unit);
      const latencies = Array.from({ length: 97 }, () => 0.005 + random.next().value * 0.02);
      const others = Array.from({ length: 38 }, (_, index) => 0.1 + index * 0.01);
      const phase = random.next().value;
      const world = simulate({ limiter: fixedWindow(60, unit), phase, latencies, others });
      const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120, seconds }));
      expect(result).toMatchObject({ outcome: 'found', limit: 60 });
    }
  });
});

function expectMostTold(results: readonly RateResult<number>[], limit: number, unit: number): void {
  const told = results.filter(({ outcome }) => outcome === 'found');
  expect(told.length).toBeGreaterThanOrEqual(19);
  for (const result of told) expectTold(result, limit, unit);
}

function expectTold(result: RateResult<number>, limit: number, unit: number): void {
  if (result.outcome !== 'found' || result.window === null) throw new Error('no number was told');
  const { low, high } = result.window;
  expect({ limit: result.limit, fits: low <= unit && unit <= high }).toEqual({ limit, fits: true });
}
