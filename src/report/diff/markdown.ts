import type { BlockContent, RootContent } from 'mdast';
import { code, heading, inlineCode, list, markdownOf, paragraph, table, words } from '../markdown-nodes.ts';
import { figureWords, headWords, kindWords, partWords, placeWords, sidesOf, sideWords } from './change-words.ts';
import type { Change, ReportDiff, Side } from './diff.ts';

/** A comparison for a ticket: the verdict, a table of changes, then both sides of each with their quotes. */
export function diffToMarkdown(diff: ReportDiff): string {
  const remarks = [...diff.notes, ...placeWords(diff)];
  return markdownOf([
    heading(2, words(`mxprobe diff: ${headWords(diff)}`)),
    paragraph(`${partWords(diff)}.`),
    ...(remarks.length === 0 ? [] : [list(remarks.map((text) => [paragraph(text)]))]),
    ...(diff.changes.length === 0 ? [] : [overview(diff.changes)]),
    ...diff.changes.flatMap(changeNodes),
  ]);
}

function overview(changes: readonly Change[]): RootContent {
  const rows = changes.map(({ kind, severity, probe, endpoint, before, after }) => [
    words(kindWords[kind]),
    words(severity),
    [inlineCode(probe)],
    [inlineCode(endpoint)],
    words(sideWords(before)),
    words(sideWords(after)),
  ]);
  return table(['Change', 'Severity', 'Finding', 'Endpoint', 'Before', 'Now'], rows);
}

function changeNodes(change: Change): RootContent[] {
  const { kind, probe, endpoint, figures } = change;
  return [
    heading(3, [...words(`${kindWords[kind]}: `), inlineCode(probe), ...words(' at '), inlineCode(endpoint)]),
    ...(figures.length === 0 ? [] : [list(figures.map((figure) => [paragraph(figureWords(figure))]))]),
    ...sidesOf(change).flatMap(([name, side]) => sideNodes(name, side)),
  ];
}

function sideNodes(name: string, side: Side | null): BlockContent[] {
  if (side === null) return [paragraph(`${name}: ${sideWords(side)}.`)];
  const said = paragraph(`${name}: ${sideWords(side)}: ${side.because}.`);
  return side.quotes.length === 0 ? [said] : [said, code(side.quotes)];
}
