import type { Send } from '../monitor/alerts/message.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { addressOf } from './secret-text.ts';
import { briefOf, pageOf } from './words/brief.ts';
import { fitting, inFence } from './words/fitting.ts';
import { subjectOf } from './words/subject.ts';

/** The three characters that Slack reads as markup wherever they stand (docs.slack.dev, "Formatting message text"). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** As Block Kit takes them: of a header, and of a section. */
const mostHeader = 150;
const mostSection = 3000;

/** An incoming webhook: a header, the facts as code, the link. Nothing in it is looked up, previewed or mentioned. */
export function slack({ url }: ChannelOf<'slack'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const subject = subjectOf(message);
    const page = pageOf(message);
    const facts = fitting(inFence(briefOf(message).join('\n')), mostSection - 10, { escape: escaped });
    const body = {
      text: escaped(subject),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: fitting(subject, mostHeader), emoji: false } },
        { type: 'section', text: { type: 'mrkdwn', text: `\`\`\`\n${facts}\n\`\`\``, verbatim: true } },
        ...(page === null
          ? []
          : [{ type: 'section', text: { type: 'mrkdwn', text: `<${encodeURI(page)}|Open it>`, verbatim: true } }]),
      ],
      unfurl_links: false,
      unfurl_media: false,
    };
    await post({ to: await addressOf(url, parts), body: JSON.stringify(body), id: message.id }, parts, signal);
  };
}
