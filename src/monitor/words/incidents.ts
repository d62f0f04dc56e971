import type { Document } from '../../report/documents.ts';
import { elsewhereWords, fixesOf } from '../../report/fix-choice.ts';
import { blank, gap, layOut, type Para } from '../../report/layout.ts';
import { sentence } from '../../report/sentence.ts';
import { weights } from '../../report/weights.ts';
import type { Incident, IncidentEvent, Said } from '../alerts/incident.ts';
import { durationWords, isoTime, serverWords, timeWords } from './common.ts';

/** What `monitor incidents` says. Times are milliseconds UTC. */
export interface Incidents {
  readonly at: number;
  readonly incidents: readonly Incident[];
  /** What has happened to the one that was asked for; null where none was. */
  readonly events: readonly IncidentEvent[] | null;
}

export const incidentsDocument: Document<Incidents> = {
  terminal: async ({ at, incidents, events }, page) => [
    layOut(
      incidents.length === 0
        ? [{ text: 'no incidents' }]
        : incidents.flatMap((one) => [...linesOf(one, at), ...(events === null ? [] : detailOf(one, events))]),
      page,
    ),
  ],
  json: async ({ at, incidents, events }) => [
    `${JSON.stringify(
      {
        schema: 1,
        kind: 'monitor-incidents',
        at: isoTime(at),
        incidents: incidents.map(incidentJson),
        ...(events === null ? {} : { events: events.map((one) => ({ ...one, at: isoTime(one.at) })) }),
      },
      null,
      2,
    )}\n`,
  ],
};

/** An incident for machines. */
export function incidentJson({ openings, ...incident }: Incident): object {
  const { openedAt, confirmedAt, closedAt, lastSeenAt, ackedAt, ackedUntil, flappingSince } = incident;
  const times = { openedAt, confirmedAt, closedAt, lastSeenAt, ackedAt, ackedUntil, flappingSince };
  return {
    ...incident,
    ...Object.fromEntries(Object.entries(times).map(([name, at]) => [name, isoTime(at)])),
    openings: openings.map(isoTime),
  };
}

/** `open-relay at mx1.example.com:25`, `unreachable at mx1.example.com:25`, or what of the watch it is. */
export function aboutWords({ kind, probe, ...where }: Incident): string {
  if (kind === 'vantage') return 'our own side';
  if (kind === 'self') return `mxprobe, ${probe}`;
  return `${probe === '' ? kind : kind === 'untold' ? `${probe} (untold)` : probe} at ${serverWords(where)}`;
}

/** The same, and which monitor says so. */
export const troubleWords = (incident: Incident): string =>
  [aboutWords(incident), ...(incident.monitor === '' ? [] : ['of', incident.monitor])].join(' ');

function linesOf(incident: Incident, now: number): Para[] {
  const { id, severity, state, headline } = incident;
  const weight = weights[severity];
  return [
    {
      lead: [['strong', id.slice(0, 8)], gap, [weight.style, weight.word.padEnd(8)], gap],
      text: sentence(headline, true),
      hang: 20,
      ...(state === 'closed' ? { style: 'faint' as const } : {}),
    },
    { indent: 20, text: `${troubleWords(incident)}; ${courseWords(incident, now)}` },
  ];
}

/** Since when it is open, and what has become of it: `open since 2026-01-31 07:05Z, 2 days; known to anna`. */
export function courseWords(incident: Incident, now: number): string {
  const { doubt, lastSeenAt, ackedBy, ackedAt, flappingSince } = incident;
  return [
    standing(incident, now),
    ...(flappingSince === null ? [] : ['it comes and goes']),
    ...(doubt === null ? [] : [`not seen since ${timeWords(lastSeenAt)}: ${doubt}`]),
    ...(ackedAt === null ? [] : [`known to ${ackedBy}`]),
  ].join('; ');
}

function standing({ state, openedAt, closedAt, closedBecause }: Incident, now: number): string {
  if (state === 'suspected') return `suspected since ${timeWords(openedAt)}, and being asked again`;
  if (closedAt === null) return `open since ${timeWords(openedAt)}, ${durationWords(Math.max(0, now - openedAt))}`;
  return `${closedBecause}, ${timeWords(openedAt)} to ${timeWords(closedAt)}`;
}

function detailOf(incident: Incident, events: readonly IncidentEvent[]): Para[] {
  const { before, now, fix, probe, members, state } = incident;
  return [
    blank,
    ...saidParas('now', now),
    ...(before === null ? [] : saidParas('before', before)),
    ...(members.length === 0 ? [] : [{ lead: [['faint', 'at'.padEnd(8)]], text: members.join(', ') } as const]),
    ...(fix === null || state === 'closed' ? [] : fixParas(probe, fix)),
    blank,
    ...events.map(({ at, what, who, text }): Para => {
      const words = [what, ...(who === null ? [] : [`by ${who}`])].join(' ');
      return { lead: [['plain', timeWords(at)], gap, ['strong', words.padEnd(12)], gap], text, hang: 19 };
    }),
  ];
}

const saidParas = (label: string, { verdict, because, quotes }: Said): Para[] => [
  { lead: [['faint', label.padEnd(8)]], text: `${verdict}: ${because}` },
  ...quotes.map((quote): Para => ({ indent: 8, text: quote })),
];

function fixParas(probe: string, fix: NonNullable<Incident['fix']>): Para[] {
  const [only, ...others] = fixesOf(fix);
  if (only === undefined) return [];
  const lines = others.length === 0 ? only.lines : [elsewhereWords(probe, fix) ?? ''];
  return lines.map((line, nth) => ({ lead: [['faint', (nth === 0 ? 'fix' : '').padEnd(8)]], text: line, wrap: 'no' }));
}
