import { cite, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';

/** The SASL mechanisms that an EHLO reply names, in capitals, each once and in its order. */
export interface AuthOffer {
  readonly mechanisms: readonly string[];
  /** Whether the old spelling `AUTH=PLAIN LOGIN` is there (Postfix `broken_sasl_auth_clients`). */
  readonly legacyLine: boolean;
  /** The lines that name them; empty where none does. */
  readonly at: readonly Cite[];
}

/** More of a list than this tells nothing more. */
const listLimit = 64;
/** RFC 4422 §3.1: 1 to 20 of these. Some servers have longer names. */
const mechanismName = /^[A-Z0-9_-]{1,40}$/;

/**
 * Reads `AUTH PLAIN LOGIN` (RFC 4954 §3) and `AUTH=PLAIN LOGIN`, in any case, on any line but the first, on as many as
 * there are.
 */
export function authOffer(ehlo: Reply): AuthOffer {
  const mechanisms = new Set<string>();
  const at: Cite[] = [];
  let legacyLine = false;
  for (const [line, { text }] of ehlo.lines.entries()) {
    const [, sign, list] = line === 0 ? [] : (/^\s*AUTH(\s*=|\s|$)(.*)$/is.exec(text.slice(4)) ?? []);
    if (sign === undefined || list === undefined) continue;
    legacyLine ||= sign.endsWith('=');
    at.push(cite(ehlo, line));
    for (const name of list.toUpperCase().split(/\s+/)) {
      if (mechanismName.test(name) && mechanisms.size < listLimit) mechanisms.add(name);
    }
  }
  return { mechanisms: [...mechanisms], legacyLine, at };
}

/** Password or bearer token cross the wire as they are (RFC 4616, RFC 7628). */
const secretMechanisms = new Set(['PLAIN', 'LOGIN', 'XOAUTH2', 'OAUTHBEARER', 'XOAUTH']);
/** RFC 6331 (DIGEST-MD5 to historic), RFC 6151 §2.3 on HMAC-MD5, and NTLM, which its maker has given up. */
export const weakMechanisms: readonly string[] = ['CRAM-MD5', 'DIGEST-MD5', 'NTLM'];
/**
 * Asked for even where they are hidden: `smtpd_sasl_exceptions_networks` takes AUTH off the list, and it works all the
 * same.
 */
const common = ['PLAIN', 'LOGIN', 'ANONYMOUS'];
/** Asked for where they are listed, the talkative ones first. */
const others = [
  ...['NTLM', 'DIGEST-MD5', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER', 'EXTERNAL', 'GSSAPI', 'GSS-SPNEGO'],
  ...['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS', 'SCRAM-SHA-1', 'SCRAM-SHA-1-PLUS', 'KERBEROS_V4', 'SRP'],
];
/** Postfix counts each refusal and each `*` as an error, and slows down after 10 (`smtpd_soft_error_limit`). */
const listedLimit = 8;

export const isSecret = (mechanism: string): boolean => secretMechanisms.has(mechanism);
/** ANONYMOUS (RFC 4505) proves nobody's identity: no user logs in by it. */
export const isForUsers = (mechanism: string): boolean => mechanism !== 'ANONYMOUS';

/**
 * The mechanisms to try, in order: what is listed, then the common ones that are not. Where a mechanism that sends a
 * secret is listed, a hidden one would tell nothing more; and servers write each unknown one in their log.
 */
export function mechanismsToTry(listed: readonly string[]): string[] {
  const isListed = (mechanism: string) => listed.includes(mechanism);
  const hidden = common.filter((mechanism) => !isListed(mechanism) && !(isSecret(mechanism) && listed.some(isSecret)));
  return [...[...common, ...others].filter(isListed).slice(0, listedLimit), ...hidden];
}
