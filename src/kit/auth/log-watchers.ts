import { offers, type Reply } from '../../model/reply.ts';
import type { Wire } from '../probe.ts';
import { authOffer } from './mechanisms.ts';

/**
 * Log watchers (fail2ban) count the lines that servers write of failed logins. Unless the user allows such lines, a
 * login is begun only where calling it off leaves none.
 */
export const mayBeLogged = ({ subject: { allow } }: Wire): boolean => allow === 'intrusive' || allow === 'load';

/**
 * How many logins may be begun and called off in one session, by who the server is in its EHLO reply.
 * - Courier (`XEXDATA`, `XVERP=COURIER`) logs each as "535 Authentication failed.": none of what it lists.
 * - Dovecot's submission service (`BURL`) logs the second as "auth failed, 2 attempts", and in clear each password
 *   mechanism that it does not list as "tried to use disallowed plaintext auth": one of what it lists.
 * - Exim logs AUTH where it lists none as "AUTH command used when not advertised": none there.
 */
export function loginsToBegin(ehlo: Reply): number {
  const isListing = authOffer(ehlo).mechanisms.length > 0;
  if (!isListing && takesOnlyListed(ehlo)) return 0;
  if (offers(ehlo, 'BURL')) return 1;
  const isCourier = offers(ehlo, 'XEXDATA') || offers(ehlo, 'XVERP=COURIER');
  return isCourier && isListing ? 0 : Number.POSITIVE_INFINITY;
}

/**
 * What their EHLO does not list, these take from nobody: Dovecot's submission service (`disable_plaintext_auth`) and
 * Exim (`auth_advertise_hosts`).
 */
export const takesOnlyListed = (ehlo: Reply): boolean => offers(ehlo, 'BURL') || isExim(ehlo);

/** By a keyword that is Exim's own, beside its way to say hello, which is all that it says to HELO. */
const isExim = (ehlo: Reply): boolean =>
  /^250[ -]\S+ Hello .*\[[\da-f.:]+\]$/i.test(ehlo.lines[0].text) &&
  (ehlo.lines.length === 1 || ['PIPECONNECT', 'X_PIPE_CONNECT', 'PRDR'].some((keyword) => offers(ehlo, keyword)));
