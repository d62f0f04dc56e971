import type { Severity } from '../model/judgement.ts';
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

const severities: Readonly<Record<Severity, 'critical' | 'error' | 'warning' | 'info'>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

/** As the Events API takes them, in characters. */
const mostSummary = 1024;
const mostDetails = 8000;

/**
 * An event for each incident (PagerDuty Events API v2): `trigger`, and `resolve` when it is over. They know each other
 * by the incident's id, so that what comes twice is one.
 */
export function pagerduty({ server, key }: ChannelOf<'pagerduty'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const routing_key = await tokenOf(key, parts);
    for (const item of message.items) {
      const body = { routing_key, ...eventOf(item, message) };
      await post(
        {
          to: openAddress(server, '/v2/enqueue'),
          body: JSON.stringify(body),
          id: `${message.id}-${item.incident.id}`,
          secrets: [routing_key],
        },
        parts,
        signal,
      );
    }
  };
}

function eventOf(item: AlertItem, message: AlertMessage): object {
  const { incident, what } = item;
  const one: AlertMessage = { ...message, kind: what, items: [item] };
  if (standingOf(item, message.at).isOver && what !== 'test')
    return { event_action: 'resolve', dedup_key: incident.id };
  const page = pageOf(one);
  return {
    event_action: 'trigger',
    dedup_key: incident.id,
    client: 'mxprobe',
    ...(page === null ? {} : { client_url: encodeURI(page), links: [{ href: encodeURI(page), text: 'Open it' }] }),
    payload: {
      summary: fitting(subjectOf(one), mostSummary),
      source: visible(placeOf(incident)),
      severity: severities[incident.severity],
      timestamp: isoTime(incident.openedAt),
      ...(incident.probe === '' ? {} : { component: visible(incident.probe) }),
      ...(incident.monitor === '' ? {} : { group: visible(incident.monitor) }),
      class: incident.kind,
      custom_details: { text: fitting(briefOf(one).join('\n'), mostDetails) },
    },
  };
}
