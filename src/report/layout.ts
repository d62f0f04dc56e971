import { visible } from '../model/visible.ts';

export type Style = 'plain' | 'strong' | 'faint' | 'good' | 'worst' | 'bad' | 'warn' | 'note' | 'doubtful';
export type Span = readonly [Style, string];

/** A paragraph: a short lead that is never broken, then text that is wrapped. Neither need be printable. */
export interface Para {
  readonly indent?: number;
  readonly lead?: readonly Span[];
  readonly text?: string;
  readonly style?: Style;
  /**
   * Columns that the second line and those after it stand in from the first; by default the text stays below itself.
   */
  readonly hang?: number;
  /** `no`: lines to paste, which a line break would spoil. `cut`: one line at most. */
  readonly wrap?: 'no' | 'cut';
}

export interface Page {
  readonly width: number;
  readonly color: boolean;
}

export const blank: Para = {};
export const gap: Span = ['plain', '  '];

/**
 * Paragraphs to text, one line end after each line. Everything shown goes through `visible()` here, and nowhere else.
 */
export function layOut(paras: readonly Para[], page: Page): string {
  return paras.map((para) => `${linesOf(para, page).join('\n')}\n`).join('');
}

function linesOf(para: Para, page: Page): string[] {
  const indent = ' '.repeat(para.indent ?? 0);
  const lead = (para.lead ?? []).map(([style, text]): Span => [style, visible(text)]);
  const text = visible(para.text ?? '');
  const start = indent + lead.map((span) => paint(span, page.color)).join('');
  const taken = indent.length + columns(lead.map(([, words]) => words).join(''));
  const body = (lines: string[]) => lines.map((line) => paint([para.style ?? 'plain', line], page.color));
  if (taken + narrowest > page.width && taken > indent.length) {
    const deeper = indent.length + Math.min(para.hang ?? 4, 12);
    const below = body(pieces(text, para.wrap, page.width - deeper, page.width - deeper));
    return trimmed([start, ...below.map((line) => ' '.repeat(deeper) + line)]);
  }
  const hang = para.hang === undefined ? taken : indent.length + para.hang;
  const [first = '', ...rest] = body(pieces(text, para.wrap, page.width - taken, page.width - hang));
  return trimmed([start + first, ...rest.map((line) => ' '.repeat(hang) + line)]);
}

const trimmed = (lines: readonly string[]): string[] => lines.map((line) => line.trimEnd());

function pieces(text: string, how: Para['wrap'], first: number, later: number): string[] {
  if (how === 'no') return [text];
  if (how === 'cut') return [columns(text) <= first ? text : `${take(text, Math.max(first, narrowest) - 3)[0]}...`];
  return wrap(text, first, later);
}

/** A column so narrow that wrapping to it would help nobody. */
const narrowest = 16;

function wrap(text: string, first: number, later: number): string[] {
  const lines: string[] = [];
  let line = '';
  const room = () => Math.max(lines.length === 0 ? first : later, narrowest);
  for (let word of text.split(' ')) {
    if (line !== '' && columns(line) + 1 + columns(word) > room()) {
      lines.push(line);
      line = '';
    }
    while (columns(word) > room()) {
      const [head, tail] = take(word, room());
      lines.push(head);
      word = tail;
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Splits where the given number of columns is full. */
function take(text: string, room: number): [string, string] {
  let head = '';
  let used = 0;
  for (const char of text) {
    used += columns(char);
    if (used > room) break;
    head += char;
  }
  return [head, text.slice(head.length)];
}

const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

function columns(text: string): number {
  let sum = 0;
  for (const char of text) sum += char > '\u10ff' && wide.test(char) ? 2 : 1;
  return sum;
}

const codes: Record<Style, string> = {
  plain: '',
  strong: '1',
  faint: '2',
  good: '32',
  worst: '1;97;41',
  bad: '1;31',
  warn: '33',
  note: '36',
  doubtful: '35',
};

function paint([style, text]: Span, color: boolean): string {
  return color && style !== 'plain' && text !== '' ? `\x1b[${codes[style]}m${text}\x1b[0m` : text;
}
