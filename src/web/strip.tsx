import { answerWords, timeWords } from '../monitor/words/common.ts';
import type { Stretch } from './timeline.ts';

/** Answers are told apart by height, too: what fails fills the row, what passes is a line at its foot. */
const heights: Readonly<Record<string, number>> = { pass: 4, aside: 1.5, untold: 8, waived: 8, note: 10, warning: 12 };
const height = 16;

interface Shown {
  readonly stretches: readonly Pick<Stretch, 'from' | 'to' | 'kind'>[];
  readonly columns: number;
  readonly days: readonly number[];
  /** What the picture says, in words. */
  readonly label: string;
}

/** A row of the timeline: as wide as its place, each run the same width. */
export const Strip = ({ stretches, columns, days, label }: Shown) => (
  <svg class="strip" viewBox={`0 0 ${Math.max(1, columns)} ${height}`} preserveAspectRatio="none" role="img">
    <title>{label}</title>
    {days.length <= mostDays && <path class="days" d={days.map((column) => `M${column} 0V${height}`).join('')} />}
    {stretches.map(({ from, to, kind }) => {
      const tall = heights[kind] ?? height;
      return <rect class={kind} x={from} y={height - tall} width={to - from} height={tall} />;
    })}
  </svg>
);

const mostDays = 100;
const mostSaid = 6;

/** `pass since 2026-01-31 07:05Z; before: failure [high] from 2026-01-30 07:05Z`. */
export function stretchWords(stretches: readonly Stretch[]): string {
  const said = stretches.map(({ span }) => `${answerWords(span)} from ${timeWords(span.firstAt)}`).toReversed();
  const more = said.length > mostSaid ? [`and ${said.length - mostSaid} answers before`] : [];
  return [...said.slice(0, mostSaid), ...more].join('; before: ');
}
