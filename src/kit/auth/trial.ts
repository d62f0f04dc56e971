import { type Exchange, exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import type { Trouble } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import { isPostfix } from './answer.ts';
import { challengeOf } from './challenge.ts';
import { ntlmNegotiate } from './ntlm.ts';

export const trialShape = (z: Zod) =>
  z.object({
    mechanism: z.string(),
    exchange: exchangeShape(z),
    /** With NTLM: the answer to the opening message, which names nobody. */
    challenge: exchangeShape(z).nullable(),
    /** The answer to `*`. */
    cancel: exchangeShape(z).nullable(),
  });

/** `AUTH <mechanism>` without a response, and the way out of it. JSON-safe. */
export type MechanismTrial = Shaped<typeof trialShape>;

/** Asks for one mechanism and calls it off. */
export async function tryMechanism(
  session: SmtpSession,
  mechanism: string,
): Promise<{ trial: MechanismTrial | null; cut: Trouble | null }> {
  let trial: MechanismTrial | null = null;
  try {
    trial = { mechanism, exchange: await session.say(`AUTH ${mechanism}`), challenge: null, cancel: null };
    if (trial.exchange.reply.code !== 334) return { trial, cut: null };
    if (mechanism === 'NTLM' && !isNtlmChallenge(trial.exchange)) {
      trial = { ...trial, challenge: await session.say(ntlmNegotiate, { shown: '<NTLM opening, without a name>' }) };
    }
    if ((trial.challenge ?? trial.exchange).reply.code === 334) trial = { ...trial, cancel: await cancel(session) };
    return { trial, cut: null };
  } catch (error) {
    return { trial, cut: troubleOf(error) };
  }
}

/** Calls a mechanism off; again where the server took the `*` for an answer. */
export async function cancel(session: SmtpSession): Promise<Exchange> {
  const first = await session.say('*');
  return first.reply.code === 334 ? await session.say('*') : first;
}

const isNtlmChallenge = ({ reply }: Exchange): boolean => challengeOf(reply)?.startsWith('TlRMTVNTUAAC') ?? false;

/** A server that calls `*` a failed login may count it as one. */
export const isCountedAsFailure = (end: Exchange | null): boolean => end?.reply.code === 535;

/** Whether the server waits for a command again: not logged in, not still in the middle of a login. */
export function isOver({ exchange, challenge, cancel: end }: MechanismTrial): boolean {
  const { code } = (end ?? challenge ?? exchange).reply;
  return code !== null && code >= 400;
}

/**
 * Postfix's list is all it has, and any other mechanism stands in its log as `SASL X authentication failed`. Log
 * watchers count those lines; so none is provoked unless failed logins are allowed.
 */
export const logsStrangers = ({ exchange, cancel: end }: MechanismTrial): boolean =>
  isPostfix(exchange.reply) || (end !== null && isPostfix(end.reply));
