import type { Report } from '../../model/report.ts';
import { reportedIn } from '../../model/reported.ts';
import { isUntold } from '../../model/summary.ts';
import { visible } from '../../model/visible.ts';
import { kindWords } from '../../report/diff/change-words.ts';
import { countsByWeight, findingsOf, weightCounts } from '../../report/weights.ts';
import type { Ended } from '../watch.ts';
import { placeWords, shortId, timeWords } from './common.ts';

const mostChanges = 5;

/** How a run ended, in one line. */
export function endedLine({ run, state, report, changes, because }: Ended, at: number): string {
  const shown = changes
    .slice(0, mostChanges)
    .map((change) => `${kindWords[change.kind]} ${change.probe} at ${placeWords(change)}`);
  const said =
    report === null
      ? [state === 'queued' ? `to be tried again, for ${because}` : `${state}: ${because}`]
      : [countWords(report)];
  const more = changes.length > mostChanges ? [`${changes.length - mostChanges} more changes`] : [];
  const cut = report?.stopped === true ? ['ended before its end'] : [];
  return visible(
    `${timeWords(at)} ${run.monitor} ${run.schedule}, run ${shortId(run.id)}: ${[...said, ...cut, ...shown, ...more].join('; ')}`,
  );
}

/** What was not permitted was not asked, and is not untold. */
function countWords(report: Report): string {
  const { counts, exitCode } = report.summary;
  const untold = reportedIn(report).flatMap(({ findings }) => findings.filter(isUntold)).length;
  const weighed = weightCounts(countsByWeight(findingsOf(reportedIn(report))));
  return [...weighed, `${untold} untold`, `${counts.pass} passed`, `exit ${exitCode}`].join(', ');
}
