import { kindStyles, kindWords } from '../../report/diff/change-words.ts';
import type { Document } from '../../report/documents.ts';
import { gap, layOut, type Para } from '../../report/layout.ts';
import type { Span } from '../span.ts';
import type { StoredChange } from '../store.ts';
import { answerWords, isoTime, placeWords, shortId, timeWords } from './common.ts';
import { spanJson } from './status.ts';

export const changesDocument: Document<readonly StoredChange[]> = {
  terminal: async (changes, page) => [
    layOut(changes.length === 0 ? [{ text: 'no changes' }] : changes.flatMap(changeParas), page),
  ],
  json: async (changes) => [
    `${JSON.stringify({ schema: 1, kind: 'monitor-changes', changes: changes.map(changeJson) }, null, 2)}\n`,
  ],
};

/** A change for machines. */
export function changeJson({ at, before, after, ...change }: StoredChange): object {
  const side = (span: Span | null) => (span === null ? null : spanJson(span));
  return { ...change, at: isoTime(at), before: side(before), after: side(after) };
}

function changeParas(change: StoredChange): Para[] {
  const { kind, at, run, monitor, probe, before, after } = change;
  return [
    {
      lead: [['plain', timeWords(at)], gap, [kindStyles[kind], kindWords[kind].padEnd(9)], ['strong', probe], gap],
      text: `${monitor}, ${placeWords(change)}, run ${shortId(run)}: ${answerWords(before)}; now ${answerWords(after)}`,
      hang: 19,
    },
    ...quotePara('was', before),
    ...quotePara('now', after),
  ];
}

const quotePara = (name: string, span: Span | null): Para[] =>
  span?.quote == null ? [] : [{ indent: 19, lead: [['faint', name], gap], text: span.quote }];
