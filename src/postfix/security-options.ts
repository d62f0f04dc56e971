import { listOf } from './values.ts';

/** Mechanisms that send a password as it is. */
export const isPlaintext = (mechanism: string): boolean => ['PLAIN', 'LOGIN'].includes(mechanism.toUpperCase());

/** Whether `smtpd_sasl_security_options` let a mechanism through, by the two options whose effect on a list is known. */
export function passes(mechanism: string, options: string): boolean {
  const words = listOf(options.toLowerCase());
  if (words.includes('noplaintext') && isPlaintext(mechanism)) return false;
  return !(words.includes('noanonymous') && mechanism.toUpperCase() === 'ANONYMOUS');
}
