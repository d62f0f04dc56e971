import { describe, expect, test } from 'vitest';
import { Deadline } from '../../src/wire/deadline.ts';

/** A clock that stands still until told otherwise. */
function clock(start = 100) {
  let time = start;
  return {
    now: () => time,
    pass: (seconds: number) => {
      time += seconds;
    },
  };
}

describe('a deadline', () => {
  test('runs out once, however many waits it is made of', () => {
    const { now, pass } = clock();
    const deadline = new Deadline(10, now);
    expect(deadline.remaining()).toBe(10);
    for (let wait = 0; wait < 9; wait++) pass(1);
    expect(deadline.remaining()).toBe(1);
    pass(1);
    expect(deadline.remaining()).toBe(0);
    pass(50);
    expect(deadline.remaining()).toBe(0);
  });

  test('shortens a wait that would outlast it', () => {
    const { now, pass } = clock();
    const deadline = new Deadline(10, now);
    expect(deadline.within(4)).toBe(4);
    pass(7);
    expect(deadline.within(4)).toBe(3);
    pass(7);
    expect(deadline.within(4)).toBe(0);
  });

  test('keeps its length for messages', () => {
    const { now, pass } = clock();
    const deadline = new Deadline(10, now);
    pass(3);
    expect(deadline.seconds).toBe(10);
  });

  test('takes the clock of the runtime unless given one', () => {
    const deadline = new Deadline(60);
    expect(deadline.remaining()).toBeGreaterThan(59);
    expect(deadline.remaining()).toBeLessThanOrEqual(60);
  });
});
