import type { Severity } from '../model/judgement.ts';
import type { Finding } from '../model/report.ts';
import { isAtLeast, isNotPermitted } from '../model/summary.ts';

/**
 * What a finding comes to for whoever goes by the exit code: `broken` makes it 3, `counts` 1, `untold` 2. `below` is a fail under
 * `failOn`; `barred` was not asked, as its class was not allowed.
 */
export type Standing = 'broken' | 'counts' | 'below' | 'untold' | 'barred' | 'right' | 'not-applicable';

export function standingOf(finding: Finding, failOn: Severity): Standing {
  switch (finding.verdict) {
    case 'error':
      return 'broken';
    case 'fail':
      return isAtLeast(finding.severity, failOn) ? 'counts' : 'below';
    case 'inconclusive':
      return isNotPermitted(finding) ? 'barred' : 'untold';
    case 'pass':
      return 'right';
    case 'not-applicable':
      return 'not-applicable';
  }
}
