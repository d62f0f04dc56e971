import type { TranscriptEvent } from '../../model/transcript.ts';
import { beginningOf } from '../../model/visible.ts';

/** Who speaks in a dialogue, as the terminal marks it. */
export const speakers = {
  us: { mark: 'C:', title: 'we' },
  them: { mark: 'S:', title: 'the server' },
  scanner: { mark: '--', title: 'remark' },
} as const;

/** What is not known to be ours is the server's. */
export function speaker(from: unknown): TranscriptEvent['from'] {
  return from === 'us' || from === 'scanner' ? from : 'them';
}

/** A line longer than any honest one is cut; the JSON report has it whole. */
const longest = 2000;

export function cut(text: string): string {
  return text.length <= longest ? text : `${beginningOf(text, longest)} [${text.length - longest} more characters]`;
}
