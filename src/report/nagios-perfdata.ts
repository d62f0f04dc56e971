import { defaultCeilings } from '../model/policy.ts';
import type { Cost, Finding, Report } from '../model/report.ts';
import { type Reported, reportedIn } from '../model/reported.ts';
import { isUntold } from '../model/summary.ts';
import { measuredLimit } from './measured-limit.ts';
import { countsByWeight, findingsOf } from './weights.ts';

/**
 * Performance data as the guidelines have it: `'label'=value[unit];[warn];[crit];[min];[max]`, separated by spaces.
 * What was found and what it cost, then each limit measured, with the ceiling of the policy as its warning threshold,
 * and the days a certificate has left.
 */
export function perfdata(report: Report, cost: Cost): string {
  const { endpoints, summary, policy } = report;
  const { counts } = summary;
  const ceilings = { ...defaultCeilings, ...policy?.ceilings };
  const findings = findingsOf(reportedIn(report));
  const weighed = countsByWeight(findings);
  const items = [
    item('failed', weighed.failure),
    item('warnings', weighed.warning),
    item('notes', weighed.note),
    item('untold', findings.filter(isUntold).length),
    item('passed', counts.pass),
    item('connections', cost.connections),
    item('commands', cost.commands),
    item('sent', cost.bytesSent, 'B'),
    item('received', cost.bytesReceived, 'B'),
    item('seconds', cost.seconds, 's'),
    ...endpoints.flatMap((endpoint) => figuresOf(endpoint, endpoints.length > 1 ? `${endpoint.id} ` : '', ceilings)),
  ];
  return items.join(' ');
}

interface Bounds {
  readonly warn?: string;
  readonly crit?: string;
  readonly min?: string;
}

type Unit = '' | 's' | 'B';

function item(label: string, value: number, unit: Unit = '', { warn = '', crit = '', min = '0' }: Bounds = {}): string {
  // A quote could be doubled, and an equals sign stand in quotes; but Monitoring::Plugin drops the figure without a
  // word.
  return `'${label.replace(/['=]/g, '_')}'=${decimal(value)}${unit};${warn};${crit};${min}`;
}

/** Never 1e+21: only digits, a dot and a minus are a value. */
function decimal(value: number): string {
  const text = Math.abs(value) < 1e21 ? value.toFixed(3) : BigInt(value).toString();
  const [whole = '', thousandths = ''] = text.split('.');
  const digits = thousandths.replace(/0{1,3}$/, '');
  return digits === '' ? whole : `${whole}.${digits}`;
}

type Ceilings = Readonly<Record<string, number>>;

function figuresOf({ findings }: Reported, prefix: string, ceilings: Ceilings): string[] {
  return findings.flatMap((finding) => [
    ...limitOf(finding, prefix, ceilings[finding.probe]),
    ...daysOf(finding, prefix),
  ]);
}

const units: Readonly<Record<string, Unit>> = { 'idle-timeout': 's', 'command-deadline': 's', 'message-size': 'B' };

function limitOf(finding: Finding, prefix: string, ceiling: number | undefined): string[] {
  const limit = measuredLimit(finding);
  if (limit === null) return [];
  const { probe } = finding;
  const warn = ceiling === undefined ? {} : { warn: String(ceiling) };
  return [item(`${prefix}${probe}`, limit, units[probe] ?? '', warn)];
}

/** `14:` alerts below 14: from then on the certificate is a finding on a submission port. */
function daysOf({ measured = {} }: Finding, prefix: string): string[] {
  const { daysLeft } = measured;
  return typeof daysLeft === 'number'
    ? [item(`${prefix}certificate-days`, daysLeft, '', { warn: '14:', crit: '0:', min: '' })]
    : [];
}
