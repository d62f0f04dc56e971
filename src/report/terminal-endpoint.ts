import type { EndpointReport, Finding } from '../model/report.ts';
import { isNotPermitted } from '../model/summary.ts';
import { aboutWords, byNeed, sameReason, worstFirst } from './endpoint-words.ts';
import { costLine } from './figures.ts';
import { gap, type Para } from './layout.ts';
import { brokenParas, failParas, passParas, untoldParas } from './terminal-finding.ts';

/** One endpoint: what it is, what was found worst first, what it cost. */
export function endpointParas(endpoint: EndpointReport, options: { readonly transcript: boolean }): Para[] {
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const said = { endpoint, numbered: options.transcript };
  const untold = of('inconclusive').filter((finding) => !isNotPermitted(finding));
  return [
    { lead: [['strong', endpoint.id], gap], text: aboutWords(endpoint), hang: 2 },
    ...of('error').flatMap(brokenParas),
    ...worstFirst(of('fail')).flatMap((finding) => failParas(finding, said)),
    ...sameReason(untold).flatMap((findings) => untoldParas(findings, said)),
    ...of('pass').flatMap((finding) => passParas(finding, said)),
    ...folded('n/a', 'not applicable', of('not-applicable')),
    ...needsMore(endpoint.findings.filter(isNotPermitted)),
    { indent: 2, lead: [['faint', 'cost     ']], text: costLine(endpoint.cost), style: 'faint' },
  ];
}

/** `needs --allow load: connection-rate, error-limit`: one line a class. */
function needsMore(barred: readonly Finding[]): Para[] {
  return byNeed(barred).flatMap(({ need, findings }) => folded('not run', need, findings));
}

function folded(label: string, reason: string, findings: readonly Finding[]): Para[] {
  if (findings.length === 0) return [];
  const ids = findings.map((finding) => finding.probe).join(', ');
  return [{ indent: 2, lead: [['faint', label.padEnd(9)]], text: `${reason}: ${ids}`, style: 'faint' }];
}
