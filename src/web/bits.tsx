import type { Standing } from '../monitor/status.ts';
import { durationWords, isoTime, timeWords } from '../monitor/words/common.ts';

/** How a monitor stands: a word, a sign and a colour, so that no two rest on colour alone. */
export const standings: Readonly<
  Record<Standing, { readonly word: string; readonly sign: string; readonly kind: string }>
> = {
  FAIL: { word: 'fails', sign: '✗', kind: 'fails' },
  unsure: { word: 'unsure', sign: '?', kind: 'unsure' },
  stale: { word: 'stale', sign: '…', kind: 'stale' },
  ok: { word: 'ok', sign: '✓', kind: 'ok' },
  paused: { word: 'paused', sign: '‖', kind: 'paused' },
};

export const State = ({ standing }: { readonly standing: Standing }) => {
  const { word, sign, kind } = standings[standing];
  return (
    <b class={`state ${kind}`}>
      <span aria-hidden="true">{sign}</span> {word}
    </b>
  );
};

/** `2026-01-31 07:05Z`. */
export const Time = ({ at }: { readonly at: number }) => <time dateTime={isoTime(at) ?? ''}>{timeWords(at)}</time>;

/** `3 hours ago`, and when that was. */
export const Ago = ({ at, now }: { readonly at: number; readonly now: number }) => (
  <>
    {durationWords(Math.max(0, now - at))} ago{' '}
    <small>
      <Time at={at} />
    </small>
  </>
);

/** `3 hours`, and since when that is. */
export const Since = ({ at, now }: { readonly at: number; readonly now: number }) => (
  <>
    {durationWords(Math.max(0, now - at))}{' '}
    <small>
      <Time at={at} />
    </small>
  </>
);

export const monitorLink = (name: string): string => `/m/${encodeURIComponent(name)}`;

/** A table that is shown as cards on a phone is none for browsers any more, unless it says so. */
export const roles = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  rowheader: { role: 'rowheader' },
  columnheader: { role: 'columnheader' },
  cell: { role: 'cell' },
} as const;
