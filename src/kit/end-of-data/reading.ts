import type { Aftermath } from '../../model/aftermath.ts';
import { cite, isNegative, isPermanent, isPositive, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { AskedTrial, Trial } from './trial-shape.ts';

/**
 * What one variant does.
 * - `data`: it is part of the message. `refused`: the message is refused for it.
 * - `run`: the message is over with it, and what stands behind it is run. `left`: the message is refused, and what
 *   stands behind it is run all the same.
 * - `stopped`: the message is over with it, and what stands behind it in the same write is not run.
 * - `untold`: none of these can be said.
 */
export type Outcome =
  | { readonly kind: 'data' | 'refused' | 'run' | 'left' | 'stopped'; readonly evidence: readonly [Cite, ...Cite[]] }
  | { readonly kind: 'untold'; readonly because: string; readonly evidence: readonly Cite[] };

/** Tells by the trials of one variant, in their order: by the number and order of replies, never by time. */
export function outcomeOf(trials: readonly Trial[]): Outcome {
  const asked = trials.filter((trial) => trial.kind === 'asked');
  const alone = asked.findLast(({ followed }) => !followed);
  const followed = asked.find((trial) => trial.followed);
  const [met] = trials.flatMap((trial) => (trial.kind === 'asked' ? [] : [untoldBy(trial)]));
  if (alone === undefined) return met ?? untold('it was not asked', []);
  const [answer] = repliesTo(alone.body);
  if (answer === undefined) return withoutAnswer(alone);
  if (isOver(alone)) return { kind: 'refused', evidence: [cite(answer)] };
  if (!isEnded(alone)) return untold('it answered, and neither took nor refused the message', [cite(answer)]);
  if (followed === undefined)
    return isPositive(answer) ? { kind: 'stopped', evidence: [cite(answer)] } : (met ?? unclear(answer));
  return withFollower(answer, followed);
}

/**
 * Whether nobody knows yet to what the answers belong: more than one came behind the end of the message, as where it
 * had been over before, and the answer was late.
 */
export const isLate = (trial: Trial): boolean =>
  trial.kind === 'asked' && trial.end !== null && answersToEnd(trial).length > 1;

/** Whether the server answered before the end of the message was sent, and did not hang up: what does it do then? */
export const wantsFollower = (trial: Trial): boolean =>
  trial.kind === 'asked' && repliesTo(trial.body).length > 0 && !isOver(trial);

/** The message was refused at once, for what was in it or with a 5xx, and the session was over with that. */
function isOver({ body, quit }: AskedTrial): boolean {
  const [answer] = repliesTo(body);
  if (answer === undefined || quit.replies.length > 0 || quit.end === 'open') return false;
  return isNamed(answer) || (isPermanent(answer) && !isOfLimit(answer));
}

/** The answer was a yes, or QUIT was taken for a command. */
const isEnded = ({ body, quit }: AskedTrial): boolean =>
  repliesTo(body).some(isPositive) || repliesTo(quit).some(({ code }) => code === 221);

/** Nothing came before the end of the message: then one reply answers that, and the next QUIT. */
function withoutAnswer(trial: AskedTrial): Outcome {
  const { body, end } = trial;
  if (end === null) return untold('it ended the connection without a word', quoted(body.endAt));
  const answers = answersToEnd(trial);
  const [answer] = answers;
  if (answer === undefined) return untold('no answer to the end of the message', quoted(end.endAt ?? end.sent));
  if (answers.length > 1)
    return untold('more replies than the end of the message has: it may have been over before', answers.map(at));
  return { kind: isNegative(answer) && isNamed(answer) ? 'refused' : 'data', evidence: [cite(answer)] };
}

/** NOOP stood behind it in the same write. */
function withFollower(alone: Reply, followed: AskedTrial): Outcome {
  const replies = [...repliesTo(followed.body), ...beforeQuit(repliesTo(followed.quit))];
  const [first, second] = replies;
  const isGone = followed.body.end !== 'open' || followed.quit.end !== 'open';
  if (followed.end !== null || first === undefined) return { kind: 'stopped', evidence: [cite(alone)] };
  if (second !== undefined && !isStop(second, followed))
    return { kind: isNegative(first) ? 'left' : 'run', evidence: [cite(first), cite(second)] };
  if (isPositive(alone)) return { kind: 'stopped', evidence: [cite(alone), ...replies.map(at)] };
  return isGone ? { kind: 'refused', evidence: [cite(first), ...replies.slice(1).map(at)] } : unclear(first);
}

/** The answer to NOOP is none: words of one who does not want it there, or the end of the session. */
const isStop = (reply: Reply, { quit }: AskedTrial): boolean =>
  isNegative(reply) &&
  (reply.code === 421 || meaningOf(reply, { stage: 'other' }) === 'out-of-sync' || quit.replies.length === 0);

/** Behind the end of the message; the answer to QUIT left out, where it has one of its own. */
function answersToEnd({ end, quit }: AskedTrial): Reply[] {
  const [first, ...others] = [...repliesTo(end), ...repliesTo(quit)];
  return first === undefined ? [] : [first, ...beforeQuit(others)];
}

/** RFC 5321 §4.1.1.10: QUIT has 221. The last of them, as Postfix says 221 to a dot as well. */
function beforeQuit(replies: readonly Reply[]): readonly Reply[] {
  return replies.at(-1)?.code === 221 ? replies.slice(0, -1) : replies;
}

/** Words of line ends and NUL, which the message had. */
const isNamed = ({ text }: Reply): boolean =>
  /\b(?:bare|lone|stray)\b|line.?feed|carriage.?return|\bNUL\b|smtplf|<[CL][RF]>/i.test(text);

const isOfLimit = (reply: Reply): boolean => {
  const meaning = meaningOf(reply, { stage: 'data' });
  return meaning.startsWith('limit-') || ofServer.includes(meaning);
};

const ofServer: readonly string[] = ['idle-timeout', 'shutting-down', 'server-error', 'backend-down', 'client-blocked'];

function untoldBy(trial: Exclude<Trial, AskedTrial>): Outcome {
  if (trial.kind === 'cut') return untold(trial.cut.because, trial.cut.evidence);
  return untold(`${trial.verb} is refused`, [cite(trial.exchange.reply)]);
}

const unclear = (reply: Reply): Outcome => untold('it answered, and what follows was not told', [cite(reply)]);
const untold = (because: string, evidence: readonly Cite[]): Outcome => ({ kind: 'untold', because, evidence });
const quoted = (at: Cite | null): readonly Cite[] => (at === null ? [] : [at]);
const at = (reply: Reply): Cite => cite(reply);
const repliesTo = (aftermath: Aftermath | null): readonly Reply[] => aftermath?.replies.map(({ reply }) => reply) ?? [];
