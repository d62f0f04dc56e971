import type { Exchange } from '../../model/reply.ts';
import { type Meaning, meaningOf } from '../../mta/reply-meaning.ts';
import type { RecipientAnswer, RecipientName, RecipientsRound } from './round.ts';

/** The answer to a recipient, with its meaning. */
export interface Heard {
  readonly recipient: string;
  readonly exchange: Exchange;
  readonly meaning: Meaning;
}

/** What was heard of each name in a round. */
export interface HeardNames {
  readonly known: Heard | null;
  readonly randoms: readonly Heard[];
  readonly bare: Heard | null;
  readonly postmaster: Heard | null;
  readonly abuse: Heard | null;
}

export function hear({ answers, sender, helo }: RecipientsRound): HeardNames {
  const heard = ({ recipient, exchange }: RecipientAnswer): Heard => ({
    recipient,
    exchange,
    meaning: meaningOf(exchange.reply, { stage: 'rcpt', sender, helo, recipient }),
  });
  const all = (name: RecipientName) => answers.filter((answer) => answer.name === name).map(heard);
  const one = (name: RecipientName) => all(name)[0] ?? null;
  return {
    known: one('known'),
    randoms: all('random'),
    bare: one('bare-postmaster'),
    postmaster: one('postmaster'),
    abuse: one('abuse'),
  };
}

/** The one meaning that all of them have; null where they differ, or there are none. */
export function commonMeaning(heard: readonly Heard[]): Meaning | null {
  const meanings = new Set(heard.map(({ meaning }) => meaning));
  return meanings.size === 1 ? ([...meanings][0] ?? null) : null;
}
