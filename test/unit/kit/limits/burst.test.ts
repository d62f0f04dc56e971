import { describe, expect, it } from 'vitest';
import { slowedAfter } from '../../../../src/kit/limits/burst.ts';
import { nextPoll, windowBetween } from '../../../../src/kit/limits/polls.ts';

const trials = (waits: readonly number[]) => {
  let now = 0;
  return waits.map((wait) => {
    const sentAt = now;
    now += wait;
    return { sentAt, answeredAt: now, accepted: true, inItsWords: false, at: null };
  });
};

describe('replies that slow down', () => {
  it.each<[string, number[], number | null]>([
    ['quick ones, then each longer', [0.01, 0.01, 0.02, 0.3, 0.4, 0.5, 0.6, 0.7], 3],
    ['quick ones only', [0.01, 0.01, 0.02, 0.02, 0.01, 0.02, 0.03, 0.01], null],
    ['quick ones, then ten that all wait', [0.01, 0.01, 0.02, 2, 1, 1, 2, 1, 2, 1, 2, 1, 2], 3],
    ['quick ones, then nine that all wait', [0.01, 0.01, 0.02, 2, 1, 1, 2, 1, 2, 1, 2, 1], null],
    ['slow from the start', [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], null],
    ['a hiccup', [0.01, 0.01, 0.02, 2, 0.01, 0.01, 0.01, 0.01], null],
    ['slow, and quick again', [0.01, 0.01, 0.02, 0.3, 0.4, 0.5, 0.6, 0.01], null],
    ['four slow ones', [0.01, 0.01, 0.02, 0.3, 0.4, 0.5, 0.6], null],
    ['none', [], null],
  ])('%s', (_, waits, expected) => {
    expect(slowedAfter(trials(waits))).toBe(expected);
  });

  it('as the replies to one flight, which all count from its begin', () => {
    const waits = trials([0.01, 0.01, 0.02, 0.3, 0.4, 0.5, 0.6, 0.7]).map((trial) => ({ ...trial, sentAt: 0 }));
    expect(slowedAfter(waits)).toBe(3);
  });
});

describe('the time until a limiter lets us in again', () => {
  it.each([
    [5, 3],
    [23, 5],
    [100, 9],
  ])('is asked for with few polls, two of them in the second that decides: %i allowed', (limit, most) => {
    const times: number[] = [];
    let now: number | null = 0.5;
    while (now !== null && now < 61) {
      times.push(now);
      now = nextPoll({
        began: { from: 0, to: 0 },
        sentBy: 0.5,
        now,
        expected: { low: 60, high: 60 },
        trip: 0.01,
        early: Math.floor(limit / 10),
        inItsWords: true,
      });
    }
    expect(times.length - 1).toBeLessThanOrEqual(most);
    expect(times.filter((time) => time > 60 && time < 61)).toHaveLength(2);
  });

  it('is a window of whole seconds', () => {
    expect(windowBetween({ from: 0, to: 0.001 }, 60.008, 60.97)).toEqual({ low: 60, high: 60 });
    expect(windowBetween({ from: 0, to: 0.001 }, 60.97, 61.05)).toEqual({ low: 60, high: 61 });
    expect(windowBetween({ from: 0, to: 0.3 }, 60.31, 60.97)).toEqual({ low: 60, high: 60 });
  });
});
