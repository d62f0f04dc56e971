import type { Send } from '../monitor/alerts/message.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { post } from './post.ts';
import { addressOf } from './secret-text.ts';
import { briefOf, pageOf, toneOf } from './words/brief.ts';
import { fitting, octets } from './words/fitting.ts';
import { subjectOf } from './words/subject.ts';

/** A card has at most 28 kB, most of which is what stands around each line. */
const mostLines = 60;
const mostText = 8000;

/**
 * A workflow "when a Teams webhook request is received" with an adaptive card. Its text is in runs, which know no
 * Markdown (schema 1.2, TextRun), and no mention either.
 */
export function teams({ url }: ChannelOf<'teams'>, parts: NotifyParts): Send {
  return async (message, signal) => {
    const page = pageOf(message);
    const lines = fitting(briefOf(message).slice(0, mostLines).join('\n'), mostText, { size: octets }).split('\n');
    const content = {
      $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
      type: 'AdaptiveCard',
      version: '1.4',
      msteams: { width: 'Full' },
      body: [
        block({
          text: subjectOf(message),
          weight: 'Bolder',
          size: 'Medium',
          color: toneOf(message) === 'over' ? 'Good' : 'Attention',
        }),
        ...lines.map((text, index) => ({
          ...block({ text: text === '' ? ' ' : text, fontType: 'Monospace' }),
          spacing: index === 0 ? 'Small' : 'None',
        })),
      ],
      ...(page === null ? {} : { actions: [{ type: 'Action.OpenUrl', title: 'Open it', url: encodeURI(page) }] }),
    };
    const body = {
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
    };
    await post({ to: await addressOf(url, parts), body: JSON.stringify(body), id: message.id }, parts, signal);
  };
}

const block = (run: { readonly text: string } & Readonly<Record<string, string>>): object => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', ...run }],
});
