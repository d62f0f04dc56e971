import { isNegative, type Reply } from '../model/reply.ts';
import { aboutVerb, verbOf } from './verbs.ts';

/**
 * What a session has used up of a server's patience. `recipients`, `transactions`: RCPT and MAIL that were answered,
 * however.
 */
export interface Spent {
  readonly refusals: number;
  readonly mistakes: number;
  readonly nonMail: number;
  readonly recipients: number;
  readonly transactions: number;
}

export const unspent: Spent = { refusals: 0, mistakes: 0, nonMail: 0, recipients: 0, transactions: 0 };

/** The same after one more command and its reply. */
export function spentBy(spent: Spent, command: string, reply: Reply): Spent {
  const verb = verbOf(command);
  const { isNonMail, refusal } = aboutVerb(verb);
  const ofSyntax = reply.code !== null && reply.code >= 500 && reply.code <= 504;
  const isMistake = refusal === 'mistake' || (refusal === 'by code' && ofSyntax);
  const refused = isNegative(reply);
  return {
    refusals: spent.refusals + Number(refused && !isMistake),
    mistakes: spent.mistakes + Number(refused && isMistake),
    nonMail: spent.nonMail + Number(isNonMail),
    recipients: spent.recipients + Number(verb === 'RCPT'),
    transactions: spent.transactions + Number(verb === 'MAIL'),
  };
}
