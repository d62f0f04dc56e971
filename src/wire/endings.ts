import { cite, type Reply } from '../model/reply.ts';
import type { Cause, Trouble } from '../model/trouble.ts';
import { protocolOf } from '../mta/protocols.ts';
import { meaningOf, type Said, tellingLine } from '../mta/reply-meaning.ts';
import { stageOf } from '../mta/stages.ts';
import { doubtOf, reasonOf } from '../mta/unanswered.ts';
import { inTrouble, TroubleError } from './trouble-error.ts';
import { verbOf } from './verbs.ts';

/**
 * A reply that ends a dialogue, in the place of a greeting or with 421. It says why, or it does not: the doubt is that
 * of what it means, and no 421 is a limiter for its code. `what`: half a sentence before the quote.
 */
function endedBy(reply: Reply, what: string, said: Said): TroubleError {
  const meaning = meaningOf(reply, said);
  const reason = reasonOf(meaning);
  const line = tellingLine(reply, said);
  const because = `${what} "${reply.lines[line]?.text}"${reason === null ? '' : `: ${reason}`}`;
  const evidence = line === 0 ? [cite(reply)] : [cite(reply), cite(reply, line)];
  const cause = meaning === 'certificate-required' ? 'certificate-wanted' : 'reply';
  return inTrouble(doubtOf(meaning), cause, because, evidence, { reply });
}

/** A 421 (RFC 5321 §3.8) in answer to a command. */
export const cutShort = (reply: Reply, command: string): TroubleError =>
  endedBy(reply, 'the server ended the session:', { stage: stageOf(verbOf(command)) });

/** A greeting of 4xx or 5xx (RFC 5321 §3.1). */
export const turnedAway = (greeting: Reply): TroubleError => endedBy(greeting, 'greeted with', { stage: 'greeting' });

/** A connection without a word: whoever took it is there, and says nothing. Half a greeting is a word. */
export function withoutGreeting(met: Trouble): TroubleError {
  const because = wordless[met.cause];
  const isWordless = because !== undefined && met.evidence.length < 2;
  return new TroubleError(isWordless ? { ...met, cause: 'no-greeting', because: because(met) } : met);
}

const ended = (): string => 'the server took the connection, and ended it without a greeting';
const wordless: Readonly<Partial<Record<Cause, (met: Trouble) => string>>> = {
  'hang-up': ended,
  reset: ended,
  silence: ({ because }) => `the server took the connection, and does not greet: ${because}`,
};

/** What greets us speaks another protocol. */
export function notSmtp(greeting: Reply): TroubleError {
  const protocol = protocolOf(greeting);
  const because = `the greeting is no SMTP greeting${protocol === null ? '' : ` but one of ${protocol}`}: "${greeting.lines[0].text}"`;
  return inTrouble('ambiguous', 'not-smtp', because, [cite(greeting)], { reply: greeting });
}

/** Lines behind a whole answer to EHLO that are no replies themselves. */
export function linesWithoutCode(reply: Reply): TroubleError {
  const because = `the answer to EHLO goes on in lines without a code (RFC 5321 §4.2): "${reply.lines[0].text}"`;
  return inTrouble('ambiguous', 'not-smtp', because, [cite(reply)], { reply });
}

/** A reply that belongs to no command, so that nobody knows which replies answer what. */
export function outOfStep(reply: Reply): TroubleError {
  const because = `replies and commands no longer pair up: "${reply.lines[0].text}" belongs to none`;
  return inTrouble('ambiguous', 'unasked', because, [cite(reply)], { reply });
}
