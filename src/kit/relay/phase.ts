import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import { transactionAnswerShape } from '../transactions/transaction.ts';
import { relayFormShape } from './forms.ts';

const recipientAnswer = (z: Zod) => z.object({ recipient: z.string(), exchange: exchangeShape(z) });

const relayOpeningShape = (z: Zod) =>
  z.object({
    session: z.string().nullable(),
    helo: z.string(),
    sender: z.string(),
    external: z.string(),
    mail: exchangeShape(z).nullable(),
    rcpt: exchangeShape(z).nullable(),
    /** The answer to an odd form of the outside recipient. */
    odd: exchangeShape(z).nullable(),
    /** Answers to recipients that should be the server's own, best known first. */
    controls: z.array(recipientAnswer(z)),
    /** Whether this server calls an odd recipient form a syntax error. */
    strict: z.boolean(),
    /** Whether EHLO offered AUTH here. */
    auth: z.boolean(),
    cut: troubleShape(z).nullable(),
  });

/** How a phase begins: an outside recipient and the server's own, from one sender, under one HELO name. */
export type RelayOpening = Shaped<typeof relayOpeningShape>;

const confirmationShape = (z: Zod) =>
  z.object({
    id: z.string(),
    mail: exchangeShape(z).nullable(),
    rcpt: exchangeShape(z).nullable(),
    /** Whether replies and commands still paired up behind it. */
    inStep: z.boolean().exactOptional(),
    /** The answer to QUIT, by which earlier versions told that: 221. */
    quit: exchangeShape(z).nullable(),
    cut: troubleShape(z).nullable(),
  });

/** Asked again, one command at a time, each behind a reply that cannot be mistaken for another's. */
export type Confirmation = Shaped<typeof confirmationShape>;

const strangerShape = (z: Zod) => z.object({ host: z.string(), exchange: exchangeShape(z) });

/** The answer to an unknown local part at a place of the server's own, by host. */
export type Stranger = Shaped<typeof strangerShape>;

export const relayPhaseShape = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    openings: z.array(relayOpeningShape(z)),
    control: z.string().nullable(),
    /** The forms that were to be asked. */
    shapes: z.array(relayFormShape(z)),
    answers: z.array(transactionAnswerShape(z)),
    confirmations: z.array(confirmationShape(z)),
    strangers: z.array(strangerShape(z)),
  });

/** All that was asked in clear, or all inside TLS. */
export type RelayPhase = Shaped<typeof relayPhaseShape>;
