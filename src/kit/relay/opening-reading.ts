import { isPositive } from '../../model/reply.ts';
import { type Meaning, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import type { RelayOpening } from './phase.ts';

/** What the outside recipient, or the sender before it, was told; null where neither was answered. */
export function openingReading({ mail, rcpt, sender, helo, external }: RelayOpening): Reading | null {
  if (mail !== null && !isPositive(mail.reply)) return readingOf(mail.reply, { stage: 'mail', sender, helo });
  return rcpt === null ? null : readingOf(rcpt.reply, { stage: 'rcpt', sender, helo, recipient: external });
}

export const openingMeaning = (opening: RelayOpening): Meaning | null => openingReading(opening)?.meaning ?? null;

/** The client is what is refused, nobody may talk in clear, or a limiter speaks. */
const hopeless: readonly Meaning[] = [
  'client-blocked',
  'helo-rejected',
  'our-domain',
  'tls-required',
  'greylisted',
  'unintelligible',
];

/** Whether asking on can tell more than the opening has. */
export function isWorthGoingOn(opening: RelayOpening): boolean {
  const meaning = openingMeaning(opening);
  if (meaning === null || opening.cut !== null) return false;
  const senderIsRefused = meaning === 'sender-rejected' && opening.mail !== null && !isPositive(opening.mail.reply);
  return !hopeless.includes(meaning) && !meaning.startsWith('limit-') && !senderIsRefused;
}
