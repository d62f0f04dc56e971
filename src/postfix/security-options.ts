import { listOf } from './values.ts';

/** Mechanisms that send a password as it is. */
export const isPlaintext = (mechanism: string): boolean => ['PLAIN', 'LOGIN'].includes(mechanism.toUpperCase());

/** Options that no mechanism fulfils which sends a password as it is. */
const outOfReach = ['noplaintext', 'forward_secrecy', 'mutual_auth'];

/** Whether `smtpd_sasl_security_options` let a mechanism through, by the options whose effect on a list is known. */
export function passes(mechanism: string, options: string): boolean {
  const words = listOf(options.toLowerCase());
  if (isPlaintext(mechanism) && words.some((word) => outOfReach.includes(word))) return false;
  return !(words.includes('noanonymous') && mechanism.toUpperCase() === 'ANONYMOUS');
}
