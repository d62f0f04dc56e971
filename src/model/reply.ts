import type { Shaped, Zod } from './shape.ts';
import type { Cite } from './transcript.ts';

/**
 * What was odd about a reply. A defect is data, never an exception.
 * - `not-a-reply`: the first line does not begin with a reply code (RFC 5321 §4.2); `code` is null.
 * - `code-out-of-range`: first digit not 2 to 5, or second not 0 to 5.
 * - `code-mismatch`: lines of one reply carry different codes.
 * - `bare-lf`, `bare-cr`, `nul`: line ends and bytes that RFC 5321 §2.3.8 does not allow.
 * - `not-utf8`: bytes that are not UTF-8.
 * - `line-too-long`: over 512 octets (RFC 5321 §4.5.3.1.5); cut where it passed the reader's own limit.
 */
const defects = [
  'not-a-reply',
  'code-out-of-range',
  'code-mismatch',
  'bare-lf',
  'bare-cr',
  'nul',
  'not-utf8',
  'line-too-long',
] as const;
export type Defect = (typeof defects)[number];

const replyLine = (z: Zod) => z.object({ text: z.string(), event: z.number() });

/** One line of a reply as it was received, code included, and the transcript event that holds it. */
export type ReplyLine = Shaped<typeof replyLine>;

export const replyShape = (z: Zod) =>
  z.object({
    session: z.string(),
    /** The three digits, or null where the first line has none. */
    code: z.number().nullable(),
    /** The enhanced status code (RFC 3463), such as `5.7.1`, also where qmail writes it: `(#5.7.1)`. */
    enhanced: z.string().nullable(),
    /** The text of all lines without codes, joined by one space. */
    text: z.string(),
    lines: z.tuple([replyLine(z)], replyLine(z)),
    defects: z.array(z.enum(defects)),
  });

/** A reply of the server's (RFC 5321 §4.2), whole. JSON-safe. */
export type Reply = Shaped<typeof replyShape>;

export const exchangeShape = (z: Zod) =>
  z.object({
    /** The command as recorded: secrets replaced. */
    command: z.string(),
    reply: replyShape(z),
    /** Seconds since the scan of the endpoint began, when the command was written. */
    sentAt: z.number(),
    /** Seconds from the command (for a pipelined one: from the whole flight) to the end of the reply. */
    seconds: z.number(),
  });

/** A command and the reply to it. JSON-safe. */
export type Exchange = Shaped<typeof exchangeShape>;

export const isPositive = (reply: Reply): boolean => within(reply, 200, 299);
export const isTransient = (reply: Reply): boolean => within(reply, 400, 499);
export const isPermanent = (reply: Reply): boolean => within(reply, 500, 599);
/** Refused for now or for good. */
export const isNegative = (reply: Reply): boolean => within(reply, 400, 599);

function within(reply: Reply, low: number, high: number): boolean {
  return reply.code !== null && reply.code >= low && reply.code <= high;
}

/** Cites one line of a reply: the first, unless told. */
export function cite(reply: Reply, line = 0): Cite {
  const { text, event } = reply.lines[line] ?? reply.lines[0];
  return { session: reply.session, event, quote: text };
}

/** The lines of an EHLO reply after the first, each split at white space, without codes (RFC 5321 §4.1.1.1). */
export function ehloKeywords(
  reply: Reply,
): { readonly keyword: string; readonly params: string[]; readonly line: number }[] {
  return reply.lines.slice(1).map((entry, index) => {
    const words = entry.text.slice(4).trim().split(/\s+/);
    return { keyword: (words[0] ?? '').toUpperCase(), params: words.slice(1), line: index + 1 };
  });
}

/** Whether an EHLO reply lists a keyword, in whatever case and place. */
export function offers(reply: Reply, keyword: string): boolean {
  return ehloKeywords(reply).some((entry) => entry.keyword === keyword.toUpperCase());
}
