import type { Exchange } from '../../model/reply.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Wire } from '../probe.ts';
import { type Cut, cutOf } from '../transactions.ts';
import { answerOf, isPostfix } from './answer.ts';
import { challengeOf } from './challenge.ts';
import { authOffer, isSecret, mechanismsToTry } from './mechanisms.ts';
import { ntlmNegotiate } from './ntlm.ts';

/** `AUTH <mechanism>` without a response, and the way out of it. JSON-safe. */
export interface Trial {
  readonly mechanism: string;
  readonly exchange: Exchange;
  /** With NTLM: the answer to the opening message, which names nobody. */
  readonly challenge: Exchange | null;
  /** The answer to `*`. */
  readonly cancel: Exchange | null;
}

/** All that was asked about AUTH in clear, or all inside TLS. JSON-safe. */
export interface AuthPhase {
  readonly tls: boolean;
  /** The answer to EHLO that the list stands in. */
  readonly ehlo: Exchange;
  readonly trials: readonly Trial[];
  /** Mechanisms that are not listed, and were not asked for because the server would log that as a failed login. */
  readonly spared: readonly string[];
  /** What ended the trials early. */
  readonly cut: Cut | null;
}

/** Sessions that the trials of one phase may use. */
const sessionLimit = 2;

/**
 * Reads the list and tries what is behind it: each mechanism is asked for and, where the server says 334, called off with `*`
 * (RFC 4954 §4). Nobody's name and no password is sent. In lock step. Fails with a `WireError` where no session can be had.
 */
export async function askAuth(wire: Wire, { tls }: { tls: boolean }): Promise<AuthPhase> {
  let phase: AuthPhase | null = null;
  let left: readonly string[] = [];
  for (let sessions = 0; sessions < sessionLimit && (phase === null || left.length > 0); sessions++) {
    try {
      await using session = await wire.session({ tls, ...roomFor(wire, phase === null ? 3 : left.length) });
      const ehlo: Exchange | null = phase?.ehlo ?? session.ehlo;
      if (ehlo === null) throw new Error('a leased session is greeted');
      const listed = authOffer(ehlo.reply).mechanisms;
      const batch = await tryAll(session, wire, phase === null ? mechanismsToTry(listed) : left, listed);
      const before: AuthPhase = phase ?? { tls, ehlo, trials: [], spared: [], cut: null };
      phase = { ...before, trials: [...before.trials, ...batch.trials], spared: batch.spared, cut: batch.cut };
      left = batch.left;
    } catch (error) {
      if (!(error instanceof WireError) || phase === null) throw error;
      return { ...phase, cut: cutOf(error) };
    }
  }
  if (phase === null) throw new Error('at least one session is tried');
  return phase;
}

const roomFor = ({ allowance }: Wire, trials: number) => ({
  refusals: Math.min(trials, allowance.refusals),
  mistakes: Math.min(1, allowance.mistakes),
  nonMail: Math.min(trials, 5),
});

interface Batch {
  readonly trials: readonly Trial[];
  /** Not tried, and worth another session. */
  readonly left: readonly string[];
  readonly spared: readonly string[];
  readonly cut: Cut | null;
}

async function tryAll(
  session: SmtpSession,
  wire: Wire,
  mechanisms: readonly string[],
  listed: readonly string[],
): Promise<Batch> {
  const trials: Trial[] = [];
  let left = mechanisms;
  let spared: readonly string[] = [];
  while (left[0] !== undefined && hasRoom(session, wire, trials)) {
    const { trial, cut } = await tryMechanism(session, left[0]);
    if (trial !== null) trials.push(trial);
    if (cut !== null || trial === null) return { trials, left: [], spared, cut };
    left = worthTrying(trial, left.slice(1), listed);
    if (logsStrangers(trial) && !mayBeLogged(wire)) {
      spared = left.filter((mechanism) => !listed.includes(mechanism));
      left = left.filter((mechanism) => listed.includes(mechanism));
    }
    if (!isOver(trial)) {
      // Logged in, or still in the middle of a login: nobody else should find the session like that.
      await session.quit();
      return { trials, left: [], spared, cut: null };
    }
  }
  return { trials, left, spared, cut: null };
}

/** The wire counts each `*` as a command; servers that count commands do not (Exim `smtp_accept_max_nonmail`). */
function hasRoom({ spent }: SmtpSession, { allowance }: Wire, trials: readonly Trial[]): boolean {
  const stars = trials.filter(({ cancel }) => cancel !== null).length;
  const fits =
    spent.refusals < allowance.refusals &&
    spent.mistakes < allowance.mistakes &&
    spent.nonMail - stars < allowance.nonMail;
  return trials.length === 0 || fits;
}

/** Asks for one mechanism and calls it off. */
export async function tryMechanism(
  session: SmtpSession,
  mechanism: string,
): Promise<{ trial: Trial | null; cut: Cut | null }> {
  let trial: Trial | null = null;
  try {
    trial = { mechanism, exchange: await session.say(`AUTH ${mechanism}`), challenge: null, cancel: null };
    if (trial.exchange.reply.code !== 334) return { trial, cut: null };
    if (mechanism === 'NTLM' && !isNtlmChallenge(trial.exchange)) {
      trial = { ...trial, challenge: await session.say(ntlmNegotiate, { shown: '<NTLM opening, without a name>' }) };
    }
    if ((trial.challenge ?? trial.exchange).reply.code === 334) trial = { ...trial, cancel: await cancel(session) };
    return { trial, cut: null };
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { trial, cut: cutOf(error) };
  }
}

/** Calls a mechanism off; again where the server took the `*` for an answer. */
export async function cancel(session: SmtpSession): Promise<Exchange> {
  const first = await session.say('*');
  return first.reply.code === 334 ? await session.say('*') : first;
}

const isNtlmChallenge = ({ reply }: Exchange): boolean => challengeOf(reply)?.startsWith('TlRMTVNTUAAC') ?? false;

/** What the answer to one mechanism leaves worth asking: after "not here" nothing, as Exim hangs up on the fourth such mistake. */
function worthTrying(
  { exchange, cancel: end }: Trial,
  rest: readonly string[],
  listed: readonly string[],
): readonly string[] {
  if (isCountedAsFailure(end)) return [];
  switch (answerOf(exchange.reply)) {
    case 'works':
    case 'no-mechanism':
    case 'refused':
      return rest;
    case 'needs-tls':
      return rest.filter((name) => !isSecret(name) && (listed.includes(name) || name === 'ANONYMOUS'));
    default:
      return [];
  }
}

/** A server that calls `*` a failed login may count it as one. */
export const isCountedAsFailure = (end: Exchange | null): boolean => end?.reply.code === 535;

/** Whether the server waits for a command again: not logged in, not still in the middle of a login. */
export function isOver({ exchange, challenge, cancel: end }: Trial): boolean {
  const { code } = (end ?? challenge ?? exchange).reply;
  return code !== null && code >= 400;
}

/**
 * Postfix's list is all it has, and any other mechanism stands in its log as `SASL X authentication failed`. Log watchers count those lines;
 * so none is provoked unless failed logins are allowed.
 */
export const logsStrangers = ({ exchange, cancel: end }: Trial): boolean =>
  isPostfix(exchange.reply) || (end !== null && isPostfix(end.reply));

export const mayBeLogged = ({ subject: { allow } }: Wire): boolean => allow === 'intrusive' || allow === 'load';
