import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import { isUntold } from '../../model/summary.ts';
import { isUnanswered } from '../endpoint-words.ts';
import { figures } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { markWords } from '../mark-words.ts';

export const untoldOf = ({ findings }: Pick<Reported, 'findings'>): readonly Finding[] => findings.filter(isUntold);

/**
 * What could not be told, by the trouble that left it open: the same trouble with the same figures is told once, and of
 * an endpoint where nobody answers there is one trouble alone.
 */
export function troublesOf(endpoint: Pick<Reported, 'findings'>): [Finding, ...Finding[]][] {
  const isOne = isUnanswered(endpoint);
  return grouped(untoldOf(endpoint), (finding) =>
    isOne
      ? ''
      : [finding.doubt, finding.because, ...markWords(finding), ...figures(finding.measured ?? {}, 20)].join('\n'),
  );
}
