import { type Arrival, arrivalShape } from '../../model/arrival.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { citeShape } from '../../model/transcript.ts';
import { vantages } from '../../model/vantage.ts';
import { handedShape } from './hand-in.ts';

const cameShape = (z: Zod) =>
  z.object({
    arrival: arrivalShape(z),
    /** Seconds from the answer to the message until it was seen. */
    seconds: z.number(),
    /** What of it stands in the transcript: the Received field of the server that was asked, else the newest. */
    at: citeShape(z),
  });

/** A message that came out at the other end. */
export type Came = Shaped<typeof cameShape>;

const sentShape = (z: Zod) =>
  z.object({
    /** The form of `open-relay` that it was sent in. */
    form: z.string(),
    sender: z.string(),
    recipient: z.string(),
    handed: handedShape(z),
    /** At the recipient. */
    came: cameShape(z).nullable(),
    /** At the sender: a bounce. */
    bounced: cameShape(z).nullable(),
  });

/** A message in a form that the server had accepted, and what became of it. */
export type Sent = Shaped<typeof sentShape>;

export const relayProofShape = (z: Zod) =>
  z.object({
    /** Where it was to come out; null where the user has named nothing. */
    receiver: z.string().nullable(),
    /** Forms that `open-relay` had accepted. */
    accepted: z.array(z.string()),
    /** Why the control did not arrive; null where it did, or was not asked for. */
    controlFailed: z.string().nullable(),
    sent: z.array(sentShape(z)),
    waitedSeconds: z.number(),
    helo: z.string(),
    vantage: z.enum(vantages),
    /** Whether another plain form was refused: then the server treats us as a stranger. */
    plainRefused: z.boolean(),
  });

export type RelayProof = Shaped<typeof relayProofShape>;

/** The Received field by which the server that was asked took the message: it names us. */
export function receivedFromUs({ received }: Arrival, helo: string): string | null {
  return received.find((line) => line.toLowerCase().includes(`from ${helo.toLowerCase()}`)) ?? null;
}
