import type { Reply } from '../../model/reply.ts';
import { type Reading, readingOf, type Said } from '../../mta/reply-meaning.ts';

/**
 * What an outside recipient was told. A server that looks it up before it thinks of relaying calls it unknown or
 * unroutable: that speaks of the domain, and another one may be taken.
 */
export function readingOutside(reply: Reply, said: Omit<Said, 'stage'>): Reading {
  const reading = readingOf(reply, { stage: 'rcpt', ...said });
  const { meaning } = reading;
  return meaning === 'unknown-user' || meaning === 'unroutable'
    ? { ...reading, meaning: 'our-domain', about: 'recipient' }
    : reading;
}
