import type { Doubt } from '../model/judgement.ts';
import type { Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';

/** How a TLS handshake broke: the code of Node or OpenSSL (`closed`, `timeout`), and how many octets of it the server had sent by then. */
export interface HandshakeTrouble {
  readonly code: string;
  readonly heard: number;
}

/**
 * The server, the network or a limit of ours let a probe down: the one error that means "not a bug of ours". The engine turns it into
 * `inconclusive` with this doubt.
 */
export class WireError extends Error {
  readonly doubt: Doubt;
  readonly evidence: readonly Cite[];
  /** The reply that ended the dialogue, where one did (a 421, a refused greeting). */
  readonly reply: Reply | null;
  /** Where a TLS handshake broke. */
  readonly handshake: HandshakeTrouble | null;

  constructor(
    doubt: Doubt,
    because: string,
    evidence: readonly Cite[] = [],
    reply: Reply | null = null,
    handshake: HandshakeTrouble | null = null,
  ) {
    super(because);
    this.name = 'WireError';
    this.doubt = doubt;
    this.evidence = evidence;
    this.reply = reply;
    this.handshake = handshake;
  }
}
