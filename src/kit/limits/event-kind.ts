import { isNegative, offers, type Reply } from '../../model/reply.ts';
import { isServerTrouble } from '../../mta/meanings.ts';
import { type Meaning, meaningOf, type Stage } from '../../mta/reply-meaning.ts';
import type { LoadWire } from '../probe.ts';

/** A command that a limiter counts, and how to send many of it. */
export interface EventKind {
  readonly command: string;
  /** Sent behind each, to make room for the next. */
  readonly after: string | null;
  /** Sent once in a session, and again after a per-message limit. */
  readonly before: string | null;
  readonly stage: Stage;
  /** What the limiter says where it says it in its own words. */
  readonly limiter: Meaning;
  /** Whether this answer is what everybody gets: the limiter let it pass. */
  readonly isUsual: (reply: Reply) => boolean;
  /** Most in one session, before the server has enough of it for other reasons. */
  readonly perSession: number;
  /** Whether several may go out in one flight (RFC 2920 §3.1), where the server offers it. */
  readonly pipelined: boolean;
  /** Inside TLS. */
  readonly tls: boolean;
}

/** Submission servers take nothing outside TLS, as a rule, where they offer it; an MX must (RFC 3207 §4). */
export function asksInsideTls({ subject: { endpoint } }: LoadWire, { reply }: { readonly reply: Reply }): boolean {
  return endpoint.tls === 'starttls' && endpoint.role !== 'mx' && offers(reply, 'STARTTLS');
}

/**
 * What an answer says of the limiter. A refusal where the same command was taken before is the limiter's, by whatever
 * words, unless they are another's.
 */
export function answerOf(reply: Reply, kind: EventKind): 'usual' | 'message-full' | 'refused' | 'other' {
  if (kind.isUsual(reply)) return 'usual';
  const meaning = meaningOf(reply, { stage: kind.stage });
  if (meaning === 'limit-recipients-per-message') return 'message-full';
  if (meaning === kind.limiter) return 'refused';
  const isOthers = meaning.startsWith('limit-') || isServerTrouble(meaning) || meaning === 'tls-required';
  return isNegative(reply) && (reply.code ?? 0) < 500 && !isOthers ? 'refused' : 'other';
}

/** Whether the limiter says what it refuses for. */
export const saysSo = (reply: Reply, { stage, limiter }: EventKind): boolean => meaningOf(reply, { stage }) === limiter;
