import type { Shaped, Zod } from './shape.ts';
import type { Cite } from './transcript.ts';

/** The events that a limiter may have counted, in the order of time. */
const timelineShape = (z: Zod) =>
  z.array(
    z.object({
      /** The answer to it, and so the time, stands in the transcript there. */
      session: z.string(),
      event: z.number(),
      /** The how manieth it was, or would have been. */
      level: z.number(),
      isRefused: z.boolean(),
    }),
  );
export type Timeline = Shaped<typeof timelineShape>;

/** Part of the observation of a probe that measures a limit; absent from reports of versions that did not keep it. */
export const withTimeline = (z: Zod) => ({ timeline: timelineShape(z).exactOptional() });

/** Numbers events; after a refusal the count begins anew with the next that is taken. */
export function timelineOf(events: readonly { readonly at: Cite; readonly isRefused: boolean }[]): Timeline {
  let taken = 0;
  let wasRefused = false;
  return events.map(({ at: { session, event }, isRefused }) => {
    if (wasRefused && !isRefused) taken = 0;
    if (!isRefused) taken += 1;
    wasRefused = isRefused;
    return { session, event, level: isRefused ? taken + 1 : taken, isRefused };
  });
}
