import type { Reply } from '../../model/reply.ts';
import { visible } from '../../model/visible.ts';

/** What a 334 carries in base64 (RFC 4954 §4); null where that is nothing, or no base64. */
export function challengeOf(reply: Reply): string | null {
  const data = reply.lines[0].text.slice(4).trim();
  return data !== '' && /^[A-Za-z0-9+/]+={0,2}$/.test(data) ? data : null;
}

/** The host in a CRAM-MD5 challenge, `<number.number@host>` (RFC 2195 §2). */
export function cramHost(base64: string): string | null {
  const host = /^<[^<>@]*@([^<>@]+)>$/.exec(decoded(base64))?.[1];
  return host === undefined ? null : visible(host);
}

/**
 * The realms in a DIGEST-MD5 challenge, `realm="example.test",nonce="…"` (RFC 2831 §2.1.1; Postfix
 * `smtpd_sasl_local_domain`).
 */
export function digestRealms(base64: string): string[] {
  // Quoted values may hold anything, `realm=` too: they are read over, not searched.
  const directives = decoded(base64).matchAll(/(?<![a-z-])([a-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.?)*)(?:"|$)|([^\s",]*))/gi);
  return [...directives]
    .filter(([, name]) => name?.toLowerCase() === 'realm')
    .map(([, , quoted, bare]) => visible((quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '').slice(0, 255)));
}

/** Longer challenges have nothing more to say. */
const decoded = (base64: string): string => Buffer.from(base64, 'base64').subarray(0, 4096).toString('utf8');
