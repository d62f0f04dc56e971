import { another, type Cycles, noWindow } from './agreement.ts';
import { type Cycle, commonWindow, contradicts, outlasts } from './cycle.ts';
import { couldFade } from './fading.ts';
import { found, type RateEnd, type RateRun, type RateSteps } from './rate-run.ts';

/** Looks at a window of unexpected length, at most. */
const looks = 4;

/**
 * A refusal in the words of Postfix's anvil, whose windows are fixed. The event that was let in again has begun one. A
 * burst right behind it that refusals outlast lies in that window whole, as one that began later would have to end
 * sooner: so one such cycle tells the number. As many more as it takes tell the window to the second.
 */
export function* inFixedWindows<At>(run: RateRun<At>, first: Cycle<At>): RateSteps<At, RateEnd<At>> {
  let cycles: Cycles<At> = [first];
  let whole: readonly Cycle<At>[] = [];
  while (cycles.length <= looks) {
    const cycle = yield* another(run, cycles, 'now');
    if ('outcome' in cycle) return run.settled ?? cycle;
    cycles = [...cycles, cycle];
    if (outlasts(cycle)) whole = [...whole, cycle];
    const window = commonWindow(whole);
    if (window === null || contradicts(cycles)) return noWindow(run, cycles);
    if (whole.length === 0 || fades(run, cycles)) continue;
    run.settled = found(cycle, { ...window, kind: 'fixed' });
    if (window.low === window.high) break;
  }
  return run.settled ?? noWindow(run, cycles);
}

/** Whether it may be no window at all, all the same. One event at a time is a window, whatever forgets it. */
const fades = ({ heard }: RateRun<unknown>, cycles: readonly Cycle<unknown>[]): boolean =>
  cycles.some(({ limit }) => limit > 1) && couldFade(heard);
