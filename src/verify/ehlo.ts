import type { Reply } from '../model/reply.ts';
import { isPositive } from '../model/reply.ts';
import { authShape, helloShape, type Seen, startTlsShape } from './seen.ts';

/** The answers to EHLO that there are, in clear before those inside TLS. */
export function ehlosOf(seen: Seen): Reply[] {
  return [clearEhlo(seen), insideEhlo(seen)].filter((reply) => reply !== null);
}

/** Before TLS; null where TLS comes first, or nobody answered. */
export function clearEhlo(seen: Seen): Reply | null {
  const hello = seen.observed('hello', helloShape);
  return hello === null || hello.tls ? null : positive(hello.ehlo.reply);
}

/** Inside TLS; null where there was none. */
export function insideEhlo(seen: Seen): Reply | null {
  const hello = seen.observed('hello', helloShape);
  if (hello?.tls === true) return positive(hello.ehlo.reply);
  const auth = seen.observed('auth-after-tls', authShape);
  const started = seen.observed('starttls-works', startTlsShape);
  return positive(auth?.phase.ehlo.reply ?? started?.ehlo?.reply ?? null);
}

const positive = (reply: Reply | null): Reply | null => (reply !== null && isPositive(reply) ? reply : null);
