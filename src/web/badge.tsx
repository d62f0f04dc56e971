import type { Standing } from '../monitor/status.ts';
import { render } from '../report/html/render.ts';
import { standings } from './bits.tsx';

/** Each at 4.5 to 1 at least below white. */
const colours: Readonly<Record<Standing, string>> = {
  FAIL: '#a1201a',
  unsure: '#7a5300',
  stale: '#645f57',
  ok: '#1f6437',
  paused: '#3f4f63',
};

/** Widths are those of an 11 px sans-serif, about: `textLength` makes the text fit. */
const widthOf = (text: string): number => Math.round([...text].length * 6.6) + 14;

/** The name of a monitor and its state, 20 px high. */
export function badge(name: string, standing: Standing): string {
  const { word } = standings[standing];
  const [left, right] = [widthOf(name), widthOf(word)];
  const text = (x: number, width: number, what: string) => (
    <text x={x + width / 2} y={14} text-anchor="middle" textLength={width - 14} lengthAdjust="spacingAndGlyphs">
      {what}
    </text>
  );
  return render(
    <svg xmlns="http://www.w3.org/2000/svg" width={left + right} height={20} role="img" aria-label={`${name}: ${word}`}>
      <title>{`${name}: ${word}`}</title>
      <rect width={left + right} height={20} rx={3} fill="#3a3732" />
      <rect x={left} width={right} height={20} rx={3} fill={colours[standing]} />
      <g fill="#fff" font-family="Verdana, 'DejaVu Sans', sans-serif" font-size={11}>
        {text(0, left, name)}
        {text(left, right, word)}
      </g>
    </svg>,
  );
}
