import { randomLocalPart, type Subject } from '../subject.ts';
import type { RecipientName, RecipientsRound } from './round.ts';

/** A command of a round's flight, and what its reply is for. */
export type Line = { readonly command: string } & (
  | { readonly kind: 'between' }
  | { readonly kind: 'name'; readonly name: RecipientName; readonly recipient: string }
  | {
      readonly kind: 'own sender';
      readonly part: 'mail' | 'rcpt';
      readonly sender: string;
      readonly recipient: string;
    }
);

const between = (command: string): Line => ({ kind: 'between', command });

/** All commands of a round behind its MAIL: the names; and on an MX, mail that claims to come from the server's own domain. */
export function linesOf(
  { recipient, endpoint }: Subject,
  { sender, domain }: Pick<RecipientsRound, 'sender' | 'domain'>,
): Line[] {
  // A bounce has one recipient (Postfix `reject_multi_recipient_bounce`).
  const anew = sender === '' ? [between('RSET'), between('MAIL FROM:<>')] : [];
  const names = namesAt(domain, recipient).flatMap((line, index) => (index === 0 ? [line] : [...anew, line]));
  if (domain === null || endpoint.role !== 'mx') return [...names, between('RSET')];
  const postmaster = `postmaster@${domain}`;
  const to = recipient ?? postmaster;
  const own = [...new Set([to, postmaster])].flatMap((ownSender) => ownSenderLines(ownSender, to));
  return [...names, ...own, between('RSET')];
}

function namesAt(domain: string | null, known: string | null): Line[] {
  const line = (name: RecipientName, recipient: string): Line => ({
    kind: 'name',
    command: `RCPT TO:<${recipient}>`,
    name,
    recipient,
  });
  return [
    // First, so that the answers to the known and the random names, whose times are compared, each follow another.
    line('bare-postmaster', 'postmaster'),
    ...(known === null ? [] : [line('known', known)]),
    ...(domain === null
      ? []
      : [
          line('random', `${randomLocalPart()}@${domain}`),
          line('random', `${randomLocalPart()}@${domain}`),
          line('postmaster', `postmaster@${domain}`),
          line('abuse', `abuse@${domain}`),
        ]),
  ];
}

function ownSenderLines(sender: string, recipient: string): Line[] {
  const line = (part: 'mail' | 'rcpt', command: string): Line => ({
    kind: 'own sender',
    command,
    part,
    sender,
    recipient,
  });
  return [between('RSET'), line('mail', `MAIL FROM:<${sender}>`), line('rcpt', `RCPT TO:<${recipient}>`)];
}
