import { momentShape, type Shaped, type Zod } from './shape.ts';
import { citeShape } from './transcript.ts';

const certificateFacts = (z: Zod) =>
  z.object({
    subject: z.string(),
    issuer: z.string(),
    /** Such as `DNS:mx.example.com` and `IP Address:192.0.2.1`; a name with odd characters stands in quotes. */
    altNames: z.array(z.string()),
    validFrom: z.string(),
    validTo: z.string(),
    /** Hexadecimal, as are the digests: `sha256` in capitals with colons, the others as TLSA records write them. */
    serial: z.string(),
    sha256: z.string(),
    /** What TLSA records hold besides (RFC 6698 §2.1): of the certificate, and of its SubjectPublicKeyInfo. */
    sha512: z.string().exactOptional(),
    keySha256: z.string().exactOptional(),
    keySha512: z.string().exactOptional(),
    /** Places in the chain, from 0, of the certificates whose name and key have signed it, itself included. */
    signedBy: z.array(z.number()).exactOptional(),
    /** As Node names it: `rsa`, `rsa-pss`, `ec`, `ed25519`…; null where the runtime cannot read the key. */
    keyType: z.string().nullable(),
    /** RSA modulus or curve size in bits; null where the runtime does not say. */
    bits: z.number().nullable(),
    /** Such as `RSA with SHA-256`; a dotted OID that is not known; null where it cannot be read. */
    signature: z.string().nullable(),
    /** Signed with its own key. */
    selfSigned: z.boolean(),
    /** Says that it may sign others (basicConstraints). */
    ca: z.boolean(),
  });

/** One certificate as the server sent it. Names are printable; dates ISO 8601. */
export type CertificateFacts = Shaped<typeof certificateFacts>;

export const tlsFactsShape = (z: Zod) =>
  z.object({
    /** As OpenSSL names it, such as `TLSv1.3`. */
    protocol: z.string(),
    cipher: z.string(),
    /**
     * Whether the chain leads to a trusted root (`--tls-ca`, else the runtime's own). Whose name it bears is not in it.
     */
    trusted: z.boolean(),
    /**
     * OpenSSL's reason where it does not: the last that it came across, so that an expired certificate hides an unknown
     * root.
     */
    distrust: z.string().nullable(),
    /** As the server sent it, leaf first; nothing is added from the store here. */
    chain: z.array(certificateFacts(z)),
    seconds: z.number(),
    /** The clock here at the handshake, ISO 8601: what dates are judged by, now and later. */
    seenAt: momentShape(z),
    /** Where the transcript says so. */
    at: citeShape(z),
  });

/** What a handshake settled. JSON-safe. */
export type TlsFacts = Shaped<typeof tlsFactsShape>;
