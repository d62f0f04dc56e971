import { cite } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Doubt } from '../../model/trouble.ts';
import { type AuthAnswer, answerOf, isRefusal } from './answer.ts';
import { challengeOf, cramHost, digestRealms } from './challenge.ts';
import { authOffer } from './mechanisms.ts';
import { ntlmFacts, ntlmLines } from './ntlm.ts';
import type { MechanismTrial } from './trial.ts';
import type { AuthPhase } from './trials.ts';

export interface TriedMechanism {
  readonly mechanism: string;
  readonly answer: AuthAnswer;
  readonly at: Cite;
}

/** Why something was not told. */
export interface Untold {
  readonly doubt: Doubt;
  readonly because: string;
  readonly evidence: readonly Cite[];
}

/** What a phase shows. */
export interface PhaseReading {
  readonly listed: readonly string[];
  readonly legacyLine: boolean;
  /** The AUTH lines of EHLO; its first line where there is none. */
  readonly list: Cite;
  readonly works: readonly TriedMechanism[];
  readonly refused: readonly TriedMechanism[];
  /** Listed or working. */
  readonly offered: readonly string[];
  readonly untold: Untold | null;
}

/** Reads the list and the trials behind it. */
export function readPhase({ ehlo, trials, spared, cut }: AuthPhase): PhaseReading {
  const { mechanisms, legacyLine, at } = authOffer(ehlo.reply);
  const tried = trials.map(({ mechanism, exchange }) => ({
    mechanism,
    answer: answerOf(exchange.reply),
    at: cite(exchange.reply),
  }));
  const works = tried.filter(({ answer }) => answer === 'works' || answer === 'logged-in');
  const list = at[0] ?? cite(ehlo.reply);
  const notTried: Untold | null =
    tried.length > 0 || spared.length === 0
      ? null
      : {
          doubt: 'not-permitted',
          because:
            'this server logs a login that is called off as a failed one: to try what is listed needs --allow intrusive',
          evidence: [list],
        };
  return {
    listed: mechanisms,
    legacyLine,
    list,
    works,
    refused: tried.filter(({ answer }) => isRefusal(answer)),
    offered: [...new Set([...mechanisms, ...works.map(({ mechanism }) => mechanism)])],
    untold: tried.map(untoldOf).find((one) => one !== null) ?? cut ?? notTried,
  };
}

/** The doubt that an answer leaves; null where it leaves none. */
export function untoldOf({ mechanism, answer, at }: TriedMechanism): Untold | null {
  const because = (text: string) => `AUTH ${mechanism}: ${text}`;
  switch (answer) {
    case 'throttled':
      return { doubt: 'throttled', because: because('a limiter answered'), evidence: [at] };
    case 'down':
      return {
        doubt: 'ambiguous',
        because: because('the server could not say, as if what checks passwords were down'),
        evidence: [at],
      };
    case 'blocked':
      return { doubt: 'client-blocked', because: because('it is this client that is refused'), evidence: [at] };
    case 'unclear':
      return { doubt: 'ambiguous', because: because('answered with neither yes nor no'), evidence: [at] };
    default:
      return null;
  }
}

/** What the challenges of a phase tell of the inside. */
export function disclosuresOf({ trials }: AuthPhase): {
  ntlm: string[];
  realms: string[];
  cramHosts: string[];
  at: Cite[];
} {
  const found = { ntlm: [] as string[], realms: [] as string[], cramHosts: [] as string[], at: [] as Cite[] };
  for (const { mechanism, exchange, challenge } of trials) {
    const { reply } = challenge ?? exchange;
    const data = reply.code === 334 ? challengeOf(reply) : null;
    if (data === null) continue;
    const facts = mechanism === 'NTLM' ? ntlmFacts(data) : null;
    if (facts !== null) found.ntlm.push(...ntlmLines(facts));
    if (mechanism === 'DIGEST-MD5') found.realms.push(...digestRealms(data));
    const host = mechanism === 'CRAM-MD5' ? cramHost(data) : null;
    if (host !== null) found.cramHosts.push(host);
    if (facts !== null || mechanism === 'DIGEST-MD5' || host !== null) found.at.push(cite(reply));
  }
  return found;
}

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

/** `PLAIN`, `PLAIN and LOGIN`, `PLAIN, LOGIN and NTLM`. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export const namesOf = (tried: readonly TriedMechanism[]): string[] => tried.map(({ mechanism }) => mechanism);
