import { type Reply, replyShape } from './reply.ts';
import type { Shaped, Zod } from './shape.ts';
import { type Cite, citeShape } from './transcript.ts';

/** Why something could not be told. */
export const doubts = [
  'unreachable',
  'timeout',
  'closed',
  'tls-failed',
  'throttled',
  'client-blocked',
  'greylisted',
  'sender-rejected',
  'budget-spent',
  'not-permitted',
  'prerequisite',
  'ambiguous',
  'dns-failed',
] as const;
export type Doubt = (typeof doubts)[number];

/**
 * What brought trouble about. Everything that is decided about trouble is decided by this, never by its sentence.
 *
 * The connection:
 * - `refused`: a reset in answer to SYN (ECONNREFUSED). `no-route`: the network or this host said no (EHOSTUNREACH,
 *   ENETUNREACH, EACCES …).
 * - `filtered`: nothing in answer to SYN. `reset`: the connection was reset. `hang-up`: the server closed it.
 * - `no-greeting`: the server took the connection, and ended it without a word.
 * - `silence`: no reply in the time that one may take. `deadline`: the time that a whole dialogue may take was over.
 * - `shut-out`: connections that worked before fail now.
 *
 * Replies:
 * - `reply`: a reply ended the dialogue, or refused what the dialogue needs; the trouble holds it, and what it means is
 *   read from it.
 * - `unasked`: a reply that nobody asked for, or one too few: replies and commands no longer pair up.
 * - `rejected-session`: the session has been rejected as such, and whatever is asked in it gets the same refusal.
 *   `put-off`: the same for now, with 4xx.
 * - `stand-in`: another program answers in the place of the server (postscreen). `pipelining`: it is listed, and loses
 *   commands or replies.
 * - `not-smtp`: what was heard is no SMTP. `too-much`: longer than any reply may be.
 *
 * TLS:
 * - `tls-alert`: the server broke the handshake off with an alert (`alert` names it). `tls-broken`: it broke without
 *   one.
 * - `tls-here`: it failed at what the TLS library here can do. `clear-text`: clear text where TLS was expected.
 * - `tls-first`: TLS where clear text was expected. `certificate-wanted`: the server wants a certificate of ours.
 * - `name-wanted`: it wants a name (SNI), and none was sent.
 *
 * Files:
 * - `slow-file`: it was not whole in the time that a fetch may take.
 *
 * Ours:
 * - `restraint`: a restraint of ours (sessions, connections, minutes). `stopped`: the scan was ended.
 * - `many-domains`: more lead to one server than are asked for at once.
 * - `unproven`: a limiter answered as no one number explains.
 * - `not-asked`: the question before it brought nothing. `unknown`: a saved report does not say.
 */
export const causes = [
  'refused',
  'no-route',
  'filtered',
  'reset',
  'hang-up',
  'no-greeting',
  'silence',
  'deadline',
  'shut-out',
  'reply',
  'unasked',
  'not-smtp',
  'too-much',
  'tls-alert',
  'tls-broken',
  'tls-here',
  'clear-text',
  'tls-first',
  'certificate-wanted',
  'name-wanted',
  'rejected-session',
  'put-off',
  'stand-in',
  'pipelining',
  'tarpit',
  'slow-file',
  'many-domains',
  'restraint',
  'stopped',
  'unproven',
  'not-asked',
  'unknown',
] as const;
export type Cause = (typeof causes)[number];

/** How a TLS handshake broke. */
const handshakeShape = (z: Zod) =>
  z.object({
    /** The code of Node or OpenSSL; `closed` and `timeout` where there is none. */
    code: z.string(),
    /** Octets of the handshake that the server had sent by then. */
    heard: z.number(),
    /** The alert that the server sent (RFC 8446 §6.2), such as `protocol_version`. */
    alert: z.string().exactOptional(),
    /** Whether a host name was sent (SNI). */
    named: z.boolean().exactOptional(),
    /** Seconds that the server was waited for, where it said nothing. */
    waited: z.number().exactOptional(),
  });
export type BrokenHandshake = Shaped<typeof handshakeShape>;

export const troubleShape = (z: Zod) =>
  z.object({
    doubt: z.enum(doubts),
    cause: z.enum(causes),
    /** One sentence for people. */
    because: z.string(),
    evidence: z.array(citeShape(z)),
    /** The reply that ended the dialogue, where one did. */
    reply: replyShape(z).exactOptional(),
    /** The verb that it refused, where it was the answer to one. */
    verb: z.string().exactOptional(),
    /** Where a TLS handshake broke. */
    handshake: handshakeShape(z).exactOptional(),
  });

/** Why the server, the network or a restraint of ours let a question down. JSON-safe. */
export type Trouble = Shaped<typeof troubleShape>;

/** Trouble with defaults for what there is not. */
export function trouble(
  doubt: Doubt,
  cause: Cause,
  because: string,
  evidence: readonly Cite[] = [],
  details: { readonly reply?: Reply; readonly verb?: string; readonly handshake?: BrokenHandshake } = {},
): Trouble {
  return { doubt, cause, because, evidence, ...details };
}
