import type { Shaped, Zod } from '../../model/shape.ts';
import { withTimeline } from '../../model/timeline.ts';
import { citeShape } from '../../model/transcript.ts';
import { troubleShape } from '../../model/trouble.ts';
import { vantages } from '../../model/vantage.ts';
import { authOfferShape } from './auth-offer.ts';
import { limiterKinds } from './rate-question.ts';

/** What `measureRate` comes to. */
const rateResult = (z: Zod) => {
  const effort = { tried: z.number(), seconds: z.number(), events: z.number() };
  const kind = z.enum(limiterKinds);
  return z.discriminatedUnion('outcome', [
    z.object({
      ...effort,
      outcome: z.literal('found'),
      limit: z.number(),
      kind,
      window: z.object({ low: z.number(), high: z.number(), kind }).nullable(),
      refusal: citeShape(z),
      accepted: citeShape(z).nullable(),
    }),
    z.object({ ...effort, outcome: z.literal('none'), last: citeShape(z) }),
    z.object({ ...effort, outcome: z.literal('slowed'), after: z.number(), last: citeShape(z) }),
    troubleShape(z).extend({
      ...effort,
      outcome: z.literal('doubt'),
      tripped: z.boolean(),
      refusedAfter: z.number().exactOptional(),
    }),
  ]);
};

export const rateShape = (z: Zod) =>
  z.object({
    result: rateResult(z),
    vantage: z.enum(vantages),
    /** A limiter of this service has refused us, here or before: we are counted, wherever we stand. */
    counted: z.boolean(),
    /** Of AUTH commands: where they are offered. */
    offer: authOfferShape(z).exactOptional(),
    ...withTimeline(z),
  });

/** What the measuring of one limiter brought back. */
export type RateData = Shaped<typeof rateShape>;
