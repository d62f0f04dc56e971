import type { Wire } from '../probe.ts';

/** Commands that one probe may spend where the user says nothing else. */
const usualCommands = 120;

/** The most commands of its kind that a probe may send: the user's word, and no more than it has use for. */
export function commandBudget(wire: Wire, useful = Number.POSITIVE_INFINITY): number {
  const given: unknown = 'maxEvents' in wire ? wire.maxEvents : undefined;
  return Math.min(typeof given === 'number' ? given : usualCommands, useful);
}
