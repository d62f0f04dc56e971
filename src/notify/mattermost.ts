import type { Send } from '../monitor/alerts/message.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { addressOf } from './secret-text.ts';
import { briefOf, pageOf, toneOf } from './words/brief.ts';
import { colours } from './words/colours.ts';
import { fitting, inFence } from './words/fitting.ts';
import { subjectOf } from './words/subject.ts';

/** Of the 16,383 characters of a post. */
const longest = 12_000;

/**
 * An incoming webhook with one attachment. All that is not ours stands in code, where neither markup nor a mention
 * (`@all`) counts.
 */
export function mattermost({ url }: ChannelOf<'mattermost'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const subject = subjectOf(message);
    const page = pageOf(message);
    const text = [
      `\`${subject.replaceAll('`', "'")}\``,
      '```',
      fitting(inFence(briefOf(message).join('\n')), longest),
      '```',
      ...(page === null ? [] : [`[Open it](${encodeURI(page).replace(/[()]/g, '')})`]),
    ];
    const body = { attachments: [{ fallback: subject, color: colours[toneOf(message)], text: text.join('\n') }] };
    await post({ to: await addressOf(url, parts), body: JSON.stringify(body), id: message.id }, parts, signal);
  };
}
