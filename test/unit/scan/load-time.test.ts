import { expect, it } from 'vitest';
import { loadTime } from '../../../src/scan/load-time.ts';

const one = (seconds?: number, secondsInKnownWindow?: number) => ({
  cost: {
    connections: 1,
    commands: 1,
    ...(seconds && { seconds }),
    ...(secondsInKnownWindow && { secondsInKnownWindow }),
  },
});

const hour = { loadSeconds: 3600 };

it.each([
  ['none', [], false, 0],
  ['those that wait for no window', [one(330), one()], false, 331],
  ['the first finds the window for all', [one(134, 62), one(134, 62), one(75, 64)], false, 134 + 62 + 64],
  ['it is known', [one(134, 62), one(134, 62)], true, 124],
  ['never more than they may take', [one(3000), one(3000)], false, 3600],
] as const)('%s', (_, probes, known, seconds) => {
  expect(loadTime(probes, known, hour)).toBe(seconds);
});
