/**
 * What a reply means, whichever MTA gave it. The ones that their names do not explain:
 * - `relay-denied`: mail for that recipient is not relayed. Also with a 4xx code: Postfix's stock refusal is 454 4.7.1.
 * - `relay-or-unknown`: the recipient is refused in words that fit both an outside domain and an unknown user.
 * - `unroutable`: an outside recipient (`Said.outside`) is looked up, and cannot be routed or does not exist: nothing
 *   is said of relaying.
 * - `address-syntax`: the form of the *recipient* is refused; that of the sender is `sender-rejected`.
 * - `limit-transactions`: one connection may bring no more messages; another may.
 * - `our-domain`: a domain of ours as such: it does not resolve, takes no mail, or is on a block list.
 * - `client-blocked`: our address, our PTR or our manners; says nothing of anyone else.
 * - `open-proxy`: our address is called an open proxy, or a command of ours a request to one.
 * - `not-smtp`: neither EHLO nor HELO is known, or a login is wanted first: LMTP, FTP.
 * - `certificate-required`: a client certificate is wanted, or another one.
 * - `proxy-expected`: the PROXY line of a load balancer is missing.
 * - `bad-sequence`, `command-syntax`, `line-too-long`: our own mistakes.
 * - `auth-cancelled`: the answer to `*`.
 * - `bare-newline`: a line that ended in LF alone was refused.
 * - `noncommittal`: 252 to VRFY or EXPN. Means something only beside a control.
 * - `server-error`: something failed over there. `backend-down`: what stands behind it. `shutting-down`: it is about to
 *   end.
 * - `unavailable`: 421 that gives no reason. All of these leave the question open.
 * - `refused-transient`, `refused-permanent`: no class matched.
 * - `unintelligible`: not an SMTP reply, or one that cannot answer what we said.
 */
export type Meaning =
  | 'accepted'
  | 'noncommittal'
  | 'relay-denied'
  | 'relay-or-unknown'
  | 'unknown-user'
  | 'unroutable'
  | 'address-syntax'
  | 'our-domain'
  | 'client-blocked'
  | 'open-proxy'
  | 'helo-rejected'
  | 'not-smtp'
  | 'sender-rejected'
  | 'greylisted'
  | 'tls-required'
  | 'certificate-required'
  | 'proxy-expected'
  | 'auth-required'
  | 'auth-unavailable'
  | 'mechanism-unsupported'
  | 'auth-failed'
  | 'auth-cancelled'
  | 'limit-connections'
  | 'limit-messages'
  | 'limit-transactions'
  | 'limit-recipient-rate'
  | 'limit-recipients-per-message'
  | 'limit-auth'
  | 'limit-tls'
  | 'limit-errors'
  | 'idle-timeout'
  | 'too-big'
  | 'out-of-sync'
  | 'bare-newline'
  | 'bad-sequence'
  | 'command-syntax'
  | 'line-too-long'
  | 'disabled-command'
  | 'server-error'
  | 'backend-down'
  | 'shutting-down'
  | 'unavailable'
  | 'refused-transient'
  | 'refused-permanent'
  | 'unintelligible';

/** The command that a reply answers. `data` covers the reply to DATA and the one after the final dot. */
export type Stage = 'greeting' | 'helo' | 'mail' | 'rcpt' | 'data' | 'vrfy' | 'expn' | 'auth' | 'starttls' | 'other';

/** What we had said when the reply came. Addresses with or without `<>`; the null reverse-path is `''` or `<>`. */
export interface Said {
  readonly stage: Stage;
  /** Our address as the server sees it, where we know it. */
  readonly client?: string;
  readonly helo?: string;
  readonly sender?: string;
  readonly recipient?: string;
  /** The recipient is plainly one of somebody else's: no form around the server's own names. */
  readonly outside?: boolean;
}

/** Which of the things we said a reply speaks of. */
export type About = 'client' | 'helo' | 'sender' | 'recipient';

/** Trouble of the server's own, which no other question, address or form would change. */
export const isServerTrouble = (meaning: Meaning): boolean => troubles.includes(meaning);

const troubles: readonly Meaning[] = [
  'server-error',
  'backend-down',
  'shutting-down',
  'unavailable',
  'proxy-expected',
  'certificate-required',
];
