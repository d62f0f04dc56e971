import type { Shaped, Zod } from './shape.ts';

/**
 * What a remark of the scanner's tells.
 * - `connected`: the TCP connection stands.
 * - `handshake`: the TLS handshake is done.
 * - `handshake-failed`: it broke.
 * - `client-hello`: a ClientHello of ours went out, and no handshake will follow. `server-hello`: what answered it.
 * - `trouble`: why nothing more is heard here; the same that the trouble itself says.
 * - `part`: part of a command went out, without a line end.
 * - `pipelining`: commands of one flight were not all answered, and are asked again one by one.
 * - `closed`: the server ended the connection, which was what we waited for.
 * - `arrived`: a message that was handed in here came out where the user receives mail: what stood in it there.
 */
export const remarkKinds = [
  'connected',
  'handshake',
  'handshake-failed',
  'client-hello',
  'server-hello',
  'trouble',
  'part',
  'pipelining',
  'closed',
  'arrived',
] as const;
export type RemarkKind = (typeof remarkKinds)[number];

const transcriptEvent = (z: Zod) =>
  z.object({
    /** Seconds since the scan of the endpoint began. */
    at: z.number(),
    from: z.enum(['us', 'them', 'scanner']),
    /** Whether the line crossed inside TLS. */
    tls: z.boolean(),
    /** The probe that held the session. */
    probe: z.string(),
    /** The line without its line end, as `visible()` shows it; secrets replaced. */
    text: z.string(),
    /** Of a remark of the scanner's; absent from reports of versions that did not say. */
    kind: z.enum(remarkKinds).exactOptional(),
  });

/** One line that crossed the wire, or one remark of the scanner's own. Append-only; printable text only. */
export type TranscriptEvent = Shaped<typeof transcriptEvent>;

export const sessionTranscript = (z: Zod) => z.object({ id: z.string(), events: z.array(transcriptEvent(z)) });

/** One connection, from the first byte to the last. */
export type SessionTranscript = Shaped<typeof sessionTranscript>;

export const citeShape = (z: Zod) => z.object({ session: z.string(), event: z.number(), quote: z.string() });

/** Where a quote stands: event `event` of session `session` says `quote`. */
export type Cite = Shaped<typeof citeShape>;
