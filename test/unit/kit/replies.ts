import type { Exchange } from '../../../src/model/reply.ts';
import { replyFrom } from '../mta/reply-from.ts';

/** A command and the reply to it. */
export function exchange(command: string, raw: string): Exchange {
  return { command, reply: replyFrom(raw), sentAt: 0, seconds: 0.01 };
}
