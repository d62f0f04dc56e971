import type { Incident } from './incident.ts';

/**
 * `opened`, `worse`, `flapping`, `settled`, `closed`: what has happened · `reminder`: it is still open · `escalated`:
 * nobody has said that they know · `digest`: several of those, told together · `test`: a person asked for it.
 */
export type MessageKind =
  | 'opened'
  | 'worse'
  | 'flapping'
  | 'settled'
  | 'closed'
  | 'reminder'
  | 'escalated'
  | 'digest'
  | 'test';

/** What people are told, as facts: each channel makes its own words of it. Plain data, kept as JSON. */
export interface AlertMessage {
  /** The same however often it is sent: receivers drop what they have by it. */
  readonly id: string;
  readonly kind: MessageKind;
  /** Milliseconds UTC. */
  readonly at: number;
  /** At least one; the worst first. */
  readonly items: readonly AlertItem[];
  /** Where the pages are; null where there are none. Without a slash at its end. */
  readonly link: string | null;
}

export interface AlertItem {
  readonly what: Exclude<MessageKind, 'digest'>;
  /** As it was then. */
  readonly incident: Incident;
  /** What to type to see it again. */
  readonly command: string;
}

/** A message that waits to be sent, or was. */
export interface Outgoing {
  readonly id: string;
  readonly channel: string;
  readonly message: AlertMessage;
  readonly createdAt: number;
  readonly notBefore: number;
  readonly attempts: number;
  /** `dead`: given up after three days. */
  readonly state: 'waiting' | 'sent' | 'dead';
  readonly lastError: string | null;
  readonly sentAt: number | null;
  /** Recipients who have not taken it, where others have; null: nobody has. */
  readonly left: readonly string[] | null;
}

/**
 * Hands one message to one channel. Rejects with an `Error` that says, without secrets, why it was not taken. `left`:
 * those who are to have it, where others have taken it.
 */
export type Send = (message: AlertMessage, signal: AbortSignal, left?: Outgoing['left']) => Promise<void>;

/** Some recipients have taken a message, and these have not. */
export class PartlyTaken extends Error {
  readonly left: readonly string[];
  constructor(message: string, left: readonly string[]) {
    super(message);
    this.left = left;
  }
}
