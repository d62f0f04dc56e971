import type { DefinedProbe } from '../kit/index.ts';
import type { Restraint } from '../model/restraint.ts';

/**
 * About how many seconds these `load` probes take at most: those that count, one after the other, as the first that
 * looks for a window may find it for all; and beside them those that only wait, for `passed` seconds by now.
 */
export function loadTime(
  probes: readonly Pick<DefinedProbe, 'cost' | 'waits'>[],
  windowIsKnown: boolean,
  { loadSeconds }: Pick<Restraint, 'loadSeconds'>,
  passed = 0,
): number {
  let known = windowIsKnown;
  let sum = 0;
  const longest = Math.max(0, ...probes.filter(({ waits }) => waits).map(({ cost }) => cost.seconds ?? 0));
  for (const { cost, waits } of probes) {
    if (waits) continue;
    const { seconds = 1, secondsInKnownWindow } = cost;
    sum += known ? (secondsInKnownWindow ?? seconds) : seconds;
    known ||= secondsInKnownWindow !== undefined;
  }
  return Math.min(Math.max(sum, longest - passed), loadSeconds);
}
