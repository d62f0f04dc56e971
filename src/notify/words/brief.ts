import { visible } from '../../model/visible.ts';
import type { AlertItem, AlertMessage } from '../../monitor/alerts/message.ts';
import { sentence } from '../../report/sentence.ts';
import { type Row, rowsOf } from './item-rows.ts';
import { standingOf } from './standing.ts';
import { lineOf, testWords } from './text.ts';

const mostWhole = 3;
const mostLines = 30;

/** What a chat shows below the subject: printable lines, as long as they are, without the link. */
export function briefOf(message: AlertMessage): string[] {
  const { kind, items, at } = message;
  const [first] = items;
  if (kind === 'test' || first === undefined)
    return [sentence(first?.incident.headline ?? 'a test'), testWords].map(visible);
  const rest = items.slice(mostWhole);
  return [
    ...items
      .slice(0, mostWhole)
      .flatMap((item, index) => [
        ...(index === 0 ? [] : ['']),
        ...(items.length === 1 ? [] : [lineOf(item, at)]),
        ...itemLines(item, message),
      ]),
    ...(rest.length === 0 ? [] : ['']),
    ...rest.slice(0, mostLines).map((item) => lineOf(item, at)),
    ...(rest.length > mostLines ? [`and ${rest.length - mostLines} more`] : []),
  ].map(visible);
}

const itemLines = (item: AlertItem, message: AlertMessage): string[] =>
  rowsOf(item, { ...message, link: null }).flatMap(rowLines);

function rowLines({ label, text, quotes = [], paste = [] }: Row): string[] {
  const lines = [...quotes, ...paste];
  if (text !== undefined) return [`${label}: ${text}`, ...lines.map((line) => `  ${line}`)];
  return lines.length === 1 ? [`${label}: ${lines[0]}`] : [`${label}:`, ...lines.map((line) => `  ${line}`)];
}

/** What a message comes to: the weight of the worst that is told, or `over` where nothing is wrong any more. */
export function toneOf({ items, at }: AlertMessage): AlertItem['incident']['severity'] | 'over' {
  return items.find((item) => !standingOf(item, at).isOver)?.incident.severity ?? 'over';
}

/** The page of the only incident, or of all of them; null where there are no pages. */
export const pageOf = ({ link, items }: AlertMessage): string | null =>
  link === null ? null : items.length === 1 ? `${link}/i/${items[0]?.incident.id}` : `${link}/i`;
