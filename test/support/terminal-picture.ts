/** What a cell of the terminal looks like. Colours are those of the picture; null is the terminal's own. */
interface Style {
  readonly bold: boolean;
  readonly dim: boolean;
  readonly text: string | null;
  readonly ground: string | null;
}

const plain: Style = { bold: false, dim: false, text: null, ground: null };

/** The codes of ECMA-48 §8.3.117 (SGR) that our reports use, and what each changes. */
const codes: Readonly<Record<string, Partial<Style>>> = {
  '0': plain,
  '1': { bold: true },
  '2': { dim: true },
  '31': { text: '#ff7b72' },
  '33': { text: '#e3b341' },
  '36': { text: '#56d4dd' },
  '41': { ground: '#c93c37' },
  '97': { text: '#ffffff' },
};

/** Units of the picture, at a font size of 14. */
const cell = { width: 8.4, height: 19 };
const margin = 14;

/**
 * An SVG of text as a terminal of so many columns shows it. Longer lines go on in the next, as they do there. Throws
 * where the text has a code that is not in the table.
 */
export function terminalPicture(text: string, title: string, columns: number): string {
  const rows = text.split('\n').flatMap((line) => wrapped(cellsOf(line), columns));
  const width = Math.ceil(columns * cell.width + 2 * margin);
  const height = rows.length * cell.height + 2 * margin;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" xml:space="preserve">`,
    `<title>${escaped(title)}</title>`,
    '<style>text { font: 14px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d1d7e0 }</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#151b23"/>`,
    ...rows.flatMap((row, y) => runsOf(row).map((run) => drawn(run, y))).filter((part) => part !== ''),
    '</svg>\n',
  ].join('\n');
}

interface Cell {
  readonly char: string;
  readonly style: Style;
}

function cellsOf(line: string): Cell[] {
  let style = plain;
  return line.split(/(\x1b\[[\d;]*m)/).flatMap((part, at) => {
    if (at % 2 === 0) return [...part].map((char) => ({ char, style }));
    for (const code of part.slice(2, -1).split(';')) {
      const change = codes[code];
      if (change === undefined) throw new Error(`no look for the code ${code} of a terminal`);
      style = { ...style, ...change };
    }
    return [];
  });
}

function wrapped(cells: readonly Cell[], columns: number): Cell[][] {
  const count = Math.max(1, Math.ceil(cells.length / columns));
  return Array.from({ length: count }, (_, nth) => cells.slice(nth * columns, (nth + 1) * columns));
}

interface Run {
  readonly x: number;
  readonly text: string;
  readonly style: Style;
}

/** Neighbours that look alike, drawn in one go. */
function runsOf(row: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  row.forEach(({ char, style }, x) => {
    const last = runs.at(-1);
    if (last?.style === style) runs[runs.length - 1] = { ...last, text: last.text + char };
    else runs.push({ x, text: char, style });
  });
  return runs;
}

/** `textLength` keeps the columns, whatever font the reader has. */
function drawn({ x, text, style }: Run, y: number): string {
  const left = (column: number) => (margin + column * cell.width).toFixed(1);
  const ground =
    style.ground === null
      ? ''
      : `<rect x="${left(x)}" y="${margin + y * cell.height}" width="${(text.length * cell.width).toFixed(1)}" height="${cell.height}" fill="${style.ground}"/>`;
  const words = text.trim();
  if (words === '') return ground;
  const look = [
    ...(style.bold ? ['font-weight:bold'] : []),
    ...(style.dim ? ['opacity:.65'] : []),
    ...(style.text === null ? [] : [`fill:${style.text}`]),
  ].join(';');
  const place = [
    `x="${left(x + text.length - text.trimStart().length)}"`,
    `y="${margin + y * cell.height + 14}"`,
    `textLength="${(words.length * cell.width).toFixed(1)}"`,
  ];
  return `${ground}<text ${place.join(' ')}${look === '' ? '' : ` style="${look}"`}>${escaped(words)}</text>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
