import type { Shaped, Zod } from '../../model/shape.ts';
import { withTimeline } from '../../model/timeline.ts';
import { citeShape } from '../../model/transcript.ts';
import { troubleShape } from '../../model/trouble.ts';
import { vantages } from '../../model/vantage.ts';

/** What `measureConcurrency` comes to. */
const concurrency = (z: Zod) => {
  const effort = { held: z.number(), tried: z.number(), seconds: z.number() };
  const at = citeShape(z);
  /** Absent from reports of versions that did not keep it. */
  const last = at.nullable().exactOptional();
  return z.discriminatedUnion('outcome', [
    z.object({ ...effort, outcome: z.literal('found'), limit: z.number(), at, again: at.nullable(), last }),
    z.object({ ...effort, outcome: z.literal('process-pool'), at, last, shut: z.literal(true).exactOptional() }),
    z.object({ ...effort, outcome: z.literal('rate-first'), at, refused: z.enum(['all the same', 'for a while']) }),
    z.object({ ...effort, outcome: z.literal('none'), last: at }),
    troubleShape(z).extend({ ...effort, outcome: z.literal('doubt') }),
  ]);
};

export const concurrencyShape = (z: Zod) =>
  z.object({
    result: concurrency(z),
    vantage: z.enum(vantages),
    /** A limiter of this service has refused us, here or before: we are counted, wherever we stand. */
    counted: z.boolean(),
    ...withTimeline(z),
  });

export type ConcurrencyData = Shaped<typeof concurrencyShape>;
