import type { Reply } from '../model/reply.ts';
import { isPositive } from '../model/reply.ts';
import type { Shown } from './shown.ts';

/** Probes besides `hello` that show the answer inside TLS. */
export const insideProbes = ['auth-after-tls', 'starttls-works'] as const;

/** The answers to EHLO that there are, in clear before those inside TLS. */
export function ehlosOf(shown: Shown): Reply[] {
  return [clearEhlo(shown), insideEhlo(shown)].filter((reply) => reply !== null);
}

/** Before TLS; null where TLS comes first, or nobody answered. */
export function clearEhlo(shown: Shown): Reply | null {
  const first = shown.observed('hello');
  return first === null || first.tls ? null : positive(first.ehlo.reply);
}

/** Inside TLS; null where there was none. */
export function insideEhlo(shown: Shown): Reply | null {
  const first = shown.observed('hello');
  if (first?.tls === true) return positive(first.ehlo.reply);
  const auth = shown.observed('auth-after-tls');
  if (auth?.kind === 'asked') return positive(auth.phase.ehlo.reply);
  const started = shown.observed('starttls-works');
  return started?.kind === 'established' ? positive(started.ehlo?.reply ?? null) : null;
}

const positive = (reply: Reply | null): Reply | null => (reply !== null && isPositive(reply) ? reply : null);
