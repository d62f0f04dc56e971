import type { Send } from '../monitor/alerts/message.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { openAddress, tokenOf } from './secret-text.ts';
import { briefOf, pageOf } from './words/brief.ts';
import { escapeHtml, fitting, octets } from './words/fitting.ts';
import { subjectOf } from './words/subject.ts';

/** Of the 65,536 octets of an event, for the text and for the page that says the same. */
const longest = 20_000;

/**
 * A message in a room. Its id is that of the transaction: what comes twice is one event (Matrix client-server API,
 * "PUT /rooms/{roomId}/send"). It mentions nobody.
 */
export function matrix({ server, room, token }: ChannelOf<'matrix'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const subject = subjectOf(message);
    const brief = briefOf(message).join('\n');
    const page = pageOf(message);
    const html = [
      `<p><strong>${escapeHtml(subject)}</strong></p>`,
      `<pre><code>${fitting(brief, longest, { escape: escapeHtml, size: octets })}</code></pre>`,
      ...(page === null ? [] : [`<p><a href="${escapeHtml(page)}">Open it</a></p>`]),
    ];
    const body = {
      msgtype: 'm.text',
      body: [subject, fitting(brief, longest, { size: octets }), ...(page === null ? [] : [page])].join('\n\n'),
      format: 'org.matrix.custom.html',
      formatted_body: html.join(''),
      'm.mentions': {},
    };
    const [where, transaction] = [room, message.id].map(encodeURIComponent);
    await post(
      {
        to: openAddress(server, `/_matrix/client/v3/rooms/${where}/send/m.room.message/${transaction}`),
        method: 'PUT',
        body: JSON.stringify(body),
        id: message.id,
        token: await tokenOf(token, parts),
      },
      parts,
      signal,
    );
  };
}
