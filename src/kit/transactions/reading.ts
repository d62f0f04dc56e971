import { isPositive } from '../../model/reply.ts';
import { type Reading, readingOf } from '../../mta/reply-meaning.ts';
import type { TransactionAnswer } from './transaction.ts';

/** What a recipient was told, or the sender before it; null where neither was answered. */
export function readingOfAnswer({ mail, rcpt, sender, recipient }: TransactionAnswer, helo: string): Reading | null {
  if (mail !== null && !isPositive(mail.reply)) return readingOf(mail.reply, { stage: 'mail', sender, helo });
  return rcpt === null ? null : readingOf(rcpt.reply, { stage: 'rcpt', sender, helo, recipient });
}
