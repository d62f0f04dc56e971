import { expect, it, test } from 'vitest';
import { loadTime } from '../../../src/scan/load-time.ts';

const one = (seconds?: number, secondsInKnownWindow?: number) => ({
  cost: {
    connections: 1,
    commands: 1,
    ...(seconds && { seconds }),
    ...(secondsInKnownWindow && { secondsInKnownWindow }),
  },
});

test('what waits has waited for a while', () => {
  expect(loadTime([one(100), { ...one(330), waits: true }], false, hour, 200)).toBe(130);
});

const hour = { loadSeconds: 3600 };

it.each([
  ['none', [], false, 0],
  ['those that wait for no window', [one(330), one()], false, 331],
  ['the first finds the window for all', [one(134, 62), one(134, 62), one(75, 64)], false, 134 + 62 + 64],
  ['it is known', [one(134, 62), one(134, 62)], true, 124],
  ['what waits goes beside', [one(134, 62), { ...one(330), waits: true }], false, 330],
  ['never more than they may take', [one(3000), one(3000)], false, 3600],
] as const)('%s', (_, probes, known, seconds) => {
  expect(loadTime(probes, known, hour)).toBe(seconds);
});
