import { roles } from '../../model/endpoint.ts';
import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import { vantages } from '../../model/vantage.ts';

/** Why a recipient is asked for. `known`: the mailbox that the user named. */
const recipientNames = ['known', 'random', 'bare-postmaster', 'postmaster', 'abuse'] as const;
export type RecipientName = (typeof recipientNames)[number];

const recipientAnswerShape = (z: Zod) =>
  z.object({ name: z.enum(recipientNames), recipient: z.string(), exchange: exchangeShape(z) });
export type RecipientAnswer = Shaped<typeof recipientAnswerShape>;

const ownSenderAnswerShape = (z: Zod) =>
  z.object({
    sender: z.string(),
    recipient: z.string(),
    mail: exchangeShape(z).nullable(),
    rcpt: exchangeShape(z).nullable(),
  });

/** MAIL from an address of the server's own, and RCPT to one of its own. */
export type OwnSenderAnswer = Shaped<typeof ownSenderAnswerShape>;

const roundShape = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    helo: z.string(),
    sender: z.string(),
    /** Where the names stand; null: no domain of the server's is known, and only `<postmaster>` was asked for. */
    domain: z.string().nullable(),
    /** Whether EHLO offered AUTH here. */
    auth: z.boolean(),
    mail: exchangeShape(z).nullable(),
    answers: z.array(recipientAnswerShape(z)),
    ownSenders: z.array(ownSenderAnswerShape(z)),
    cut: troubleShape(z).nullable(),
  });

/** One sender's round of recipients, in clear or inside TLS. JSON-safe. */
export type RecipientsRound = Shaped<typeof roundShape>;

export const recipientsShape = (z: Zod) =>
  z.object({
    rounds: z.array(roundShape(z)),
    role: z.enum(roles),
    vantage: z.enum(vantages),
    /** Whether the user named the domain. */
    domainGiven: z.boolean(),
  });

/** All rounds; the last one is the one to judge. */
export type RecipientsData = Shaped<typeof recipientsShape>;

export function lastRound({ rounds }: RecipientsData): RecipientsRound {
  const round = rounds.at(-1);
  if (round === undefined) throw new Error('there is no round of recipients');
  return round;
}
