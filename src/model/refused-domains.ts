import type { Finding } from './report.ts';

/**
 * The domains whose mail a server refuses, of the fail that says so: one server takes the mail of many, and each counts
 * by itself. None of any other finding.
 */
export function refusedDomains({ probe, verdict, measured }: Finding): readonly string[] {
  const refused = measured?.refused;
  return probe === 'takes-its-mail' && verdict === 'fail' && typeof refused === 'object' ? (refused ?? []) : [];
}
