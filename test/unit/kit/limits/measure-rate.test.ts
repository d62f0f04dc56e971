import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureRate } from '../../../../src/kit/limits/measure-rate.ts';
import { silenceFor } from '../../../../src/kit/limits/polls.ts';
import type { RateResult } from '../../../../src/kit/limits/rate-question.ts';
import { beginning, fixedWindow, type Limiter, leakyBucket, simulate, slidingWindow, unlimited } from './simulated.ts';

const quick = [0.01];

describe('a fixed window of the length expected', () => {
  it.each([1, 2, 5, 7, 23, 100, 119])('allows %i: found with few events, the window to the second', async (limit) => {
    const world = simulate({ limiter: fixedWindow(limit, 60), phase: 0.3, latencies: quick });
    const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120 }));
    expect(result).toMatchObject({ outcome: 'found', limit, kind: 'fixed', window: { low: 60, high: 60 } });
    expect(result.tried / (limit + 1)).toBeLessThanOrEqual(1.15);
    // Beside the burst, one event before the end of the window and two behind it: nothing else tells a window from what
    // fades.
    expect(result.events / (limit + Math.min(4, limit + 2))).toBeLessThanOrEqual(limit === 1 ? 1.25 : 1.2);
  });

  it.each([5, 23, 100])('allows %i, and each answer takes a tenth of a second', async (limit) => {
    const world = simulate({ limiter: fixedWindow(limit, 60), phase: 0.3, latencies: [0.1] });
    const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120, seconds: 600 }));
    expect(result).toMatchObject({ outcome: 'found', limit, kind: 'fixed', window: { low: 60, high: 60 } });
  });

  it.each([5, 23, 100])('known already: %i is found without a poll', async (limit) => {
    const world = simulate({ limiter: fixedWindow(limit, 60), phase: 0.3, latencies: quick });
    const window = { low: 60, high: 60, kind: 'fixed' } as const;
    const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120, window }));
    expect(result).toMatchObject({ outcome: 'found', limit });
    expect(result.events / (limit + 1)).toBeLessThanOrEqual(1.15);
  });
});

describe('a window that another limiter has begun', () => {
  it('is known to the first, and shared by the next, which waits for nothing', async () => {
    const world = simulate({ limiter: fixedWindow(30, 60), phase: 0.3, latencies: quick });
    const first = await measureRate(world.question({ assumedWindow: 60 }));
    expect(first).toMatchObject({ outcome: 'found', window: { low: 60, high: 60 } });
    const now = world.clock.now();
    expect(world.lasts()).toBeGreaterThan(now + 59);
    expect(world.lasts()).toBeLessThanOrEqual(now + 60);

    const windowLasts = world.lasts();
    const other = simulate({ limiter: fixedWindow(23, 60), phase: 0.3, latencies: quick });
    const begun = other.clock.now();
    const window = { low: 60, high: 60, kind: 'fixed' } as const;
    const shared = other.question({ assumedWindow: 60, window, windowLasts: begun + 59 });
    expect(await measureRate(shared)).toMatchObject({ outcome: 'found', limit: 23, events: 24 });
    expect(other.clock.now()).toBeLessThan(begun + 1);
    expect(windowLasts).not.toBeNull();
  });

  it('is not shared where it may end too soon', async () => {
    const world = simulate({ limiter: fixedWindow(23, 60), phase: 0.3, latencies: quick });
    const begun = world.clock.now();
    const window = { low: 60, high: 60, kind: 'fixed' } as const;
    const result = await measureRate(world.question({ assumedWindow: 60, window, windowLasts: begun + 15 }));
    expect(result).toMatchObject({ outcome: 'found', limit: 23, events: 24 });
    expect(world.clock.now()).toBeGreaterThan(begun + 61);
  });
});

it('the events of a probe are bounded, whatever the limiter', async () => {
  const world = simulate({ limiter: fixedWindow(70, 37), phase: 0.3, latencies: quick });
  const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120 }));
  expect(result).toMatchObject({ outcome: 'doubt', doubt: 'budget-spent', refusedAfter: 70 });
  expect(result.events).toBeLessThanOrEqual(120);
});

it('more than 40 events on top are not sent to tell a window from what leaks', async () => {
  const world = simulate({ limiter: fixedWindow(495, 60), phase: 0, latencies: quick });
  const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 500, seconds: 200 }));
  expect(result).toMatchObject({ refusedAfter: 495 });
  expect(result.events).toBeLessThanOrEqual(540);
});

it.each([
  [11, 60],
  [20, 60],
  [37, 60],
  [60, 11],
  [100, 60],
])('a fixed window of %i s where %i are expected', async (unit, assumedWindow) => {
  const world = simulate({ limiter: fixedWindow(23, unit), phase: 0.7, latencies: quick });
  const result = await measureRate(world.question({ assumedWindow }));
  expect(result).toMatchObject({ outcome: 'found', limit: 23, kind: 'fixed' });
});

it.each([
  [5, 0.01],
  [23, 0.01],
  [23, 0.1],
  [100, 0.01],
])('a log of moments, %i in a minute and %f s an answer, is no fixed window', async (limit, latency) => {
  const limiter = slidingWindow(limit, 60, { parts: 60_000, countsRefused: false });
  const world = simulate({ limiter, phase: 4.2, latencies: [latency], inItsWords: false });
  const result = await measureRate(world.question({ assumedWindow: 60, seconds: 600 }));
  expect(result).toMatchObject({ outcome: 'found', limit, kind: 'sliding', window: { high: 60 } });
});

it.each([20, 30, 45])('a log of moments of %i s where 60 are expected is not called fixed', async (unit) => {
  const limiter = slidingWindow(23, unit, { parts: 60_000, countsRefused: false });
  const world = simulate({ limiter, phase: 4.2, latencies: quick, inItsWords: false });
  const result = await measureRate(world.question({ assumedWindow: 60, seconds: 600 }));
  expect(result).not.toMatchObject({ kind: 'fixed' });
});

it('buckets that polls keep full seem to be longer than they are, and are not called fixed', async () => {
  const world = simulate({ limiter: slidingWindow(3, 117), phase: 0, counted: 0, latencies: quick, inItsWords: false });
  const result = await measureRate(world.question({ assumedWindow: 52, maxEvents: 120, seconds: 20_000 }));
  expect(result).toMatchObject({ outcome: 'found', limit: 3, kind: 'sliding' });
});

it.each([
  [29, 0],
  [30, 1],
])('a fixed window that ends while answer %i is waited for does not slide', async (slow, counted) => {
  const latencies = Array.from({ length: 60 }, (_, index) => (index === slow ? 34 : 0.01));
  const world = simulate({ limiter: fixedWindow(3, 40), phase: 0.3, counted, latencies, inItsWords: false });
  const result = await measureRate(world.question({ assumedWindow: 60 }));
  expect(result).toMatchObject({ outcome: 'found', limit: 3, kind: 'untold' });
});

it.each([5, 23, 100])("Sendmail's buckets, %i in a minute", async (limit) => {
  const world = simulate({ limiter: slidingWindow(limit, 60), phase: 4.2, latencies: quick, inItsWords: false });
  const result = await measureRate(world.question({ assumedWindow: 60 }));
  expect(result).toMatchObject({ outcome: 'found', limit, kind: 'sliding' });
});

it('a bucket that leaks has no window', async () => {
  const world = simulate({ limiter: leakyBucket(23, 60), phase: 0, latencies: quick });
  expect(await measureRate(world.question({ assumedWindow: 60 }))).toMatchObject({ outcome: 'doubt', tripped: true });
});

it('no limiter: said after the whole budget, in the time of a window', async () => {
  const world = simulate({ limiter: unlimited, phase: 0, latencies: quick });
  const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120 }));
  expect(result).toMatchObject({ outcome: 'none', tried: 120, events: 120 });
});

it('a tarpit that stretches the burst past the window is a doubt', async () => {
  const world = simulate({ limiter: fixedWindow(50, 60), phase: 0, latencies: [2] });
  const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120 }));
  expect(result).toMatchObject({ outcome: 'doubt', doubt: 'throttled' });
});

it('replies that slow down are no refusals', async () => {
  const latencies = [
    ...Array.from({ length: 10 }, () => 0.01),
    ...Array.from({ length: 110 }, (_, n) => 0.3 * 1.05 ** n),
  ];
  const world = simulate({ limiter: unlimited, phase: 0, latencies });
  const result = await measureRate(world.question({ assumedWindow: 60, maxEvents: 120 }));
  expect(result).toMatchObject({ outcome: 'slowed', after: 10 });
});

describe('never a wrong number', () => {
  const limits = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 500 }));
  const world = fc.record({
    limit: limits,
    unit: fc.oneof(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 3600 })),
    make: fc.constantFrom<[string, (limit: number, unit: number) => Limiter]>(
      ['fixed', fixedWindow],
      ['fixed', fixedWindow],
      ['sliding', slidingWindow],
      ['sliding', (limit, unit) => slidingWindow(limit, unit, { countsRefused: false })],
      ['sliding', (limit, unit) => slidingWindow(limit, unit, { parts: 1000, countsRefused: false })],
      ['leaky', leakyBucket],
      ['none', () => unlimited],
    ),
    phase: fc.double({ min: 0, max: 60, noNaN: true }),
    counted: fc.double({ min: 0, max: 1, noNaN: true }),
    latencies: fc.oneof(
      fc.constant([0.01]),
      fc.array(fc.double({ min: 0, max: 0.3, noNaN: true }), { minLength: 1, maxLength: 9 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 }),
    ),
    /** How long some events take, as parts of the window; behind how many quick ones. */
    behind: fc.nat(40),
    slow: fc.oneof(
      fc.constant<number[]>([]),
      fc.constant<number[]>([]),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 4 }),
    ),
    others: fc.oneof(
      fc.constant<number[]>([]),
      fc.array(fc.double({ min: 0, max: 120, noNaN: true }), { minLength: 1, maxLength: 12 }),
      fc
        .tuple(fc.double({ min: 0, max: 120, noNaN: true }), fc.integer({ min: 1, max: 500 }))
        .map(([at, count]) => Array.from({ length: count }, () => at)),
    ),
    pipelined: fc.boolean(),
    postfix: fc.boolean(),
    assumed: fc.oneof(fc.constant(60), fc.integer({ min: 10, max: 60 })),
    maxEvents: fc.constantFrom(120, 500),
    seconds: fc.constantFrom(200, 400, 600, 3600, 20_000),
  });

  it('whatever the limiter, its window, the way there and the traffic before ours', async () => {
    const seen: Record<string, number> = {};
    await fc.assert(
      fc.asyncProperty(
        world,
        async ({ make: [kind, make], postfix, limit, unit, slow, behind, assumed, maxEvents, seconds, ...rest }) => {
          const latencies = rest.latencies.toSpliced(behind, 0, ...slow.map((part) => part * unit));
          const others = unit <= 2 * assumed ? rest.others : [];
          const sim = simulate({
            ...rest,
            others,
            latencies,
            inItsWords: kind === 'fixed' && postfix,
            limiter: make(limit, unit),
          });
          const result = await measureRate(sim.question({ assumedWindow: assumed, maxEvents, seconds }));
          const key = `${kind} ${result.outcome}`;
          seen[key] = (seen[key] ?? 0) + 1;
          // Up to 40 questions whether it lets us in again.
          expect(result.events).toBeLessThanOrEqual(maxEvents + 40);
          expectRight(result, { kind, limit, unit, assumed });
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 1500) },
    );
    if (process.env.RUNS) console.log(seen);
    expect(seen['fixed found'] ?? 0).toBeGreaterThan((seen['fixed doubt'] ?? 0) / 3);
  });

  it('in a window that is known, to the second or nearly', async () => {
    const outcomes: Record<string, number> = {};
    const given = fc.record({
      world,
      below: fc.integer({ min: 0, max: 2 }),
      above: fc.integer({ min: 0, max: 2 }),
      /** Part of a window that another limiter has begun before ours began to count. */
      begun: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    });
    await fc.assert(
      fc.asyncProperty(
        given,
        async ({
          world: { limit, unit, slow, behind, assumed, make: _make, seconds: _seconds, maxEvents: _most, ...rest },
          below,
          above,
          begun,
        }) => {
          const latencies = rest.latencies.toSpliced(behind, 0, ...slow.map((part) => part * unit));
          // Where another limiter has begun the window, nobody has counted these events since.
          const began = begun === null ? null : beginning - begun * unit;
          const limiter = began === null ? fixedWindow(limit, unit) : fixedWindow(limit, unit, began + rest.phase);
          const sim = simulate({ ...rest, others: began === null ? rest.others : [], latencies, limiter });
          const window = { low: Math.max(1, unit - below), high: unit + above, kind: 'fixed' } as const;
          const windowLasts = began === null ? null : began + window.low;
          const result = await measureRate(sim.question({ assumedWindow: assumed, window, windowLasts }));
          outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
          if (result.outcome === 'found') expect(result.limit).toBe(limit);
          if (result.outcome === 'none') expect(limit).toBeGreaterThanOrEqual(result.tried);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    );
    expect(outcomes.found).toBeGreaterThan(outcomes.doubt ?? 0);
  });

  it('in a window that bursts of other kinds have begun', async () => {
    const outcomes: Record<string, number> = {};
    const given = fc.record({ world, passed: fc.double({ min: 0, max: 36, noNaN: true }), looksFirst: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        given,
        async ({
          world: {
            limit,
            unit,
            slow,
            behind,
            make: [kind, make],
            assumed: _assumed,
            postfix,
            maxEvents,
            seconds,
            ...rest
          },
          passed,
          looksFirst,
        }) => {
          const latencies = rest.latencies.toSpliced(behind, 0, ...slow.map((part) => part * unit));
          const began = beginning - passed;
          const limiter = kind === 'fixed' ? fixedWindow(limit, unit, began + rest.phase) : make(limit, unit);
          const sim = simulate({ ...rest, others: [], latencies, limiter, inItsWords: kind === 'fixed' && postfix });
          const emptyUntil = looksFirst ? null : began + 36;
          const result = await measureRate(
            sim.question({ assumedWindow: 60, emptyUntil, looksFirst, maxEvents, seconds }),
          );
          outcomes[result.outcome] = (outcomes[result.outcome] ?? 0) + 1;
          expect(result.events).toBeLessThanOrEqual(2 * maxEvents + 40);
          if (result.outcome === 'found') expect(result.limit).toBe(limit);
          // A shorter window may end in the middle of the burst.
          const twice = unit >= 36 && unit <= 60 ? 1 : 2;
          if (result.outcome === 'none' && kind === 'fixed')
            expect(twice * limit >= result.tried || result.seconds > unit).toBe(true);
        },
      ),
      { numRuns: Number(process.env.RUNS ?? 1000) },
    );
    expect(outcomes.found).toBeGreaterThan(100);
  });
});

function expectRight(
  result: RateResult<number>,
  truth: { kind: string; limit: number; unit: number; assumed: number },
): void {
  if (result.outcome === 'found') {
    expect(result.limit).toBe(truth.limit);
    expect(truth.kind).not.toBe('none');
    if (result.kind === 'fixed' && truth.limit > 1) expect(truth.kind).toBe('fixed');
    if (result.kind === 'sliding') expect(truth.kind).toBe('sliding');
    if (truth.kind === 'fixed' && result.kind === 'fixed' && result.window !== null) {
      expect(truth.unit).toBeGreaterThanOrEqual(result.window.low);
      expect(truth.unit).toBeLessThanOrEqual(result.window.high);
    }
  }
  // A window longer than the silence, begun by others, may end in the middle of the burst: each half of it is below the
  // limit then.
  const twice = truth.unit + 1 > silenceFor(truth.assumed) ? 2 : 1;
  if (result.outcome === 'none' && truth.kind === 'fixed')
    expect(twice * truth.limit >= result.tried || result.seconds > truth.unit).toBe(true);
}
