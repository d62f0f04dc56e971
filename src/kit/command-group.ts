import type { Aftermath } from '../model/aftermath.ts';
import { cite, isPositive } from '../model/reply.ts';
import type { Cite } from '../model/transcript.ts';
import { meaningOf } from '../mta/reply-meaning.ts';

/** What came of commands in one write: all of them run, the rest not run, or neither can be said. */
export interface Group {
  readonly kind: 'taken' | 'stopped' | 'untold';
  readonly evidence: readonly Cite[];
}

/**
 * Reads the replies to a group whose last command is RSET, which every server says 250 to (RFC 5321 §4.3.2). `size`:
 * commands. Whatever the others are answered, they are run where that comes in its place.
 */
export function groupOf({ replies, end, endAt }: Aftermath, size: number): Group {
  const answers = replies.map(({ reply }) => reply);
  const [first] = answers;
  const last = answers.at(-1);
  const evidence = [...answers.map((reply) => cite(reply)), ...(endAt === null ? [] : [endAt])];
  const isLimited = answers.some((reply) => meaningOf(reply, { stage: 'other' }).startsWith('limit-'));
  if (isLimited) return { kind: 'untold', evidence };
  const isWhole = answers.length === size && first !== undefined && isPositive(first) && last?.code === 250;
  if (isWhole) return { kind: 'taken', evidence };
  const isRefused = first !== undefined && !isPositive(first);
  return { kind: isRefused || end !== 'open' ? 'stopped' : 'untold', evidence };
}
