import type { Shaped, Zod } from './shape.ts';

export const arrivalShape = (z: Zod) =>
  z.object({
    /** When the receiver had it, ISO 8601. */
    at: z.string(),
    /** The address that handed it to the receiver; null where a mailbox does not tell. */
    peer: z.string().nullable(),
    /** The name that the address gave in EHLO. */
    helo: z.string().nullable(),
    /** The envelope: empty for a bounce (RFC 5321 §4.5.5). */
    sender: z.string().nullable(),
    recipient: z.string().nullable(),
    /** `TLSv1.3`, or null for clear text, where the receiver tells. */
    tls: z.string().nullable(),
    /** The Received fields (RFC 5321 §4.4), the newest first, unfolded and printable. */
    received: z.array(z.string()),
    /** The Authentication-Results fields (RFC 8601), the newest first, unfolded and printable. */
    authentication: z.array(z.string()),
  });

/** A message of ours as it came out at the other end: no body, and of the header these fields alone. JSON-safe. */
export type Arrival = Shaped<typeof arrivalShape>;
