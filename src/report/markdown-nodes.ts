import type {
  BlockContent,
  Code,
  Heading,
  InlineCode,
  List,
  ListItem,
  Paragraph,
  PhrasingContent,
  RootContent,
  Table,
  TableCell,
  TableRow,
  Text,
} from 'mdast';
import { gfmTableToMarkdown } from 'mdast-util-gfm-table';
import { toMarkdown } from 'mdast-util-to-markdown';
import { visible } from '../model/visible.ts';

/** A tree as Markdown. The library escapes what would be markup, and fences code by more than is in it. */
export function markdownOf(children: RootContent[]): string {
  return toMarkdown(
    { type: 'root', children },
    {
      extensions: [gfmTableToMarkdown({ tablePipeAlign: false })],
      bullet: '-',
      fences: true,
      listItemIndent: 'one',
      rule: '-',
    },
  );
}

/**
 * Text with code in the place of words that are not plain: hosts still link, people are still called and issues still
 * closed by `@name`, `#1`, a hash or an address in what is else plain text, and never in code.
 */
export function words(text: string): PhrasingContent[] {
  const pieces: (Text | InlineCode)[] = [];
  for (const [word] of visible(text).matchAll(/\s+|\S+/g)) {
    const [open, inner, close] = withoutMarks(word);
    if (/^\s/.test(word) || inner === '' || isPlain(inner)) push(pieces, 'text', word);
    else {
      push(pieces, 'text', open);
      push(pieces, 'inlineCode', inner);
      push(pieces, 'text', close);
    }
  }
  return pieces;
}

/** A word, and the brackets, quotes and stops that it stands between. */
function withoutMarks(word: string): [open: string, inner: string, close: string] {
  const [open = ''] = /^[("']*/.exec(word) ?? [];
  let end = word.length;
  while (end > open.length && ')"\',;:.!?'.includes(word.charAt(end - 1))) end--;
  return [open, word.slice(open.length, end), word.slice(end)];
}

/**
 * Letters, digits and what prose needs; no hash of a commit, no number of an issue or a ticket, and no name that some
 * site makes a link of.
 */
function isPlain(word: string): boolean {
  const looksPlain = /^(…|[\p{L}\p{N}§][\p{L}\p{N}'’.-]*%?|[–—-])$/u.test(word);
  return looksPlain && !/^([0-9a-f]{7,}|www\..*|[a-z][a-z0-9]*-\d+)$/i.test(word);
}

function push(pieces: (Text | InlineCode)[], type: 'text' | 'inlineCode', value: string): void {
  const last = pieces.at(-1);
  if (value === '') return;
  if (last?.type === type && type === 'text') pieces[pieces.length - 1] = { type, value: last.value + value };
  else pieces.push({ type, value });
}

export const heading = (depth: Heading['depth'], children: PhrasingContent[]): Heading => ({
  type: 'heading',
  depth,
  children,
});

export const paragraph = (text: string): Paragraph => ({ type: 'paragraph', children: words(text) });

/** A word of ours, or a quote, in the middle of text. */
export const inlineCode = (text: string): InlineCode => ({ type: 'inlineCode', value: visible(text) });

/** Lines as they are, in a fence. */
export const code = (lines: readonly string[]): Code => ({ type: 'code', value: lines.map(visible).join('\n') });

export const list = (items: readonly BlockContent[][]): List => ({
  type: 'list',
  spread: false,
  children: items.map((children): ListItem => ({ type: 'listItem', spread: false, children })),
});

export function table(head: readonly string[], rows: readonly PhrasingContent[][][]): Table {
  const row = (cells: readonly PhrasingContent[][]): TableRow => ({
    type: 'tableRow',
    children: cells.map((children): TableCell => ({ type: 'tableCell', children })),
  });
  return { type: 'table', children: [row(head.map(words)), ...rows.map(row)] };
}

/** Blocks that are opened with a click. The summary is words of ours: it is the one place for HTML. */
export const folded = (summary: string, children: readonly RootContent[]): RootContent[] => [
  { type: 'html', value: `<details><summary>${summary}</summary>` },
  ...children,
  { type: 'html', value: '</details>' },
];
