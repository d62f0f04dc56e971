import type { Mark, Series } from './limit-series.ts';
import { countedBy } from './limit-words.ts';

const page = { width: 340, height: 176, left: 40, right: 12, top: 16, bottom: 30 } as const;

/**
 * Events over time: a dot for each that was taken, a cross for each that was refused, a broken line for the limit, a
 * field for each pause.
 */
export function LimitPicture({
  probe,
  series,
  name,
}: {
  readonly probe: string;
  readonly series: Series;
  readonly name: string;
}) {
  const { marks, limit, slowAfter } = series;
  const most = marks.reduce((highest, { level }) => Math.max(highest, level), 0);
  const top = Math.max(most, limit ?? 0) * 1.08;
  const x = (at: number) => round(page.left + (at / (series.seconds || 1)) * (page.width - page.left - page.right));
  const y = (level: number) =>
    round(page.height - page.bottom - (level / top) * (page.height - page.top - page.bottom));
  const place = ({ at, level }: Mark) => `${x(at)} ${y(level)}`;
  const taken = marks.filter(({ isRefused }) => !isRefused);
  const refused = marks.filter(({ isRefused }) => isRefused);
  return (
    <svg viewBox={`0 0 ${page.width} ${page.height}`} role="img" aria-labelledby={`${name}-t ${name}-d`}>
      <title id={`${name}-t`}>{`${probe}: ${countedBy(probe)} over time`}</title>
      <desc id={`${name}-d`}>{inWords(probe, series)}</desc>
      {series.waits.map(({ from, to }) => (
        <Pause from={x(from)} to={x(to)} seconds={to - from} />
      ))}
      <path class="axis" d={`M${page.left} ${page.top}V${y(0)}H${page.width - page.right}`} />
      {ticks(series.seconds).map((at) => (
        <g>
          <path class="axis" d={`M${x(at)} ${y(0)}v4`} />
          <text class="tick" x={x(at)} y={y(0) + 15} text-anchor="middle">
            {secondsWords(at)}
          </text>
        </g>
      ))}
      <text class="tick" x={page.left - 8} y={y(0) + 3} text-anchor="end">
        0
      </text>
      {limit === null ? (
        <text class="tick" x={page.left - 8} y={y(most) + 3} text-anchor="end">
          {most}
        </text>
      ) : (
        <Level className="limit" at={y(limit)} label={`${limit}`} />
      )}
      {slowAfter !== null && <Level className="slow" at={y(slowAfter)} label={`${slowAfter}`} />}
      <path
        class="way"
        d={runs(marks)
          .map((run) => `M${run.map(place).join('L')}`)
          .join('')}
      />
      <path
        class="taken"
        d={distinct(taken.map(place))
          .map((at) => `M${at}h0`)
          .join('')}
      />
      <path
        class="refused"
        d={distinct(refused.map(place))
          .map((at) => `M${at}m-4-4l8 8m0-8l-8 8`)
          .join('')}
      />
    </svg>
  );
}

/** A pause with its length, as far as there is room to write it. */
function Pause({ from, to, seconds }: { readonly from: number; readonly to: number; readonly seconds: number }) {
  const [bottom, width] = [page.height - page.bottom, round(to - from)];
  const words = [`waited ${secondsWords(seconds)}`, secondsWords(seconds), ''].find((text) => text.length * 6 < width);
  return (
    <g class="wait">
      <rect x={from} y={page.top} width={width} height={bottom - page.top} />
      <text class="tick" x={round((from + to) / 2)} y={bottom - 6} text-anchor="middle">
        {words}
      </text>
    </g>
  );
}

function Level({ className, at, label }: { readonly className: string; readonly at: number; readonly label: string }) {
  return (
    <g>
      <path class={className} d={`M${page.left} ${at}H${page.width - page.right}`} />
      <text class={`tick ${className}-label`} x={page.left - 8} y={at + 3} text-anchor="end">
        {label}
      </text>
    </g>
  );
}

/** What the picture shows, for who does not see it. */
export function inWords(probe: string, { marks, waits, limit, slowAfter, refusal }: Series): string {
  const refused = marks.find(({ isRefused }) => isRefused);
  const began = marks[0]?.at ?? 0;
  const since = (mark: Mark | undefined) => secondsWords((mark?.at ?? began) - began);
  return [
    `${marks.length} ${countedBy(probe)} in ${since(marks.at(-1))}`,
    refused === undefined
      ? 'none was refused'
      : `number ${refused.level} was refused after ${since(refused)}${refusal === null ? '' : ` with ${refusal}`}`,
    ...(waits.length === 0 ? [] : [`waits of ${waits.map(({ from, to }) => secondsWords(to - from)).join(', ')}`]),
    ...(limit === null ? [] : [`the limit is ${limit}`]),
    ...(slowAfter === null ? [] : [`answers slow down after ${slowAfter}`]),
  ].join('; ');
}

/** Taken one after the other, without a refusal between them. */
function runs(marks: readonly Mark[]): Mark[][] {
  const all: Mark[][] = [];
  for (const [index, mark] of marks.entries()) {
    if (mark.isRefused) continue;
    const before = marks[index - 1];
    if (before === undefined || before.isRefused || before.level > mark.level) all.push([]);
    all.at(-1)?.push(mark);
  }
  return all.filter(({ length }) => length > 1);
}

/** Three to six round numbers of seconds. */
function ticks(seconds: number): number[] {
  if (seconds <= 0) return [0];
  const rough = seconds / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough;
  return Array.from({ length: Math.floor(seconds / step + 1e-9) + 1 }, (_, index) => index * step);
}

function secondsWords(seconds: number): string {
  if (seconds === 0) return '0';
  return seconds < 1 ? `${Number((seconds * 1000).toPrecision(3))} ms` : `${Number(seconds.toPrecision(3))} s`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
const distinct = (places: readonly string[]): string[] => [...new Set(places)];
