import type { ClosedBecause, Incident, IncidentKind } from '../../monitor/alerts/incident.ts';
import type { AlertItem } from '../../monitor/alerts/message.ts';
import { durationWords } from '../../monitor/words/common.ts';
import { weights } from '../../report/weights.ts';

/** How an incident stands, for a subject and a heading. */
export interface Standing {
  /** What stands in front of the place: `CRITICAL`, `Still HIGH`, `OK`. */
  readonly label: string;
  /** What stands behind it: part of a sentence. */
  readonly gist: string;
  /** Nothing is wrong any more. */
  readonly isOver: boolean;
}

/** `CRITICAL`, `HIGH`, `MEDIUM`, `WARNING`, `NOTE`. */
const weightWord = ({ severity }: Pick<Incident, 'severity'>): string => weights[severity].word.toUpperCase();

/** `at`: when it is told, in milliseconds UTC. */
export const standingOf = (item: AlertItem, at: number): Standing => standings[item.what](item.incident, at);

const bad = (label: string, { headline }: Incident): Standing => ({ label, gist: headline, isOver: false });

const standings: Readonly<Record<AlertItem['what'], (incident: Incident, at: number) => Standing>> = {
  opened: (incident) => bad(weightWord(incident), incident),
  worse: (incident) => bad(`Worse, ${weightWord(incident)}`, incident),
  reminder: (incident, at) => lasting(`Still ${weightWord(incident)}`, incident, at),
  escalated: (incident, at) => lasting(`Unacknowledged, ${weightWord(incident)}`, incident, at),
  flapping: (incident) => ({
    ...bad(`Flapping, ${weightWord(incident)}`, incident),
    gist: `${subjectOf(incident)} fails and passes in turn`,
  }),
  settled: (incident) =>
    incident.now.verdict === 'pass' || incident.state === 'closed'
      ? { label: 'OK', gist: `${subjectOf(incident)} has settled, and passes`, isOver: true }
      : bad(`Settled, ${weightWord(incident)}`, incident),
  closed: (incident) => ({
    label: incident.closedBecause === 'recovered' ? 'OK' : 'Closed',
    gist: closedWords(incident),
    isOver: true,
  }),
  test: (incident) => ({ ...bad('Test', incident), isOver: true }),
};

const lasting = (label: string, incident: Incident, at: number): Standing => ({
  ...bad(label, incident),
  gist: `${incident.headline} (${durationWords(Math.max(0, at - incident.openedAt))})`,
});

/** What the incident asks about, as it is named in reports. */
const subjectOf = ({ kind, probe }: Incident): string =>
  kind === 'unreachable' ? 'the connection' : kind === 'vantage' ? 'our own network' : probe;

const recovered: Readonly<Record<IncidentKind, (subject: string) => string>> = {
  finding: (subject) => `${subject} passes again`,
  untold: (subject) => `${subject} can be told again`,
  unreachable: () => 'it answers again',
  vantage: () => 'servers answer again',
  self: () => 'it works again',
};

const otherwise: Readonly<Record<Exclude<ClosedBecause, 'recovered'>, string>> = {
  unconfirmed: 'was over before it was confirmed',
  waived: 'is waived by the policy now',
  lighter: 'weighs too little to be told now',
  left: 'has left: the host is not in DNS, or not among the targets, any more',
  dropped: 'is not asked any more',
  retired: 'is watched no more: its monitor has left the file',
};

function closedWords(incident: Incident): string {
  const { kind, closedBecause } = incident;
  const subject = subjectOf(incident);
  return closedBecause === null || closedBecause === 'recovered'
    ? recovered[kind](subject)
    : `${subject} ${otherwise[closedBecause]}`;
}
