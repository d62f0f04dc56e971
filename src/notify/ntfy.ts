import type { Severity } from '../model/judgement.ts';
import type { Send } from '../monitor/alerts/message.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { openAddress, tokenOf } from './secret-text.ts';
import { briefOf, pageOf, toneOf } from './words/brief.ts';
import { fitting, octets } from './words/fitting.ts';
import { subjectOf } from './words/subject.ts';

/** Longer ones become attachments: 4,096 octets. */
const longest = 4000;

/** From 1, no sound, to 5 (docs.ntfy.sh, "Message priority"). */
const priorities: Readonly<Record<Severity | 'over', number>> = {
  critical: 5,
  high: 4,
  medium: 3,
  low: 2,
  info: 2,
  over: 3,
};

/** Published as JSON at the root of the server (docs.ntfy.sh, "Publish as JSON"); the text is no Markdown. */
export function ntfy({ server, topic, token }: ChannelOf<'ntfy'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const tone = toneOf(message);
    const page = pageOf(message);
    const body = {
      topic,
      title: subjectOf(message),
      message: fitting(briefOf(message).join('\n'), longest, { size: octets }),
      priority: priorities[tone],
      tags: [tone === 'over' ? 'white_check_mark' : tone === 'critical' ? 'rotating_light' : 'warning'],
      ...(page === null ? {} : { click: encodeURI(page) }),
    };
    await post(
      {
        to: openAddress(server),
        body: JSON.stringify(body),
        id: message.id,
        token: token === null ? null : await tokenOf(token, parts),
      },
      parts,
      signal,
    );
  };
}
