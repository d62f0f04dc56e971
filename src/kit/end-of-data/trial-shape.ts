import { aftermathShape } from '../../model/aftermath.ts';
import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';

export const trialShape = (z: Zod) => {
  const about = { variant: z.string() };
  return z.discriminatedUnion('kind', [
    /** No message could be begun: a command before it was refused. */
    z.object({ kind: z.literal('refused'), ...about, verb: z.string(), exchange: exchangeShape(z) }),
    z.object({ kind: z.literal('cut'), ...about, cut: troubleShape(z) }),
    z.object({
      kind: z.literal('asked'),
      ...about,
      /** Whether NOOP stood behind the variant in the same write. */
      followed: z.boolean(),
      /** Seconds that an answer was waited for before the end of the message was sent. */
      waited: z.number(),
      /** The message and the variant. */
      body: aftermathShape(z),
      /** The end of the message, where nothing had come before. */
      end: aftermathShape(z).nullable(),
      /** QUIT: commands are answered in order, so that whatever was said before its answer is counted. */
      quit: aftermathShape(z),
    }),
  ]);
};

/** One message with a variant in it, in a session of its own. JSON-safe. */
export type Trial = Shaped<typeof trialShape>;
export type AskedTrial = Extract<Trial, { kind: 'asked' }>;
