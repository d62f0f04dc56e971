import { listOf } from '../postfix/values.ts';
import type { Membership } from './networks.ts';

/**
 * What a list of restrictions makes of a stranger: nobody who is logged in, who asks for a domain elsewhere.
 * - `deny`: the first word that decides refuses; `by` names it. - `permit`: it lets us through. - `end`: no word of it
 *   decides. `doubts` are words before that whose answer is not in the file: tables, policy servers, classes of
 *   restrictions.
 */
export interface Decision {
  readonly kind: 'deny' | 'permit' | 'end';
  readonly by: string | null;
  readonly doubts: readonly string[];
}

const denies = new Set(['reject', 'defer', 'reject_unauth_destination', 'defer_unauth_destination']);
/** Of a stranger's mail for elsewhere they say nothing. */
const neverOurs = new Set([
  'permit_sasl_authenticated',
  'permit_tls_clientcerts',
  'permit_tls_all_clientcerts',
  'permit_auth_destination',
  'permit_inet_interfaces',
]);
const takesWord = /^(check_|reject_(rbl_client|rhsbl_)|permit_(dnswl_client|rhswl_client)|sleep$)/;

/** Reads a list from the left, as smtpd does (SMTPD_ACCESS_README). `ours`: whether `mynetworks` holds us. */
export function decide(list: string, ours: Membership): Decision {
  const doubts: string[] = [];
  for (const { word, follower } of restrictionsIn(list)) {
    const verdict = verdictOf(word, follower, ours);
    if (verdict === 'doubt') doubts.push(follower === null ? word : `${word} ${follower}`);
    else if (verdict !== 'nothing') return { kind: verdict, by: word, doubts };
  }
  return { kind: 'end', by: null, doubts };
}

/**
 * The words that may decide, each with the one that belongs to it. What stands behind `warn_if_reject` decides nothing.
 */
function restrictionsIn(list: string): { readonly word: string; readonly follower: string | null }[] {
  const words = listOf(list);
  const found: { word: string; follower: string | null }[] = [];
  let isWarning = false;
  for (let index = 0; index < words.length; index += 1) {
    const word = (words[index] ?? '').toLowerCase();
    const follower = takesWord.test(word) ? (words[++index] ?? '') : null;
    if (!isWarning && word !== 'warn_if_reject') found.push({ word, follower });
    isWarning = word === 'warn_if_reject';
  }
  return found;
}

function verdictOf(word: string, follower: string | null, ours: Membership): 'deny' | 'permit' | 'nothing' | 'doubt' {
  if (denies.has(word)) return 'deny';
  if (word === 'permit') return 'permit';
  if (word === 'permit_mynetworks') return ours === 'unknown' ? 'doubt' : ours === 'out' ? 'nothing' : 'permit';
  // What rejects for other reasons than the destination says nothing of relaying; what it would say is seen.
  if (neverOurs.has(word) || /^(reject_|sleep)/.test(word)) return 'nothing';
  return fixedAnswers.get(follower?.toLowerCase() ?? '') ?? 'doubt';
}

/** Tables that have one answer for everybody (access(5)). */
const fixedAnswers: ReadonlyMap<string, 'permit' | 'nothing'> = new Map([
  ['static:ok', 'permit'],
  ['static:permit', 'permit'],
  ['static:dunno', 'nothing'],
]);

/** How smtpd words the refusal of such a word. */
export function refusalOf(word: string | null, codes: { readonly relay: number; readonly reject: number }): RegExp {
  switch (word) {
    case 'reject_unauth_destination':
      return new RegExp(`^${codes.relay} .*Relay access denied`);
    case 'defer_unauth_destination':
      return new RegExp(`^${codes.relay - 100} .*Relay access denied`);
    case 'defer':
      return /^4\d\d .*(Recipient address rejected|Client host rejected|Sender address rejected): Try again later/;
    default:
      return new RegExp(
        `^${codes.reject} .*(Recipient address rejected|Client host rejected|Sender address rejected): Access denied`,
      );
  }
}
