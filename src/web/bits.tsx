import type { Standing } from '../monitor/status.ts';
import { durationWords, isoTime, timeWords } from '../monitor/words/common.ts';

/** How a monitor stands: a word, a sign and a colour, so that no two rest on colour alone. */
export const standings: Readonly<
  Record<Standing, { readonly word: string; readonly kind: string; readonly sign: string }>
> = {
  FAIL: { word: 'fails', sign: 'M3 3l6 6M9 3l-6 6', kind: 'fails' },
  unsure: { word: 'unsure', sign: 'M4 4.3a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3M6 9.6v.3', kind: 'unsure' },
  stale: { word: 'stale', sign: 'M6 1.8a4.2 4.2 0 1 0 .01 0M6 3.8v2.4l1.7 1', kind: 'stale' },
  ok: { word: 'ok', sign: 'M2 6.5l3 3 5-7', kind: 'ok' },
  paused: { word: 'paused', sign: 'M4 2.5v7M8 2.5v7', kind: 'paused' },
};

export const State = ({ standing }: { readonly standing: Standing }) => {
  const { word, sign, kind } = standings[standing];
  return (
    <b class={`state ${kind}`}>
      <svg class="sign" viewBox="0 0 12 12" aria-hidden="true">
        <path d={sign} />
      </svg>{' '}
      {word}
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
