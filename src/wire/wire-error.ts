import type { Doubt } from '../model/judgement.ts';
import type { Reply } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';

/**
 * The server, the network or a limit of ours let a probe down: the one error that means "not a bug of ours". The engine turns it into
 * `inconclusive` with this doubt.
 */
export class WireError extends Error {
  readonly doubt: Doubt;
  readonly evidence: readonly Cite[];
  /** The reply that ended the dialogue, where one did (a 421, a refused greeting). */
  readonly reply: Reply | null;

  constructor(doubt: Doubt, because: string, evidence: readonly Cite[] = [], reply: Reply | null = null) {
    super(because);
    this.name = 'WireError';
    this.doubt = doubt;
    this.evidence = evidence;
    this.reply = reply;
  }
}
