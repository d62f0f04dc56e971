import type { Severity } from '../model/judgement.ts';
import { defaultCeilings, type Policy } from '../model/policy.ts';

export type Limited = keyof typeof defaultCeilings;

/** The most that a limit may be. Rates are per minute. */
export function ceilingOf({ ceilings }: Policy, id: Limited): number {
  return ceilings[id] ?? defaultCeilings[id];
}

/**
 * What it weighs that nothing stops a client at the ceiling: a breach where the policy has set its own, else as
 * `usual`.
 */
export function weightAbove(
  { ceilings }: Policy,
  id: Limited,
  usual: { readonly severity?: Severity } = {},
): { readonly severity?: Severity } {
  return ceilings[id] === undefined ? usual : { severity: 'medium' };
}
