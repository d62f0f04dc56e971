import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Pace, slowDownOf } from '../../../../src/kit/session-limits/slow-down.ts';

const pace = (seconds: readonly number[], part: Partial<Pace> = {}) =>
  slowDownOf({ seconds, calm: [0.01], ended: null, ...part });
const row = (...parts: [count: number, seconds: number][]) =>
  parts.flatMap(([count, seconds]) => Array.from({ length: count }, () => seconds));

describe('a slow-down', () => {
  test.each<[string, ReturnType<typeof pace>, ReturnType<typeof slowDownOf>]>([
    ['none', pace(row([20, 0.01])), 'none'],
    ['none over a long way', pace(row([20, 0.8]), { calm: [0.8] }), 'none'],
    ['Postfix by default', pace(row([10, 0.01], [10, 1.01]), { ended: 'later' }), { after: 10, sleepSeconds: 1 }],
    ['over a long way', pace(row([4, 0.3], [9, 2.3]), { calm: [0.31] }), { after: 4, sleepSeconds: 2 }],
    ['from the first error on', pace(row([13, 3.01])), { after: 0, sleepSeconds: 3 }],
    [
      'from the first error on, with jitter',
      pace(Array.from({ length: 16 }, (_, index) => 1 + (index % 2) * 0.2)),
      { after: 0, sleepSeconds: 1 },
    ],
    ['after one', pace(row([1, 0.01], [12, 1])), { after: 1, sleepSeconds: 1 }],
    ['of parts of a second', pace(row([5, 0.01], [5, 0.71])), { after: 5, sleepSeconds: 0.7 }],
    ['at the last but one', pace(row([12, 0.01], [1, 2.01]), { ended: 'later' }), { after: 12, sleepSeconds: 2 }],
    [
      'whose last words delay the last answer again',
      pace(row([11, 0.01], [1, 2], [1, 4]), { ended: 'in one packet' }),
      { after: 11, sleepSeconds: 2 },
    ],
    [
      'of the last words alone',
      pace(row([12, 0.01], [1, 3.01]), { ended: 'in one packet' }),
      { after: 13, sleepSeconds: 3 },
    ],
    [
      'of the last words alone, or twice as fast from the one before',
      pace(row([12, 0.01], [1, 2.01]), { ended: 'in one packet' }),
      { after: null, sleepSeconds: null },
    ],
    ['of one answer, which the network may have delayed', pace(row([12, 0.01], [1, 2.01])), 'unclear'],
    ['that grows', pace([0.01, 0.01, 0.01, 1, 2, 4, 8]), 'unclear'],
    ['that comes and goes', pace(row([3, 0.01], [3, 2], [3, 0.01], [3, 2], [3, 0.01])), 'unclear'],
    ['of nothing', pace([]), 'none'],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  test('whatever the way and the jitter on it: the right number', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 0, max: 2, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 0.2, noNaN: true }), { minLength: 61, maxLength: 61 }),
        (after, late, sleep, way, jitter) => {
          const seconds = row([after, way], [late, way + sleep]).map((each, index) => each + (jitter[index] ?? 0));
          const calm = [way + (jitter[60] ?? 0)];
          expect(slowDownOf({ seconds, calm, ended: null })).toEqual({ after, sleepSeconds: sleep });
        },
      ),
      { numRuns: 2000 },
    );
  });
});
