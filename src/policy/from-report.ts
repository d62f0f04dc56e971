import { stringify } from 'yaml';
import { brief, hostWithPort } from '../model/host-port.ts';
import { defaultPolicy, type Policy, type Waiver } from '../model/policy.ts';
import { refusedDomains } from '../model/refused-domains.ts';
import type { Finding, Report } from '../model/report.ts';
import { type Reported, reportedIn } from '../model/reported.ts';
import { isAtLeast, isUntold } from '../model/summary.ts';
import { UsageError } from '../model/usage-error.ts';
import { rulesSeen } from './seen.ts';

export interface Making {
  /** Judges a report again, without network. */
  readonly judge: (report: Report, policy: Policy) => Report;
  /** The ids of all probes. */
  readonly probes: readonly string[];
  /** The day from which waivers run, ISO 8601. */
  readonly day: string;
}

/** How long a waiver holds that nobody has thought about yet. */
const graceDays = 90;

/**
 * The policy, as YAML with comments, that the server of a report meets: judged by it, that very report gives exit code
 * 0. Throws `UsageError` where no policy could do that: a target that led nowhere, an error of ours.
 */
export function policyFromReport(report: Report, { judge, probes, day }: Making): string {
  refuseWhatNoPolicyMends(report, probes);
  const rules = rulesSeen(report);
  const judged = judge(report, { ...defaultPolicy, ...rules });
  const waivers = waiversFor(judged, report.startedAt > day ? report.startedAt : day);
  return [
    heading(report),
    section(
      ['What a port must be. Hosts and domains are looked at on these ports too.'],
      'ports',
      byNumber(rules.ports),
    ),
    section(['TLS as it was spoken: nothing older than the floor, and each of what it speaks.'], 'tls', rules.tls),
    section(['AUTH as it was offered. "*" is every mechanism that is not required.'], 'mechanisms', rules.mechanisms),
    section(
      [
        'The limits that were measured; a limit may be lower. Rates are per minute, message-size in octets, idle-timeout in seconds.',
      ],
      'ceilings',
      rules.ceilings,
    ),
    section(
      [
        'What was told, and must be told again: a doubt about these is a finding. A probe that needs --allow load needs it then too.',
      ],
      'mustTell',
      mustTell(judged),
    ),
    section(
      [
        'What failed, or could not be told, and counts. Mend it, or say why it may stay; after the last day it counts again.',
        `Fails below ${brief(report.options.failOn)} need no waiver.`,
      ],
      'waivers',
      waivers,
    ),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function refuseWhatNoPolicyMends(report: Report, probes: readonly string[]): void {
  const lost = report.targets.find((target) => target.endpoints.length === 0);
  if (lost !== undefined) throw new UsageError(`${brief(lost.input)} led to no server: scan it again, or leave it out`);
  const findings = reportedIn(report).flatMap((one) => one.findings);
  const stranger = findings.find(({ probe }) => !probes.includes(probe));
  if (stranger !== undefined)
    throw new UsageError(
      `the report speaks of "${brief(stranger.probe)}", which is no probe of this version: scan again`,
    );
  if (findings.some(({ verdict }) => verdict === 'error'))
    throw new UsageError('the report has an error of our own in it: scan again');
  if (!findings.some(({ verdict }) => verdict === 'pass' || verdict === 'fail'))
    throw new UsageError('the report tells nothing: there is no server to take as a model');
}

function heading({ targets, startedAt, options, tool }: Report): string {
  const inputs = brief(targets.map(({ input }) => input).join(', '));
  return [
    `# What ${inputs} was on ${startedAt.slice(0, 10)}, by ${tool.name} ${brief(tool.version)} with --allow ${brief(options.allow)}.`,
    '# mxprobe scan <target> --policy <this file>    tells what has changed for the worse since.',
    '',
  ].join('\n');
}

/** Nothing for what is empty. */
function section(about: readonly string[], key: string, value: object): string {
  const size = value instanceof Map ? value.size : Object.keys(value).length;
  if (size === 0) return '';
  const comments = about.map((line) => `# ${line}\n`).join('');
  return `${comments}${stringify({ [key]: value }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}

/** Ports as numbers, which YAML writes without quotes. */
const byNumber = (ports: Policy['ports']): Map<number, string> =>
  new Map(Object.entries(ports).map(([port, state]) => [Number(port), state]));

function mustTell(report: Report): string[] {
  const findings = reportedIn(report).flatMap((one) => one.findings);
  const untold = new Set(findings.filter(({ verdict }) => verdict === 'inconclusive').map(({ probe }) => probe));
  const told = findings.filter(({ verdict }) => verdict === 'pass' || verdict === 'fail').map(({ probe }) => probe);
  return [...new Set(told)].filter((probe) => !untold.has(probe));
}

function waiversFor(report: Report, day: string): Waiver[] {
  const until = new Date(Date.parse(day) + graceDays * 86_400_000).toISOString().slice(0, 10);
  const counts = (finding: Finding) =>
    (finding.verdict === 'fail' && isAtLeast(finding.severity, report.options.failOn)) || isUntold(finding);
  const all = reportedIn(report).flatMap((place) =>
    place.findings.filter(counts).map((finding): Waiver => {
      const { probe, verdict } = finding;
      const domains = refusedDomains(finding);
      return {
        probe,
        endpoint: nameOf(place),
        ...(verdict === 'inconclusive' ? { verdict } : {}),
        ...(domains.length > 0 ? { domains: [...domains] } : {}),
        until,
        reason: 'TODO say why',
      };
    }),
  );
  return all.filter((waiver, at) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(waiver)) === at);
}

const nameOf = ({ id, host, port }: Reported): string =>
  host === undefined || port === undefined ? id : hostWithPort(host, port);
