import type { AlertMessage, Send } from '../monitor/alerts/message.ts';
import { filled, type TemplateName } from '../monitor/config/template.ts';
import { isoTime } from '../monitor/words/common.ts';
import { messageJson } from './message-json.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { addressOf, tokenOf } from './secret-text.ts';
import { placeOf } from './words/place.ts';
import { subjectOf } from './words/subject.ts';
import { textOf } from './words/text.ts';

/** JSON of all that is known, or what the template makes of it. */
export function webhook({ url, token, template }: ChannelOf<'webhook'>, parts: NotifyParts): Send {
  return async (message, signal) =>
    post(
      {
        to: await addressOf(url, parts),
        body: template === null ? JSON.stringify(messageJson(message)) : filled(template, valuesOf(message)),
        id: message.id,
        token: token === null ? null : await tokenOf(token, parts),
      },
      parts,
      signal,
    );
}

/** Of several incidents the worst gives the names that are about one. */
function valuesOf(message: AlertMessage): Readonly<Record<TemplateName, string>> {
  const [worst] = message.items;
  if (worst === undefined) throw new Error('a message about nothing');
  const { incident, what, command } = worst;
  return {
    id: message.id,
    kind: message.kind,
    at: isoTime(message.at) ?? '',
    severity: incident.severity,
    subject: subjectOf(message),
    text: textOf(message),
    link: message.link === null ? '' : `${message.link}/i/${incident.id}`,
    count: String(message.items.length),
    incident: incident.id,
    what,
    monitor: incident.monitor,
    host: incident.host,
    port: String(incident.port),
    place: placeOf(incident),
    probe: incident.probe,
    headline: incident.headline,
    because: incident.now.because,
    since: isoTime(incident.openedAt) ?? '',
    command,
  };
}
