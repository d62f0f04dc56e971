import type { Role, TlsMode } from '../model/endpoint.ts';
import { severities } from '../model/judgement.ts';
import type { EndpointReport, Finding, MtaGuess } from '../model/report.ts';
import { isNotPermitted } from '../model/summary.ts';
import { costLine } from './figures.ts';
import { grouped } from './grouped.ts';
import { gap, type Para } from './layout.ts';
import { brokenParas, failParas, passParas, untoldParas } from './terminal-finding.ts';

/** One endpoint: what it is, what was found worst first, what it cost. */
export function endpointParas(endpoint: EndpointReport, options: { readonly transcript: boolean }): Para[] {
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const said = { endpoint, numbered: options.transcript };
  const untold = of('inconclusive').filter((finding) => !isNotPermitted(finding));
  return [
    { lead: [['strong', endpoint.id], gap], text: about(endpoint), hang: 2 },
    ...of('error').flatMap(brokenParas),
    ...worstFirst(of('fail')).flatMap((finding) => failParas(finding, said)),
    ...sameReason(untold).flatMap((findings) => untoldParas(findings, said)),
    ...of('pass').flatMap((finding) => passParas(finding, said)),
    ...folded('n/a', 'not applicable', of('not-applicable')),
    ...needsMore(endpoint.findings.filter(isNotPermitted)),
    { indent: 2, lead: [['faint', 'cost     ']], text: costLine(endpoint.cost), style: 'faint' },
  ];
}

const roles: Record<Role, string> = {
  mx: 'takes mail from other servers',
  submission: 'takes mail from its users',
  submissions: 'takes mail from its users',
};
const modes: Record<TlsMode, string> = { starttls: 'begins in clear', implicit: 'TLS from the first byte' };

function about({ role, tls, mta }: EndpointReport): string {
  return `${role} (${roles[role]}, ${modes[tls]}) | ${software(mta)}`;
}

function software({ name, version, by }: MtaGuess): string {
  if (name === null) return 'software not recognised';
  return [name, ...(version === null ? [] : [version]), ...(by === null ? [] : [`(told by ${by})`])].join(' ');
}

function worstFirst(fails: readonly Finding[]): Finding[] {
  return fails.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}

/** Questions that one and the same trouble left open: it is told once. */
function sameReason(untold: readonly Finding[]): [Finding, ...Finding[]][] {
  return grouped(untold, ({ doubt, because, measured = null }) => JSON.stringify([doubt, because, measured]));
}

/** `needs --allow load: connection-rate, error-limit`: one line a class. */
function needsMore(barred: readonly Finding[]): Para[] {
  const need = ({ because }: Finding) => {
    const option = /--allow (?:intrusive|load|active)/.exec(because)?.[0];
    return option === undefined ? because : `needs ${option}`;
  };
  return grouped(barred, need).flatMap((findings) => folded('not run', need(findings[0]), findings));
}

function folded(label: string, reason: string, findings: readonly Finding[]): Para[] {
  if (findings.length === 0) return [];
  const ids = findings.map((finding) => finding.probe).join(', ');
  return [{ indent: 2, lead: [['faint', label.padEnd(9)]], text: `${reason}: ${ids}`, style: 'faint' }];
}
