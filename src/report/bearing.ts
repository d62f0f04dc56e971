import type { Severity } from '../model/judgement.ts';
import type { Finding } from '../model/report.ts';
import { isAtLeast, isNotPermitted } from '../model/summary.ts';

/**
 * What a finding comes to for whoever goes by the exit code: `broken` makes it 3, `counts` 1 (a fail, or a doubt where
 * the policy wants none), `untold` 2. `below` is a fail under `failOn`; `waived` is let pass by the policy; `barred`
 * was not asked, as its class was not allowed.
 */
export type Bearing = 'broken' | 'counts' | 'below' | 'untold' | 'waived' | 'barred' | 'right' | 'not-applicable';

export function bearingOf(finding: Finding, failOn: Severity): Bearing {
  switch (finding.verdict) {
    case 'error':
      return 'broken';
    case 'fail':
      if (finding.waived !== undefined) return 'waived';
      return isAtLeast(finding.severity, failOn) ? 'counts' : 'below';
    case 'inconclusive':
      if (finding.waived !== undefined) return 'waived';
      if (finding.mustTell === true) return 'counts';
      return isNotPermitted(finding) ? 'barred' : 'untold';
    case 'pass':
      return 'right';
    case 'not-applicable':
      return 'not-applicable';
  }
}
