import { cite, isPositive, type Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import { isOwn } from './domain-list.ts';
import type { Membership } from './networks.ts';
import { notTold, type Outcome, type RowContext } from './row.ts';
import type { Shown } from './shown.ts';
import { listIn, toldIn, untold } from './untold.ts';

type Quotes = readonly [Cite, ...Cite[]];

/** What became of mail from a stranger for a mailbox elsewhere. */
export type Relaying =
  | { readonly kind: 'accepted'; readonly words: string; readonly evidence: Quotes }
  | { readonly kind: 'refused'; readonly reply: Reply; readonly evidence: Quotes }
  | { readonly kind: 'untold'; readonly outcome: Outcome };

/**
 * Reads `open-relay`: MAIL from outside, RCPT to outside; inside TLS where nothing is taken before. Untold from where
 * the file trusts us: there nothing tells a relay from a server that trusts its clients; and mail that is taken says
 * nothing where we may be trusted.
 */
export function relayingOf(context: RowContext): Relaying {
  const { shown } = context;
  const told = toldIn(shown, 'open-relay');
  const openings = openingsOf(shown);
  if (told === null || openings.length === 0) return { kind: 'untold', outcome: untold(shown, 'open-relay') };
  const own = openings.map(({ external }) => domainOf(external)).find((domain) => isOwn(domain, context));
  if (own !== undefined)
    return because(`${own}, where the outside address was, is the file's own: --external names another`);
  const trust = trustOf(context);
  if (trust === 'in')
    return because('the file trusts us here, and a relay looks the same to those whom it trusts: scan from outside');
  const accepted = listIn(told, 'accepted').members.filter((id) => id.endsWith('>plain'));
  if (accepted.length > 0)
    return trust === 'unknown'
      ? because('whether the file trusts us here is not known, and mail is taken: say --vantage outside or trusted')
      : { kind: 'accepted', words: `mail for outside is taken (${accepted.join(', ')})`, evidence: told.evidence };
  const answers = openings.map(({ mail, rcpt }) => (rcpt ?? mail)?.reply).filter((reply) => reply !== undefined);
  const answer = answers.find((reply) => !isPositive(reply) && !wantsTls(reply));
  if (answer === undefined || told.verdict === 'fail')
    return { kind: 'untold', outcome: untold(shown, 'open-relay', told.because) };
  return { kind: 'refused', reply: answer, evidence: [cite(answer)] };
}

const because = (why: string): Relaying => ({ kind: 'untold', outcome: notTold(why) });

/** Whether the file trusts us to relay, by `mynetworks`, or by `mynetworks_style` where that is not set. */
export function trustOf({ service, us }: RowContext): Membership {
  const { value } = service.setting('mynetworks');
  if (value !== null) return us.isIn(value);
  // The addresses of the host itself, and of its networks, are in no file.
  const membership = us.isIn('unknown');
  const isHost = /^host$/i.test(service.setting('mynetworks_style').value ?? '');
  return isHost && membership === 'unknown' && us.isSure ? 'out' : membership;
}

const wantsTls = ({ code }: Reply): boolean => code === 530;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** The last opening of each phase: with the sender and the outside address that it settled on. */
export function openingsOf(shown: Shown) {
  return (shown.observed('open-relay')?.phases ?? []).flatMap(({ openings }) => openings.slice(-1));
}
