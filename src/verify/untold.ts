import type { Finding } from '../model/report.ts';
import { notTold, notVisible, type Outcome } from './row.ts';

/** The same of all, so that rows of which that is so are told in one breath; each names its probe besides. */
export const didNotRun = 'the probe that shows it did not run';

/** Why a finding says nothing that a row could use; null where it does. */
export function untold(probe: string, finding: Finding | null): Outcome | null {
  if (finding === null) return notTold(didNotRun);
  const { verdict, because, evidence } = finding;
  if (verdict === 'not-applicable') return notVisible(because);
  if (verdict === 'error') return notTold(`${probe} broke down: ${because}`);
  return verdict === 'inconclusive' ? notTold(because, null, evidence) : null;
}

/** A figure that a probe measured; null where it found none. */
export function figure(finding: Finding | null, name: string): number | null {
  const value = finding?.measured?.[name];
  return typeof value === 'number' ? value : null;
}
