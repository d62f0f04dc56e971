import type { Shaped, Zod } from './shape.ts';
import { citeShape } from './transcript.ts';
import { troubleShape } from './trouble.ts';

/** Versions that a ClientHello of ours may offer, oldest first, as OpenSSL names them. */
export const helloVersions = ['SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;
export type HelloVersion = (typeof helloVersions)[number];

/** What a ClientHello of ours offers. */
export interface HelloOffer {
  /** The newest version; whoever offers it offers all older ones with it (RFC 5246 §E.1). */
  readonly newest: HelloVersion;
  /** Numbers of cipher suites at IANA, in the order in which they are preferred. */
  readonly suites: readonly number[];
}

export const tlsAnswerShape = (z: Zod) =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('server-hello'),
      /** What the server chose, as OpenSSL names it; in hexadecimal where it has no name. */
      version: z.string(),
      /** The number of the suite that it chose. */
      suite: z.number(),
      /** Whether the rest of what it says before our turn (RFC 5246 §7.3) came too: it could do what it chose. */
      isWhole: z.boolean(),
      at: citeShape(z),
    }),
    /** The server broke it off, and said with what (RFC 5246 §7.2, RFC 8446 §6), such as `handshake_failure`. */
    z.object({ kind: z.literal('alert'), alert: z.string(), at: citeShape(z) }),
    /** No such answer, and why. */
    z.object({ kind: z.literal('none'), cut: troubleShape(z) }),
  ]);

/** What a server answers to a ClientHello. */
export type TlsAnswer = Shaped<typeof tlsAnswerShape>;
