import type { About, Meaning, Stage } from '../meanings.ts';

/** All the conditions that a rule states must hold. */
export interface ReplyRule {
  readonly meaning: Meaning;
  /**
   * Matched against the server's own words: no codes, nothing that we said, `<>` for `<…>`. Every repeat is bounded.
   */
  readonly text?: RegExp;
  /** Matched against the three digits. */
  readonly code?: RegExp;
  /** Matched against the enhanced status code. */
  readonly enhanced?: RegExp;
  readonly stages?: readonly Stage[];
  readonly about?: readonly (About | 'unsaid')[];
  /** Whose words they are. */
  readonly from: string;
}

export const recipientStages: readonly Stage[] = ['rcpt', 'vrfy', 'expn', 'data'];
export const relayStages: readonly Stage[] = ['mail', 'other', ...recipientStages];
export const recipientIfAny: readonly (About | 'unsaid')[] = ['recipient', 'unsaid'];
