import type { Aftermath } from '../../../src/model/aftermath.ts';
import { replyFrom } from '../mta/reply-from.ts';

/** What came of one write: replies, the last of them after so many seconds, and how the connection stood. */
export const aftermath = (replies: readonly string[], end: Aftermath['end'] = 'open', seconds = 0.01): Aftermath => ({
  sent: { session: 's1', event: 1, quote: 'what was sent' },
  replies: replies.map((text) => ({ reply: replyFrom(text), seconds })),
  end,
  endAt: end === 'open' ? null : { session: 's1', event: 9, quote: 'the server closed the connection' },
  seconds,
});
