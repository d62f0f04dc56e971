import { severities } from '../../model/judgement.ts';
import type { Finding } from '../../model/report.ts';
import { isNotPermitted } from '../../model/summary.ts';
import type { ChangeKind } from './diff.ts';

/** What a kind rests on. */
export type Judged = Pick<Finding, 'verdict' | 'severity' | 'doubt' | 'waived'>;

/**
 * What it is called when one answer to a question has come of another; null where there is nothing to tell. `differs`:
 * the figures of the two are not the same. Undefined where the question was not put.
 */
export function changeKind(then: Judged | undefined, now: Judged | undefined, differs: boolean): ChangeKind | null {
  const [was, is] = [stateOf(then), stateOf(now)];
  if (was !== is) return turned[is][was] ?? null;
  const heavier = is === 'fail' ? weightOf(now) - weightOf(then) : 0;
  if (heavier > 0) return 'worse';
  return heavier < 0 || (differs && is !== 'untold') ? 'changed' : null;
}

type State = 'fail' | 'waived' | 'pass' | 'untold' | 'not-applicable' | 'not-asked';

function stateOf(finding: Judged | undefined): State {
  if (finding === undefined || isNotPermitted(finding)) return 'not-asked';
  switch (finding.verdict) {
    case 'fail':
      return finding.waived === undefined ? 'fail' : 'waived';
    case 'inconclusive':
    case 'error':
      return 'untold';
    default:
      return finding.verdict;
  }
}

/** What it is called when a state has come of another: `turned[now][before]`. */
const turned: Readonly<Record<State, Readonly<Partial<Record<State, ChangeKind>>>>> = {
  fail: { waived: 'new', pass: 'new', untold: 'new', 'not-applicable': 'new', 'not-asked': 'new' },
  waived: { fail: 'waived', pass: 'waived', untold: 'waived', 'not-applicable': 'waived', 'not-asked': 'waived' },
  pass: { fail: 'gone', waived: 'gone', untold: 'told' },
  untold: { fail: 'newly-untold', waived: 'newly-untold', pass: 'newly-untold' },
  'not-applicable': { fail: 'gone', waived: 'gone' },
  'not-asked': { fail: 'not-asked', waived: 'not-asked' },
};

const weightOf = (finding: Judged | undefined): number =>
  finding === undefined ? -1 : severities.indexOf(finding.severity);
