import { replyShape } from './reply.ts';
import type { Shaped, Zod } from './shape.ts';
import { citeShape } from './transcript.ts';

export const aftermathShape = (z: Zod) =>
  z.object({
    /** What was written, in one go. */
    sent: citeShape(z),
    /** All replies, in the order of their coming, each with the seconds from the write to its end. */
    replies: z.array(z.object({ reply: replyShape(z), seconds: z.number() })),
    /** How the connection stood then. */
    end: z.enum(['open', 'hang-up', 'reset']),
    /** The remark that says how it ended; null where it stood open. */
    endAt: citeShape(z).nullable(),
    /** Seconds from the write to that. */
    seconds: z.number(),
  });

/** What a server did about octets that no client should send (`SmtpSession.dare`). JSON-safe. */
export type Aftermath = Shaped<typeof aftermathShape>;
