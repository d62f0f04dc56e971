import { cite, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { Asked } from './rate-question.ts';

/** How to put events of one kind before the server. */
export interface RateSource {
  /** Up to `count` of them, in order; stops at the first that is refused. */
  ask(count: number): Promise<Asked<Cite>>;
  /** What is counted: nobody but its own probe sends its commands; connections and handshakes, others make as well. */
  readonly counts: 'commands' | 'handshakes' | 'connections';
  /**
   * Where none was refused: a source that asks in a later stage of the dialogue, if the server refuses them there; null
   * where it does not.
   */
  deeper?(): Promise<RateSource | null>;
  /** What can be done ahead of the silence before a measurement. */
  prepare?(): Promise<void>;
  close?(): Promise<void>;
}

/** Trouble in the way of a measurement. A limiter on connections that comes first is told by what it says. */
export function inTheWay(met: Trouble): Trouble {
  const { reply, because } = met;
  if (reply === undefined || meaningOf(reply, { stage: 'greeting' }) !== 'limit-connections') return met;
  return { ...met, doubt: 'throttled', because: `a limit on connections came first (${because})` };
}

/** An answer that is neither the usual one nor the refusal of the limiter that is looked for. */
export function notUsual(verb: string, reply: Reply): Trouble {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${verb} was answered "${reply.lines[0].text}"${limited ? ', by another limiter' : ''}`;
  return trouble(limited ? 'throttled' : 'prerequisite', 'reply', because, [cite(reply)], { reply, verb });
}
