import { severities } from '../model/judgement.ts';
import { visible } from '../model/visible.ts';
import type { AlertItem, AlertMessage, Send } from '../monitor/alerts/message.ts';
import { isoTime } from '../monitor/words/common.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { openAddress, tokenOf } from './secret-text.ts';
import { briefOf, pageOf } from './words/brief.ts';
import { fitting } from './words/fitting.ts';
import { placeOf } from './words/place.ts';
import { standingOf } from './words/standing.ts';
import { subjectOf } from './words/subject.ts';

/**
 * How long an alert stands unless it is told again, in milliseconds: without an end Alertmanager would make one of its
 * own (`resolve_timeout`, 5 minutes). A test ends by itself.
 */
const stands = 30 * 86_400_000;
const testStands = 5 * 60_000;
const mostText = 8000;

/** Alerts for the API v2 (prometheus/alertmanager, api/v2/openapi.yaml, `postableAlerts`). */
export function alertmanager({ url, token }: ChannelOf<'alertmanager'>, parts: NotifyParts): Send {
  return async (message, signal) =>
    post(
      {
        to: openAddress(url, '/api/v2/alerts'),
        body: JSON.stringify(message.items.flatMap((item) => alertsOf(item, message))),
        id: message.id,
        token: token === null ? null : await tokenOf(token, parts),
      },
      parts,
      signal,
    );
}

/**
 * An alert is known by its labels, and severity is one of them, as routes go by it. So all of them are told at once:
 * the one that it has, and the others as over.
 */
function alertsOf(item: AlertItem, message: AlertMessage): object[] {
  const { incident, what } = item;
  const { isOver } = standingOf(item, message.at);
  const one: AlertMessage = { ...message, kind: what, items: [item] };
  const page = pageOf(one);
  const ended = Math.max(incident.closedAt ?? message.at, incident.openedAt);
  const end = what === 'test' ? message.at + testStands : isOver ? ended : message.at + stands;
  return severities.map((severity) => ({
    labels: {
      alertname: 'mxprobe',
      severity,
      kind: incident.kind,
      monitor: visible(incident.monitor),
      instance: visible(placeOf(incident)),
      probe: visible(incident.probe),
      incident: incident.id,
    },
    annotations: {
      summary: subjectOf(one),
      ...(severity === incident.severity ? { description: fitting(briefOf(one).join('\n'), mostText) } : {}),
    },
    startsAt: isoTime(incident.openedAt),
    endsAt: isoTime(severity === incident.severity ? end : ended),
    ...(page === null ? {} : { generatorURL: encodeURI(page) }),
  }));
}
