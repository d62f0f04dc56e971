import type { AlertMessage } from '../monitor/alerts/message.ts';
import { isoTime } from '../monitor/words/common.ts';
import { incidentJson } from '../monitor/words/incidents.ts';
import { placeOf } from './words/place.ts';
import { subjectOf } from './words/subject.ts';
import { textOf } from './words/text.ts';

/** All that is known, for machines; times as RFC 3339, `subject` and `text` as people get them. */
export const messageJson = (message: AlertMessage): object => ({
  schema: 1,
  kind: 'monitor-alert',
  id: message.id,
  what: message.kind,
  at: isoTime(message.at),
  severity: message.items[0]?.incident.severity ?? 'info',
  subject: subjectOf(message),
  text: textOf(message),
  link: message.link,
  items: message.items.map(({ what, incident, command }) => ({
    what,
    place: placeOf(incident),
    command,
    link: message.link === null ? null : `${message.link}/i/${incident.id}`,
    incident: incidentJson(incident),
  })),
});
