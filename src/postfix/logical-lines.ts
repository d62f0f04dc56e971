/** A logical line of main.cf or master.cf: its first physical line, and those that continue it, without line ends. */
export interface LogicalLine {
  readonly text: string;
  /** Where it begins in the file, counted from 1. */
  readonly line: number;
  /** The physical line on which the character at `offset` of `text` stands. */
  lineAt(offset: number): number;
}

interface Piece {
  readonly from: number;
  readonly line: number;
}

/**
 * The logical lines of a file (postconf(5), "GENERAL FORMAT"): a line that begins with white space continues the one
 * above, and keeps that white space; empty lines and lines whose first character is `#` do not count, not even between
 * a line and its continuation. A continuation of nothing, at the start of a file, is passed over as Postfix does it:
 * `astray` names its line. A byte order mark is a part of the first line, as it is to Postfix.
 */
export function logicalLines(source: string): {
  readonly lines: readonly LogicalLine[];
  readonly astray: number | null;
} {
  const lines: { text: string; line: number; pieces: Piece[] }[] = [];
  let astray: number | null = null;
  for (const [index, physical] of source.split(/\r?\n/).entries()) {
    if (/^[ \t-\r]*(#|$)/.test(physical)) continue;
    const line = index + 1;
    const last = lines.at(-1);
    if (!/^[ \t-\r]/.test(physical)) {
      lines.push({ text: physical, line, pieces: [{ from: 0, line }] });
    } else if (last === undefined) {
      astray ??= line;
    } else {
      last.pieces.push({ from: last.text.length, line });
      last.text += physical;
    }
  }
  return { lines: lines.map(({ text, line, pieces }) => ({ text, line, lineAt: within(pieces, line) })), astray };
}

/** The line of the last piece that begins at or before an offset; a line may go on for a hundred thousand others. */
const within = (pieces: readonly Piece[], first: number) => (offset: number) => {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.from ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1]?.line ?? first;
};

/** `name = value`, white space around either being no part of it; null where there is no name or no `=` after it. */
export function nameAndValue(text: string): { readonly name: string; readonly value: string } | null {
  const equals = text.indexOf('=');
  if (equals < 0) return null;
  const name = trimmed(text.slice(0, equals));
  return name === '' || /[ \t-\r]/.test(name) ? null : { name, value: trimmed(text.slice(equals + 1)) };
}

/** Only these are white space to Postfix: a no-break space is part of a value. */
const isSpace = (char: string) => char === ' ' || (char >= '\t' && char <= '\r');

function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && isSpace(text.charAt(from))) from += 1;
  while (to > from && isSpace(text.charAt(to - 1))) to -= 1;
  return text.slice(from, to);
}
