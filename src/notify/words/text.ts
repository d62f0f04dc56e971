import type { AlertItem, AlertMessage } from '../../monitor/alerts/message.ts';
import { blank, gap, layOut, type Para } from '../../report/layout.ts';
import { sentence } from '../../report/sentence.ts';
import { type Row, rowsOf } from './item-rows.ts';
import { placeOf } from './place.ts';
import { standingOf } from './standing.ts';
import { countsOf } from './subject.ts';

const page = { width: 78, color: false };

/** How many incidents are told in full, and how many in a line. */
export const mostWhole = 10;
export const mostLines = 100;

/** The message as text of 78 columns, printable, the most important first. Lines to paste are not broken. */
export function textOf(message: AlertMessage): string {
  const { kind, items } = message;
  if (kind === 'test') return layOut(testParas(items), page);
  const whole = items.slice(0, mostWhole);
  return layOut(
    [
      ...(items.length > 1 ? [{ text: `${countsOf(items)}.` }, blank] : []),
      ...whole.flatMap((item, index) => [
        ...(index === 0 ? [] : [blank, { text: '-'.repeat(page.width) }, blank]),
        ...itemParas(item, message),
      ]),
      ...restParas(items.slice(mostWhole), message),
    ],
    page,
  );
}

export const testWords = 'No server has anything to do with it. What mxprobe has to tell comes this way.';

const testParas = (items: readonly AlertItem[]): Para[] => [
  { text: sentence(items[0]?.incident.headline ?? 'a test') },
  { text: testWords },
];

function itemParas(item: AlertItem, message: AlertMessage): Para[] {
  const { label, gist } = standingOf(item, message.at);
  return [
    { text: `${label}  ${placeOf(item.incident)}` },
    { text: sentence(gist, false) },
    blank,
    ...rowsOf(item, message).flatMap(rowParas),
  ];
}

const width = 7;
const aside = width + 2;

function rowParas({ label, text, quotes = [], paste = [], link }: Row): Para[] {
  const lead = (name: string): Para => ({ lead: [['plain', name.padEnd(width)], gap] });
  const below: Para[] = quotes.map((quote) => ({ indent: aside, text: quote, hang: 3 }));
  if (text !== undefined)
    return [
      { ...lead(label), text },
      ...below,
      ...paste.map((line): Para => ({ indent: aside, text: line, wrap: 'no' })),
    ];
  const lines = link === undefined ? paste : [link];
  return lines.map((line, index) => ({ ...lead(index === 0 ? label : ''), text: line, wrap: 'no' }));
}

function restParas(rest: readonly AlertItem[], { at }: AlertMessage): Para[] {
  if (rest.length === 0) return [];
  const more = rest.length - mostLines;
  return [
    blank,
    { text: '-'.repeat(page.width) },
    blank,
    ...rest.slice(0, mostLines).map((item) => ({ text: lineOf(item, at), wrap: 'cut' as const })),
    ...(more > 0 ? [{ text: `and ${more} more` }] : []),
  ];
}

/** An incident in a line. */
export function lineOf(item: AlertItem, at: number): string {
  const { label, gist } = standingOf(item, at);
  return `${label} ${placeOf(item.incident)}: ${gist}`;
}
