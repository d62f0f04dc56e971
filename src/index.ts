/**
 * The public library: scan mail servers, judge saved reports again, define probes of one's own.
 *
 * ```ts
 * import { parseTarget, scan } from 'mxprobe';
 * const target = parseTarget('mx.example.com:25');
 * if (target.kind !== 'bad') console.log((await scan([target], { helo: 'scanner.example.net' })).summary);
 * ```
 */
import { probes as catalogue } from '../probes/index.ts';
import { version } from './cli/version.ts';
import type { DefinedProbe } from './kit/probe.ts';
import type { Policy } from './model/policy.ts';
import type { Report } from './model/report.ts';
import type { Target } from './model/target.ts';
import type { OnScanEvent } from './scan/events.ts';
import { judgeAgain as judgeAgainWith } from './scan/judge-again.ts';
import { defaultOptions, type ScanOptions } from './scan/options.ts';
import { scanTargets } from './scan/scan.ts';

export * as kit from './kit/index.ts';
export { defineProbe, defineRule } from './kit/probe.ts';
export type * from './model/judgement.ts';
export { defaultLimits, type Limits } from './model/limits.ts';
export { type BadTarget, parseTarget, parseTargetList } from './model/parse-target.ts';
export { defaultPolicy, type Policy } from './model/policy.ts';
export type * from './model/report.ts';
export type { Target } from './model/target.ts';
export type { OnScanEvent, ScanEvent } from './scan/events.ts';
export { defaultOptions, type ScanOptions } from './scan/options.ts';
export { version };

/** All probes, in the order of their findings. */
export const probes: readonly DefinedProbe[] = catalogue;

/** Scans targets with the given probes (default: the whole catalogue). `helo` is the only option without a default. */
export async function scan(
  targets: readonly Target[],
  options: Partial<ScanOptions> & Pick<ScanOptions, 'helo'>,
  onEvent: OnScanEvent = () => {},
  withProbes: readonly DefinedProbe[] = catalogue,
): Promise<Report> {
  return await scanTargets(targets, {
    probes: withProbes,
    options: { ...defaultOptions, ...options },
    version: version(),
    onEvent,
  });
}

/** Judges a saved report again; see `src/scan/judge-again.ts`. */
export function judgeAgain(report: Report, policy: Policy, withProbes: readonly DefinedProbe[] = catalogue): Report {
  return judgeAgainWith(report, withProbes, policy);
}
