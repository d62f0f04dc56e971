import type { Reply } from '../../model/reply.ts';
import type { Meaning } from '../../mta/reply-meaning.ts';

/**
 * Whether a refusal means that everybody without AUTH is refused: it says so, or it is Postfix's bare "Access denied"
 * where AUTH is offered (`permit_sasl_authenticated, reject` among client or recipient restrictions). A block list
 * gives a reason, and is none.
 */
export function demandsAuth(reply: Reply, meaning: Meaning, authOffered: boolean): boolean {
  if (meaning === 'auth-required') return true;
  return authOffered && accessDenied.test(withoutCode(reply));
}

const accessDenied = /^<[^>]*>: (client host|recipient address) rejected: access denied\.?$/i;

const withoutCode = ({ text }: Reply): string => text.replace(/^[245]\.\d{1,3}\.\d{1,3} /, '').trim();
