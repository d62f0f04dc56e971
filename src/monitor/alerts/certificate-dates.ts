import type { Severity } from '../../model/judgement.ts';
import type { Finding } from '../../model/report.ts';

/** How heavy it is that a certificate ends in so many days: one incident, which gets worse as the day comes nearer. */
const weights: readonly (readonly [days: number, Severity])[] = [
  [1, 'critical'],
  [7, 'high'],
  [21, 'medium'],
];

/**
 * What the last days of a certificate weigh; null where it lasts, and where it has other faults than its date: nobody
 * who lives with those waits for it.
 */
export function certificateWeight({ probe, verdict, measured }: Finding): Severity | null {
  if (probe !== 'tls-certificate' || measured === undefined) return null;
  const { daysLeft, flaws } = measured;
  if (typeof daysLeft !== 'number') return null;
  const others = Array.isArray(flaws) ? flaws.filter((flaw) => flaw !== 'expires-soon' && flaw !== 'expired') : [];
  if (others.length > 0 || (verdict !== 'pass' && verdict !== 'fail')) return null;
  return weights.find(([days]) => daysLeft <= days)?.[1] ?? null;
}
