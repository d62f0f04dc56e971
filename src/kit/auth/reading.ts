import { cite, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import { type Trouble, trouble } from '../../model/trouble.ts';
import { rejectedSession } from '../control.ts';
import { type AuthAnswer, answerOf, isRefusal } from './answer.ts';
import { takesOnlyListed } from './log-watchers.ts';
import { authOffer } from './mechanisms.ts';
import type { MechanismTrial } from './trial.ts';
import type { AuthPhase } from './trials.ts';

export interface TriedMechanism {
  readonly mechanism: string;
  readonly answer: AuthAnswer;
  readonly reply: Reply;
  readonly at: Cite;
}

/** What a phase shows. */
export interface PhaseReading {
  readonly listed: readonly string[];
  readonly legacyLine: boolean;
  /** The AUTH lines of EHLO; its first line where there is none. */
  readonly list: Cite;
  /** No mechanism is listed, by a server that takes only what it lists. */
  readonly listsNone: boolean;
  readonly works: readonly TriedMechanism[];
  readonly refused: readonly TriedMechanism[];
  /** Listed or working. */
  readonly offered: readonly string[];
  /** Why the rest was not told. */
  readonly untold: Trouble | null;
}

/** Reads the list and the trials behind it. */
export function readPhase({ ehlo, trials, spared, cut, control = [] }: AuthPhase): PhaseReading {
  const { mechanisms, legacyLine, at } = authOffer(ehlo.reply);
  const tried = trials.map(({ mechanism, exchange: { reply } }) => ({
    mechanism,
    answer: answerOf(reply),
    reply,
    at: cite(reply),
  }));
  const works = tried.filter(({ answer }) => answer === 'works' || answer === 'logged-in');
  const list = at[0] ?? cite(ehlo.reply);
  const listsNone = mechanisms.length === 0 && takesOnlyListed(ehlo.reply);
  const rejected = tried.map(({ reply }) => rejectedSession(reply, control)).find((one) => one !== null) ?? null;
  const isSpared = tried.length === 0 && spared.length > 0 && !listsNone;
  return {
    listed: mechanisms,
    legacyLine,
    list,
    listsNone,
    works,
    refused: rejected === null ? tried.filter(({ answer }) => isRefusal(answer)) : [],
    offered: [...new Set([...mechanisms, ...works.map(({ mechanism }) => mechanism)])],
    untold: rejected ?? tried.map(untoldOf).find((one) => one !== null) ?? cut ?? (isSpared ? notTried(list) : null),
  };
}

const notTried = (list: Cite): Trouble => {
  const because =
    'this server logs a login that is called off as a failed one: to try what is listed needs --allow intrusive';
  return trouble('not-permitted', 'restraint', because, [list]);
};

/** The doubt that an answer leaves; null where it leaves none. */
export function untoldOf({ mechanism, answer, reply }: Omit<TriedMechanism, 'at'>): Trouble | null {
  const doubtful = doubtsLeft[answer];
  if (doubtful === undefined) return null;
  const [doubt, because] = doubtful;
  return trouble(doubt, 'reply', `AUTH ${mechanism}: ${because}`, [cite(reply)], { reply });
}

const doubtsLeft: Readonly<Partial<Record<AuthAnswer, readonly [Trouble['doubt'], string]>>> = {
  throttled: ['throttled', 'a limiter answered'],
  down: ['ambiguous', 'the server could not say, as if what checks passwords were down'],
  blocked: ['client-blocked', 'it is this client that is refused'],
  unclear: ['ambiguous', 'answered with neither yes nor no'],
};

/** Whether a login that was called off was followed by one that the same session let begin (RFC 4954 §4). */
export function cancelledThenBegun(trials: readonly MechanismTrial[]): MechanismTrial | null {
  const begun = (trial: MechanismTrial) => trial.exchange.reply.code === 334;
  return (
    trials.find((trial, index) => {
      const previous = trials[index - 1];
      return (
        begun(trial) &&
        previous !== undefined &&
        begun(previous) &&
        previous.exchange.reply.session === trial.exchange.reply.session
      );
    }) ?? null
  );
}

/** A mechanism that is not listed, and was refused as such. */
export function unlistedRefused({ ehlo, trials }: AuthPhase): MechanismTrial | null {
  const { mechanisms } = authOffer(ehlo.reply);
  const refused = ({ mechanism, exchange }: MechanismTrial) =>
    !mechanisms.includes(mechanism) && answerOf(exchange.reply) === 'no-mechanism';
  return trials.find(refused) ?? null;
}

export const namesOf = (tried: readonly TriedMechanism[]): string[] => tried.map(({ mechanism }) => mechanism);
