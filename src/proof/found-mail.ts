import { fieldsOf, valuesOf } from './header.ts';
import type { FoundMail } from './mailbox.ts';

/** Octets of a header that are kept. The largest field that is sent has 110,000. */
const mostHeader = 300_000;

/** Octets of a body that are kept. */
const mostBody = 4096;

/** Octets of a message that need be read. */
export const mostRead = mostHeader + mostBody;

/** The beginning of a stored message, taken apart; lines end by CRLF or by LF. */
export function foundMail(octets: Uint8Array, at: Date): FoundMail {
  const text = Buffer.from(octets).toString('latin1');
  const empty = /(?:^|\n)\r?\n/.exec(text);
  const end = empty === null ? text.length : empty.index + empty[0].length;
  return { header: text.slice(0, Math.min(end, mostHeader)), body: text.slice(end, end + mostBody), at };
}

/** The tokens that a message has: what stands in a field of that name and nothing else. */
export const tokensIn = ({ header }: FoundMail): string[] => valuesOf(fieldsOf(header), 'x-mxprobe-token');
