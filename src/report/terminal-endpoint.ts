import type { Finding } from '../model/report.ts';
import type { Reported } from '../model/reported.ts';
import { isNotPermitted } from '../model/summary.ts';
import { endpointName } from './endpoint-name.ts';
import { aboutWords, byNeed, costWords, isUnanswered, sameReason, worstFirst } from './endpoint-words.ts';
import { gap, type Para } from './layout.ts';
import { brokenParas, failParas, passParas, untoldParas } from './terminal-finding.ts';

export interface EndpointDetail {
  /** Quotes say where in the transcript they stand. */
  readonly transcript: boolean;
  readonly verbose: boolean;
}

/** One endpoint: what it is, what was found worst first, what it cost. */
export function endpointParas(endpoint: Reported, { transcript, verbose }: EndpointDetail): Para[] {
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const said = { endpoint, numbered: transcript, verbose };
  const untold = of('inconclusive').filter((finding) => !isNotPermitted(finding));
  // The ending says it in one line.
  if (!verbose && isUnanswered(endpoint) && untold[0]?.doubt === 'unreachable') return [];
  return [
    { lead: [['strong', endpointName(endpoint.id)], gap], text: aboutWords(endpoint), hang: 2 },
    ...of('error').flatMap(brokenParas),
    ...worstFirst(of('fail')).flatMap((finding) => failParas(finding, said)),
    ...untoldOf(untold, endpoint, verbose).flatMap((findings) => untoldParas(findings, said)),
    ...(verbose || transcript
      ? of('pass').flatMap((finding) => passParas(finding, said))
      : folded('pass', '', of('pass'))),
    ...folded('n/a', 'not applicable: ', of('not-applicable')),
    ...needsMore(endpoint.findings.filter(isNotPermitted)),
    { indent: 2, lead: [['faint', 'cost     ']], text: costWords(endpoint), style: 'faint' },
  ];
}

type Untold = readonly [Finding, ...Finding[]];

/** Where nothing answers, that is one thing to say, and not one for each question. */
function untoldOf(untold: readonly Finding[], endpoint: Reported, verbose: boolean): Untold[] {
  const [first, ...others] = untold;
  if (first !== undefined && !verbose && isUnanswered(endpoint)) return [[first, ...others]];
  return sameReason(untold);
}

/** `needs --allow load: connection-rate, error-limit`: one line a class. */
function needsMore(barred: readonly Finding[]): Para[] {
  return byNeed(barred).flatMap(({ need, findings }) => folded('not run', `${need}: `, findings));
}

function folded(label: string, reason: string, findings: readonly Finding[]): Para[] {
  if (findings.length === 0) return [];
  const ids = findings.map((finding) => finding.probe).join(', ');
  return [{ indent: 2, lead: [['faint', label.padEnd(9)]], text: `${reason}${ids}`, style: 'faint' }];
}
