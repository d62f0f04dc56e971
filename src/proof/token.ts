import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** What a token vouches for, besides the time when it was made. */
export interface Vouched {
  /** The server that gets the message, and what the message is to show there. */
  readonly about: string;
  readonly at: Date;
}

/** Days that a token holds: a queue keeps mail for five (Postfix `maximal_queue_lifetime`) before it bounces. */
const daysHeld = 7;
/** Seconds by which the clocks of scanner and sink may differ. */
const skew = 600;
const form = /^mxp-([0-9a-z]{6,8})-([0-9a-f]{12})-([0-9a-f]{24})$/;

/**
 * A local part that only who has the secret can make: time, a digest of what it is about, and 96 bits of HMAC-SHA-256
 * (RFC 2104 §5) over both. 53 octets at most (RFC 5321 §4.5.3.1.1).
 */
export function makeToken(secret: string, { about, at }: Vouched): string {
  const time = Math.floor(at.getTime() / 1000).toString(36);
  const digest = createHash('sha256').update(about).digest('hex').slice(0, 12);
  return `mxp-${time}-${digest}-${macOf(secret, time, digest)}`;
}

/** Whether it was made with this secret, and not too long ago. */
export function isToken(secret: string, text: string, now: Date): boolean {
  const [, time, digest, mac] = form.exec(text.toLowerCase()) ?? [];
  if (time === undefined || digest === undefined || mac === undefined) return false;
  const age = now.getTime() / 1000 - Number.parseInt(time, 36);
  if (age < -skew || age > daysHeld * 86_400) return false;
  return timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(secret, time, digest)));
}

const macOf = (secret: string, time: string, digest: string): string =>
  createHmac('sha256', secret).update(`${time} ${digest}`).digest('hex').slice(0, 24);
