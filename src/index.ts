/**
 * The public library: scan mail servers, judge saved reports again, define probes of one's own, and print reports in
 * every format. What is exported here is the contract; docs/library.md has a program that uses it.
 *
 * ```ts
 * import { parseTarget, scan } from 'mxprobe';
 * const target = parseTarget('mx.example.com:25');
 * if (target.kind !== 'bad') console.log((await scan([target], { helo: 'scanner.example.net' })).summary);
 * ```
 */

export { type DefinedDomainProbe, defineDomainProbe, type Names, type Probe } from './kit/domain-probe.ts';
/**
 * All that the judge and the dialogue of a probe need: `pass`, `fail`, `inconclusive`, `cite`, `meaningOf`,
 * `isPositive`, `troubleOf`, …
 */
export * as kit from './kit/index.ts';
export { type DefinedProbe, defineProbe, defineRule, type Wire } from './kit/probe.ts';
export type * from './model/judgement.ts';
export { type BadTarget, parseTarget, parseTargetList } from './model/parse-target.ts';
export { defaultPolicy, type Policy, type Waiver } from './model/policy.ts';
export type * from './model/report.ts';
export { defaultRestraint, type Restraint } from './model/restraint.ts';
export type { Target } from './model/target.ts';
export { UsageError } from './model/usage-error.ts';
export { compareReports } from './report/diff/compare.ts';
export type { ReportDiff } from './report/diff/diff.ts';
export { toHtml } from './report/html.ts';
export { toJson } from './report/json.ts';
export { toJunit } from './report/junit.ts';
export { toMarkdown } from './report/markdown.ts';
export { type PluginState, pluginStateOf, toNagios } from './report/nagios.ts';
export { toNdjson } from './report/ndjson.ts';
/** SARIF takes the texts of its rules from the catalogue: `toSarif(report, probes)`. */
export { toSarif } from './report/sarif.ts';
export { type TerminalOptions, toTerminal } from './report/terminal.ts';
export type { OnScanEvent, ScanEvent } from './scan/events.ts';
export { defaultOptions, type ScanOptions } from './scan/options.ts';
/** Scanning and judging; each has a word on it where it is. */
export { judge, judgeAgain, probes, readPolicy, readReport, scan } from './scan-and-judge.ts';
export { version } from './version.ts';
