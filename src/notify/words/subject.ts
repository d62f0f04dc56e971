import { inWords } from '../../model/in-words.ts';
import { visible } from '../../model/visible.ts';
import type { AlertItem, AlertMessage } from '../../monitor/alerts/message.ts';
import { fitting } from './fitting.ts';
import { placeOf } from './place.ts';
import { standingOf } from './standing.ts';

const longest = 150;

/** One printable line that says it all on a phone: `CRITICAL mx1.example.com:25: anybody can send mail through it`. */
export function subjectOf({ kind, items, at }: AlertMessage): string {
  const [worst, ...others] = items;
  if (worst === undefined) return 'mxprobe';
  if (kind === 'test') return 'Test: mxprobe can reach you here';
  const counts = kind === 'digest' ? `${countsOf(items)}: ` : '';
  const { label, gist } = standingOf(worst, at);
  const more = others.length > 0 && kind !== 'digest' ? ` and ${others.length} more` : '';
  return fitting(visible(`${counts}${label} ${placeOf(worst.incident)}${more}: ${gist}`), longest);
}

const nouns: Readonly<Record<AlertItem['what'], string>> = {
  opened: 'new',
  worse: 'worse',
  flapping: 'flapping',
  settled: 'settled',
  closed: 'over',
  reminder: 'still open',
  escalated: 'unacknowledged',
  test: 'test',
};

/** `3 new, 1 worse and 2 over`. */
export const countsOf = (items: readonly AlertItem[]): string =>
  inWords(
    Object.entries(nouns).flatMap(([what, noun]) => {
      const count = items.filter((item) => item.what === what).length;
      return count === 0 ? [] : [`${count} ${noun}`];
    }),
  );
