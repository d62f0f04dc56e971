import type { Shaped, Zod } from './shape.ts';
import { type Cite, citeShape } from './transcript.ts';

/** What may be asked of DNS; `HTTPS` is the fetch of a file, which stands beside the answers of DNS as their like. */
const lookupTypes = ['A', 'AAAA', 'CNAME', 'MX', 'PTR', 'TLSA', 'TXT', 'HTTPS'] as const;

export const lookupShape = (z: Zod) =>
  z.object({
    /** Lower case, without the root's dot; a URL where a file was fetched. */
    name: z.string(),
    type: z.enum(lookupTypes),
    /**
     * As RFC 6895 §2.3 names it, `NOERROR`, `NXDOMAIN`, `SERVFAIL` …; `BOGUS` where validation fails: SERVFAIL, and an
     * answer with checking disabled (RFC 4035 §3.2.2). `none`: no answer. Of a fetch: the status, `200`.
     */
    rcode: z.string(),
    /** The AD bit (RFC 4035 §3.2.3), from a resolver that may be trusted. */
    authenticated: z.boolean(),
    /** As zone files write them, printable; of a fetch, its first lines. */
    records: z.array(z.string()),
    /** Seconds, the least of the answer; null where nothing was found. */
    ttl: z.number().nullable(),
    /** What the name is an alias of, in order. */
    aliases: z.array(z.string()).exactOptional(),
    /** Why there is no answer, or not the whole of it. */
    because: z.string().exactOptional(),
  });

/** One question to DNS and its answer, as a report keeps it. A cite's `event` is its place in the list. */
export type Lookup = Shaped<typeof lookupShape>;

/** The session that cites of look-ups name: a target has but one list of them. */
export const lookupSession = 'dns';

/** What an answer of 64 kB says is in the record: a quote is for people. */
const maxQuote = 1000;

/** An answer on one line, which is what is quoted of it. */
export function lookupWords({ name, type, rcode, authenticated, records, aliases = [], because }: Lookup): string {
  const of = [name, ...aliases].join(' -> ');
  const whole = records.length > 0 ? records.join(' | ') : (because ?? 'nothing of this type');
  const said = whole.length > maxQuote ? `${[...whole].slice(0, maxQuote).join('')}…` : whole;
  return `${of} ${type}: ${rcode === 'NOERROR' && records.length > 0 ? '' : `${rcode}, `}${said}${authenticated ? ' (authenticated)' : ''}`;
}

/** Where look-up `event` of a target says what it says. */
export const citeLookup = (lookup: Lookup, event: number): Cite => ({
  session: lookupSession,
  event,
  quote: lookupWords(lookup),
});

const mxRecord = (z: Zod) => z.object({ preference: z.number(), exchange: z.string() });
/** `usage`, `selector` and `matching` are numbers (RFC 6698 §2.1), `data` hexadecimal in small letters. */
const tlsaRecord = (z: Zod) =>
  z.object({ usage: z.number(), selector: z.number(), matching: z.number(), data: z.string() });
const text = (z: Zod) => z.string();

/**
 * What a record holds, by type. Names are in lower case without the root's dot, empty for the root itself; addresses
 * in their normal form; a TXT record is its strings joined without a blank (RFC 7208 §3.3).
 */
export const recordShapes = {
  A: text,
  AAAA: text,
  CNAME: text,
  MX: mxRecord,
  PTR: text,
  TLSA: tlsaRecord,
  TXT: text,
} as const;

export type RecordType = keyof typeof recordShapes;
export type RecordOf<T extends RecordType> = Shaped<(typeof recordShapes)[T]>;

/**
 * What came of a question to DNS.
 * - `found`: at least one record. `no-data`: the name is there, and has none of this type. `no-name`: NXDOMAIN.
 * - `bogus`: validation fails, so that a resolver which validates gives no answer. `records` are what comes with
 *   checking disabled.
 * - `failed`: no answer, or one that says nothing; `because` is half a sentence.
 */
export const answerKinds = ['found', 'no-data', 'no-name', 'bogus', 'failed'] as const;

/** The shape of an answer of this type, for the observation of a probe. */
export const answerShape =
  <T extends RecordType>(type: T) =>
  (z: Zod) =>
    z.object({
      kind: z.enum(answerKinds),
      records: z.array(recordShapes[type](z) as ReturnType<(typeof recordShapes)[T]>),
      /** What the name is an alias of, in order; empty where it is none. */
      aliases: z.array(z.string()),
      /** Whether DNSSEC vouches for it; null where the resolver does not tell, or may not be believed. */
      secure: z.boolean().nullable(),
      because: z.string().nullable(),
      /** Of an answer `failed`: what the server said, as in `Lookup`; absent where it said nothing. */
      rcode: z.string().exactOptional(),
      at: citeShape(z),
    });

/** See `answerKinds`. JSON-safe. */
export interface Answered<T extends RecordType> {
  readonly kind: (typeof answerKinds)[number];
  readonly records: readonly RecordOf<T>[];
  readonly aliases: readonly string[];
  readonly secure: boolean | null;
  readonly because: string | null;
  /** Of an answer `failed`: what the server said, as in `Lookup`; absent where it said nothing. */
  readonly rcode?: string;
  readonly at: Cite;
}

/**
 * A file over HTTPS, by the rules of RFC 8461 §3.3: `fetched` with its status, redirects not followed; `failed` where
 * there was none to have.
 * - `certificate`: not valid for that name by the roots of the web. `private`: the name leads to a private address.
 * - `no-address`: it leads to none. `dns-failed`: DNS does not say. `unreachable`: no connection, or none that got as
 *   far as a certificate. `broken`: what came is no TLS, or no HTTP, or packed. `late`, `too-large`: a bound of ours.
 */
export const fetchedShape = (z: Zod) =>
  z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('fetched'),
      status: z.number(),
      contentType: z.string().nullable(),
      /** Where a redirect leads. */
      location: z.string().nullable(),
      /** Of a 200: its lines as they came, all else printable. Empty of any other. */
      body: z.string(),
      at: citeShape(z),
    }),
    z.object({
      kind: z.literal('failed'),
      why: z.enum(['certificate', 'private', 'no-address', 'dns-failed', 'unreachable', 'broken', 'late', 'too-large']),
      because: z.string(),
      at: citeShape(z),
    }),
  ]);
export type Fetched = Shaped<typeof fetchedShape>;

type WithoutCite<T> = T extends unknown ? Omit<T, 'at'> : never;
/** What a fetch brought, before it has its place in the record. */
export type FetchedFile = WithoutCite<Fetched>;

/** Nothing rejects: no answer is an answer of its own. */
export type Ask = <T extends RecordType>(name: string, type: T) => Promise<Answered<T>>;

/** What may be asked about a subject. A question is put once a scan. */
export interface NamesAbout<Subject> {
  readonly subject: Subject;
  readonly ask: Ask;
  /** GET by the rules of RFC 8461 §3.3: no redirects, bounded in size and time, never to a private address. */
  fetch(url: string): Promise<Fetched>;
}

/** Names, and what was asked of them so far: each once, in the order of the answers. Cites point into it. */
export interface RecordedNames<Subject> {
  readonly names: NamesAbout<Subject>;
  readonly lookups: readonly Lookup[];
}
