import { type Exchange, isNegative } from '../../model/reply.ts';

/** Seconds that a refusal must take to be called slow: more than a lookup, less than any tarpit. */
const slowSeconds = 2;

/**
 * Whether this server takes its time to refuse (Courier's tarpit, Exim's `delay`): then all sessions at once, with
 * little in each, are fastest.
 */
export function isSlow(played: readonly { readonly mail: Exchange | null; readonly rcpt: Exchange | null }[]): boolean {
  const exchanges = played.flatMap(({ mail, rcpt }) => [mail, rcpt]).filter((exchange) => exchange !== null);
  return exchanges.some((exchange, index) => {
    const before = exchanges[index - 1];
    const since = before !== undefined && before.sentAt === exchange.sentAt ? before.seconds : 0;
    return isNegative(exchange.reply) && exchange.seconds - since >= slowSeconds;
  });
}
