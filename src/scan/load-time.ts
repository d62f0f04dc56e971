import type { DefinedProbe } from '../kit/index.ts';
import type { Limits } from '../model/limits.ts';

/**
 * About how many seconds these `load` probes take, one after the other: the first that looks for a window may find it
 * for all.
 */
export function loadTime(
  probes: readonly Pick<DefinedProbe, 'cost'>[],
  windowIsKnown: boolean,
  { loadSeconds }: Pick<Limits, 'loadSeconds'>,
): number {
  let known = windowIsKnown;
  let sum = 0;
  for (const { cost } of probes) {
    const { seconds = 1, secondsInKnownWindow } = cost;
    sum += known ? (secondsInKnownWindow ?? seconds) : seconds;
    known ||= secondsInKnownWindow !== undefined;
  }
  return Math.min(sum, loadSeconds);
}
