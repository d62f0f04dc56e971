import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';

export const transactionShape = (z: Zod) =>
  z.object({
    id: z.string(),
    /** Reverse-path without brackets; empty for the null sender. */
    sender: z.string(),
    /** Forward-path without brackets. */
    recipient: z.string(),
    /** The HELO name to ask it under. */
    helo: z.string(),
    /** Its form may count as a syntax error, of which servers stand few. */
    odd: z.boolean(),
  });

/** One mail transaction to try, never beyond RCPT. */
export type Transaction = Shaped<typeof transactionShape>;

export const transactionAnswerShape = (z: Zod) =>
  z.object({
    id: z.string(),
    sender: z.string(),
    recipient: z.string(),
    session: z.string().nullable(),
    mail: exchangeShape(z).nullable(),
    rcpt: exchangeShape(z).nullable(),
    /** The answer to a recipient of the server's own, from the same sender in the same session. */
    control: exchangeShape(z).nullable(),
    /** Why it was not answered. */
    cut: troubleShape(z).nullable(),
  });

/** What the server said to one transaction. JSON-safe. */
export type TransactionAnswer = Shaped<typeof transactionAnswerShape>;
