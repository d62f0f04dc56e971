import { isPositive } from '../../model/reply.ts';
import { type Meaning, type Reading, readingOf } from '../../mta/reply-meaning.ts';
import { type Answered, areRefusedAlike } from '../same-words.ts';
import { readingOutside } from './outside.ts';
import type { RelayOpening } from './phase.ts';

/** What the outside recipient, or the sender before it, was told; null where neither was answered. */
export function openingReading({ mail, rcpt, sender, helo, external }: RelayOpening): Reading | null {
  if (mail !== null && !isPositive(mail.reply)) return readingOf(mail.reply, { stage: 'mail', sender, helo });
  return rcpt === null ? null : readingOutside(rcpt.reply, { sender, helo, recipient: external });
}

export const openingMeaning = (opening: RelayOpening): Meaning | null => openingReading(opening)?.meaning ?? null;

/** Taken, or refused for the recipient's sake: not for its domain, the sender, the client or the moment. */
export function isAboutRelaying(opening: RelayOpening): boolean {
  const meaning = openingMeaning(opening);
  return opening.rcpt !== null && meaning !== null && meaning !== 'our-domain' && !isHopeless(meaning);
}

/** The client is what is refused, nobody may talk in clear, or a limiter speaks. */
const hopeless: readonly Meaning[] = [
  'client-blocked',
  'helo-rejected',
  'tls-required',
  'greylisted',
  'unintelligible',
];

const isHopeless = (meaning: Meaning): boolean => hopeless.includes(meaning) || meaning.startsWith('limit-');

/** Whether asking on can tell more than the openings have. */
export function isWorthGoingOn(openings: readonly RelayOpening[]): boolean {
  const last = openings.at(-1);
  const meaning = last === undefined ? null : openingMeaning(last);
  if (last === undefined || meaning === null || last.cut !== null) return false;
  const senderIsRefused = meaning === 'sender-rejected' && last.mail !== null && !isPositive(last.mail.reply);
  return !isHopeless(meaning) && !senderIsRefused && !isRejected(openings);
}

/**
 * Every sender, or every recipient, the server's own too, is refused in the same words: it is the session that is
 * refused.
 */
export function isRejected(openings: readonly RelayOpening[]): boolean {
  const last = openings.at(-1);
  if (last === undefined) return false;
  const { sender, helo, external, mail, rcpt, controls } = last;
  if (mail !== null && !isPositive(mail.reply)) return areRefusedAlike(openings.flatMap(mailOf));
  if (rcpt === null) return false;
  const recipients = [{ recipient: external, exchange: rcpt }, ...controls];
  return areRefusedAlike(
    recipients.map(({ recipient, exchange }) => ({
      reply: exchange.reply,
      said: { stage: 'rcpt', sender, helo, recipient },
    })),
  );
}

const mailOf = ({ mail, sender, helo }: RelayOpening): Answered[] =>
  mail === null ? [] : [{ reply: mail.reply, said: { stage: 'mail', sender, helo } }];
