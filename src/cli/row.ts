import type { Command } from './command.ts';

/** A command in the list of them. */
export interface Row {
  readonly name: string;
  readonly words: string;
  readonly about: string;
  /** Loaded only when it is the one that runs. */
  load(): Promise<{ readonly command: Command }>;
  /** Commands of a second word. What `load` gives then is their list. */
  readonly rows?: readonly Row[];
}

/** Each command as it is typed, those of a second word in the place of the first. */
export const whole = (rows: readonly Row[]): Row[] =>
  rows.flatMap((row) =>
    row.rows === undefined ? [row] : row.rows.map((inner) => ({ ...inner, name: `${row.name} ${inner.name}` })),
  );

/** The command that the first words of a line name, and the words behind it. */
export function found(rows: readonly Row[], words: readonly string[]): { row: Row; rest: readonly string[] } | null {
  const [first, second] = words;
  const row = rows.find(({ name }) => name === first);
  if (row === undefined) return null;
  const inner = row.rows?.find(({ name }) => name === second);
  return inner === undefined
    ? { row, rest: words.slice(1) }
    : { row: { ...inner, name: `${row.name} ${inner.name}` }, rest: words.slice(2) };
}
