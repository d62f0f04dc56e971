import { randomLocalPart, type Subject } from '../subject.ts';
import type { Step } from '../transactions/play.ts';
import type { RecipientName, RecipientsRound } from './round.ts';

/** A recipient to ask for. `name`: why; null: mail that claims to come from the server's own domain. */
export interface RecipientToAsk {
  readonly sender: string;
  readonly recipient: string;
  readonly name: RecipientName | null;
}

/** All that a round asks for: the names; and on an MX, mail that claims to come from the server's own domain. */
export function askedFor(
  { recipient, endpoint }: Subject,
  { sender, domain }: Pick<RecipientsRound, 'sender' | 'domain'>,
): RecipientToAsk[] {
  const names = namesAt(domain, recipient).map((one) => ({ ...one, sender }));
  if (domain === null || endpoint.role !== 'mx') return names;
  const postmaster = `postmaster@${domain}`;
  const to = recipient ?? postmaster;
  const own = [...new Set([to, postmaster])].map((ownSender) => ({ sender: ownSender, recipient: to, name: null }));
  return [...names, ...own];
}

function namesAt(domain: string | null, known: string | null): Omit<RecipientToAsk, 'sender'>[] {
  const at = (name: RecipientName, localPart: string) => ({ name, recipient: `${localPart}@${domain}` });
  return [
    // First, so that the answers to the known and the random names, whose times are compared, each follow another.
    { name: 'bare-postmaster', recipient: 'postmaster' },
    ...(known === null ? [] : [{ name: 'known' as const, recipient: known }]),
    ...(domain === null
      ? []
      : [
          at('random', randomLocalPart()),
          at('random', randomLocalPart()),
          at('postmaster', 'postmaster'),
          at('abuse', 'abuse'),
        ]),
  ];
}

/** As few transactions as may be; `apart`: one for each recipient. */
export function stepsFor(asked: readonly RecipientToAsk[], apart: boolean): Step[] {
  const steps: { sender: string; recipients: string[] }[] = [];
  for (const { sender, recipient } of asked) {
    const last = steps.at(-1);
    if (apart || last?.sender !== sender) steps.push({ sender, recipients: [recipient] });
    else last.recipients.push(recipient);
  }
  return steps;
}
