import type { LoadWire } from '../probe.ts';

/** The most commands of its kind that a probe may send: the user's word, and no more than it has use for. */
export function commandBudget({ load }: LoadWire, useful = Number.POSITIVE_INFINITY): number {
  return Math.min(load.maxEvents, useful);
}

/** The same of seconds. */
export function secondsBudget({ load }: LoadWire, useful: number): number {
  return Math.min(load.loadProbeSeconds, useful);
}
