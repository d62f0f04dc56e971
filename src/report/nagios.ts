import type { Finding, Report } from '../model/report.ts';
import { type Reported, reportedIn } from '../model/reported.ts';
import { isAtLeast } from '../model/summary.ts';
import { beginningOf, visible } from '../model/visible.ts';
import { bearingOf } from './bearing.ts';
import { worstFirst } from './endpoint-words.ts';
import { perfdata } from './nagios-perfdata.ts';
import { totalCost, totalWords } from './report-words.ts';

/** The exit codes of a monitoring plugin: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. They are not those of `scan`. */
export type PluginState = 0 | 1 | 2 | 3;

/**
 * Findings are CRITICAL from high on and WARNING below; what could not be told, and an error of our own, is UNKNOWN.
 */
export function pluginStateOf({ summary }: Report): PluginState {
  if (summary.exitCode === 0) return 0;
  if (summary.exitCode !== 1) return 3;
  return summary.worst !== null && isAtLeast(summary.worst, 'high') ? 2 : 1;
}

const names = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;

/** One line as the guidelines of the monitoring plugins have it: status, text, `|`, performance data. */
export function toNagios(report: Report): string {
  const state = pluginStateOf(report);
  const said = [totalWords(report), ...reasons(report).slice(0, reasonsShown)].join(' ');
  return `MXPROBE ${names[state]} - ${plain(said)}|${perfdata(report, totalCost(report))}\n`;
}

/** The line for a command line that cannot be: a plugin tells that on stdout too. */
export function unknownLine(problem: string): string {
  return `MXPROBE UNKNOWN - ${plain(problem)}\n`;
}

const reasonsShown = 3;
const longest = 200;

/** What the state rests on: findings, the worst first, then doubts. */
function reasons(report: Report): string[] {
  const { failOn } = report.options;
  const of =
    (...bearings: readonly string[]) =>
    (finding: Finding) =>
      bearings.includes(bearingOf(finding, failOn));
  const all = reportedIn(report).flatMap((endpoint) => endpoint.findings.map((finding) => ({ endpoint, finding })));
  const where = new Map(all.map(({ endpoint, finding }) => [finding, endpoint]));
  const findings = all.map(({ finding }) => finding);
  const lost = report.targets.filter(({ endpoints }) => endpoints.length === 0);
  const shown = [
    ...findings.filter(of('broken')),
    ...worstFirst(findings.filter((finding) => finding.verdict === 'fail' && of('counts')(finding))),
    ...findings.filter((finding) => finding.verdict !== 'fail' && of('counts')(finding)),
    ...findings.filter(of('untold')),
  ];
  return [
    ...shown.map((finding) => reason(finding, where.get(finding))),
    ...lost.map(({ input, notes }) => `${input}: ${notes.at(-1) ?? 'led to no server'};`),
  ];
}

function reason({ probe, verdict, severity, because }: Finding, endpoint: Reported | undefined): string {
  const kind = verdict === 'fail' ? severity : verdict === 'error' ? 'a bug of ours' : 'unknown';
  const text = because.length > longest ? `${beginningOf(because, longest)}...` : because;
  return `${endpoint?.id} ${probe} [${kind}]: ${text};`;
}

/** A bar would end the text, and web pages and mail commands of monitors take the rest as it comes. */
function plain(text: string): string {
  return visible(text).replace(/[|<>`$]/g, (char) => `\\x${char.charCodeAt(0).toString(16)}`);
}
