import { cite, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Doubt, type Trouble, trouble } from '../../model/trouble.ts';

/** What became of one form. */
export type FormOutcome = Told<'accepted'> | Told<'refused'> | Untested;

export interface Told<Kind> {
  readonly kind: Kind;
  readonly id: string;
  readonly evidence: readonly [Cite, ...Cite[]];
}

export interface Untested {
  readonly kind: 'untested';
  readonly id: string;
  /**
   * The server turned the sender or the HELO name away, or takes any local part there: the form opens nothing, but says
   * nothing of relaying either.
   */
  readonly excused: boolean;
  readonly trouble: Trouble;
}

export const untested = (id: string, met: Trouble, excused = false): Untested => ({
  kind: 'untested',
  id,
  excused,
  trouble: met,
});

/** For want of an answer: the sessions were used up. */
export const unasked = trouble('budget-spent', 'restraint', 'not asked');

/** A reply that is no answer about relaying. */
export const byReply = (doubt: Doubt, because: string, reply: Reply): Trouble =>
  trouble(doubt, 'reply', because, [cite(reply)], { reply });

/** Forms asked inside STARTTLS are told from those asked in clear. */
export const phaseId = (phase: { readonly tls: boolean }, id: string): string => (phase.tls ? `tls:${id}` : id);
