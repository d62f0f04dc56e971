import { inWords } from '../../model/in-words.ts';
import { beginningOf, visible } from '../../model/visible.ts';
import type { Incident, Said } from '../../monitor/alerts/incident.ts';
import type { AlertItem, AlertMessage } from '../../monitor/alerts/message.ts';
import { durationWords, timeWords } from '../../monitor/words/common.ts';
import { elsewhereWords, fixesOf } from '../../report/fix-choice.ts';
import { sentence } from '../../report/sentence.ts';
import { standingOf } from './standing.ts';

/** A part of what is told about an incident; nothing in it is printable yet. */
export interface Row {
  readonly label: string;
  readonly text?: string;
  /** What was said on the wire, a line each. */
  readonly quotes?: readonly string[];
  /** Lines to paste, which are never broken. */
  readonly paste?: readonly string[];
  readonly link?: string;
}

const mostQuotes = 6;
const longestQuote = 300;
const mostAddresses = 8;

/** All that is told about an incident, the most important first. */
export function rowsOf(item: AlertItem, { at, link }: Pick<AlertMessage, 'at' | 'link'>): Row[] {
  const { incident, command, what } = item;
  const { isOver } = standingOf(item, at);
  const { openedAt, closedAt, doubt, lastSeenAt, members, monitor, probe, id, kind } = incident;
  return [
    saidRow('Now', incident.now),
    ...(incident.before === null ? [] : [saidRow('Before', incident.before)]),
    { label: 'Since', text: sinceWords(openedAt, isOver ? (closedAt ?? at) : at, isOver) },
    ...(doubt === null || isOver
      ? []
      : [{ label: 'Doubt', text: `last seen ${timeWords(lastSeenAt)}; since then it could not be told: ${doubt}` }]),
    ...(what === 'flapping' ? [{ label: 'Opened', text: incident.openings.map(timeWords).join(', ') }] : []),
    ...(members.length === 0 ? [] : [{ label: 'At', text: some(members, mostAddresses) }]),
    ...(monitor === '' ? [] : [{ label: 'Monitor', text: probe === '' ? monitor : `${monitor}, ${probe}` }]),
    ...ackRows(incident),
    ...(isOver ? [] : fixRows(incident)),
    ...(command === '' ? [] : [{ label: 'See it', paste: [command] }]),
    ...(isOver || incident.ackedAt !== null || kind === 'self'
      ? []
      : [{ label: 'Ack it', paste: [`mxprobe monitor ack ${id}`] }]),
    ...(link === null ? [] : [{ label: 'Page', link: `${link}/i/${id}` }]),
  ];
}

const saidRow = (label: string, { verdict, because, quotes }: Said): Row => ({
  label,
  text: `${verdict}: ${sentence(because, false)}`,
  quotes: [
    ...quotes.slice(0, mostQuotes).map(shortened),
    ...(quotes.length > mostQuotes ? [`and ${quotes.length - mostQuotes} more`] : []),
  ],
});

function shortened(quote: string): string {
  const shown = visible(quote);
  return shown.length <= longestQuote
    ? shown
    : `${beginningOf(shown, longestQuote)} [... ${shown.length - longestQuote} more]`;
}

const sinceWords = (from: number, to: number, isOver: boolean): string =>
  isOver
    ? `${timeWords(from)} to ${timeWords(to)}, ${durationWords(Math.max(0, to - from))}`
    : `${timeWords(from)}${to - from < 60_000 ? '' : `, ${durationWords(to - from)} ago`}`;

const some = (names: readonly string[], most: number): string =>
  names.length <= most ? inWords(names) : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;

function ackRows({ ackedAt, ackedBy, ackedUntil }: Incident): Row[] {
  if (ackedAt === null) return [];
  const until = ackedUntil === null ? '' : `, until ${timeWords(ackedUntil)}`;
  return [{ label: 'Acked', text: `by ${ackedBy ?? 'somebody'} on ${timeWords(ackedAt)}${until}` }];
}

/** The lines of one MTA where it is known which it is; else where all of them are. */
function fixRows({ fix, probe }: Incident): Row[] {
  const [only, ...others] = fix === null ? [] : fixesOf(fix);
  if (fix === null || only === undefined) return [];
  if (others.length === 0) return [{ label: 'Mend it', text: `${only.title}:`, paste: only.lines }];
  return [{ label: 'Mend it', paste: [elsewhereWords(probe, fix) ?? ''] }];
}
