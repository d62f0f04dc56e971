import { cite, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Stage } from '../../mta/reply-meaning.ts';
import { type Ending, speaksOfErrors } from './lock-step.ts';

/** How sure it is that the errors were what ended a session. */
export type EndingKind =
  /** It says so. */
  | 'errors'
  /** A 421 that gives another reason, or none. */
  | 'other-421'
  /** Not a word: a limit, or something between us. */
  | 'hang-up'
  /** Silence, or a reply that makes no sense. */
  | 'trouble';

export function kindOfEnding({ reply, cut }: Ending, stage: Stage): EndingKind {
  if (reply !== null && speaksOfErrors(reply, stage)) return 'errors';
  if (reply?.code === 421) return 'other-421';
  return cut?.doubt === 'closed' ? 'hang-up' : 'trouble';
}

/** What the server said at the end, or what we remarked. */
export function evidenceOfEnding({ reply, cut }: Ending): readonly Cite[] {
  return reply === null ? (cut?.evidence ?? []) : [cite(reply)];
}

export const lastWords = (reply: Reply | null): string | null => reply?.lines[0].text ?? null;
