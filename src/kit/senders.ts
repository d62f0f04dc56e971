import { type Exchange, isPositive } from '../model/reply.ts';
import type { Doubt } from '../model/trouble.ts';
import type { Meaning, Reading } from '../mta/reply-meaning.ts';
import { doubtOf } from '../mta/unanswered.ts';
import { domainOf, type Subject } from './subject.ts';

/** Senders to try one after the other where MAIL is refused: ours, none, and one of another domain. */
export function strangersOf({ sender, externals }: Pick<Subject, 'sender' | 'externals'>): string[] {
  const elsewhere = externals.map(domainOf).find((domain) => domain !== domainOf(sender));
  return [...new Set([sender, '', ...(elsewhere === undefined ? [] : [`mxprobe@${elsewhere}`])])];
}

/** Whether another sender may fare better: this one is refused, or MAIL is, in words that speak of nothing else. */
export function isOfSender(mail: Exchange | null, { meaning, about }: Reading): boolean {
  if (meaning === 'sender-rejected' || (meaning === 'our-domain' && about === 'sender')) return true;
  return mail !== null && !isPositive(mail.reply) && !ofSession.includes(meaning) && !meaning.startsWith('limit-');
}

/** Answers to MAIL that another sender would not change. */
const ofSession: readonly Meaning[] = [
  'tls-required',
  'auth-required',
  'client-blocked',
  'helo-rejected',
  'greylisted',
  'server-error',
  'out-of-sync',
  'idle-timeout',
  'unintelligible',
];

/** The doubt that a refused MAIL leaves: who is refused for good in words that say nothing is refused as a sender. */
export const doubtOfMail = (meaning: Meaning): Doubt =>
  meaning === 'refused-permanent' ? 'sender-rejected' : doubtOf(meaning);
