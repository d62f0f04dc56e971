import type { Finding, Report } from '../model/report.ts';
import { reportedIn } from '../model/reported.ts';
import { endpointName } from './endpoint-name.ts';

/** What the policy says of a finding as such, a sentence each. */
export function markWords({ waived, waiverOver, mustTell }: Finding): string[] {
  return [
    ...(waived === undefined ? [] : [`Waived until ${waived.until}: ${waived.reason}`]),
    ...(waiverOver === undefined ? [] : [`Waiver of ${waiverOver.until} is over: ${waiverOver.reason}`]),
    ...(mustTell === undefined || waived !== undefined ? [] : ['The policy wants this told.']),
  ];
}

/** What the policy demands to be told, and was not; and waivers that have ended. A sentence each. */
export function policyWarnings(report: Report): string[] {
  const { policy } = report;
  return reportedIn(report).flatMap(({ id, findings }) => {
    const untold = findings.filter(({ mustTell, waived }) => mustTell === true && waived === undefined);
    const probes = untold.map(({ probe }) => probe).join(', ');
    const over = findings.flatMap(({ probe, waiverOver }) =>
      waiverOver === undefined
        ? []
        : [`${endpointName(id)}: the waiver of ${probe} ended on ${waiverOver.until}: it counts again`],
    );
    const wants = `${endpointName(id)}: the policy ${policy?.name ?? ''} wants ${probes} told, and it could not be: that counts as a finding`;
    return untold.length === 0 ? over : [wants, ...over];
  });
}
