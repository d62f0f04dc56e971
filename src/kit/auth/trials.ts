import { type Exchange, exchangeShape, offers, type Reply } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { type Trouble, troubleShape } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { answerOf } from './answer.ts';
import { authOffer, isSecret, mechanismsToTry } from './mechanisms.ts';
import { isCountedAsFailure, isOver, logsStrangers, type MechanismTrial, trialShape, tryMechanism } from './trial.ts';

export const authPhaseShape = (z: Zod) =>
  z.object({
    tls: z.boolean(),
    /** The answer to EHLO that the list stands in. */
    ehlo: exchangeShape(z),
    trials: z.array(trialShape(z)),
    /** Mechanisms that are not listed, and were not asked for because the server would log that as a failed login. */
    spared: z.array(z.string()),
    /** What ended the trials early. */
    cut: troubleShape(z).nullable(),
  });

/** All that was asked about AUTH in clear, or all inside TLS. JSON-safe. */
export type AuthPhase = Shaped<typeof authPhaseShape>;

/** Sessions that the trials of one phase may use. */
const sessionLimit = 2;

/**
 * Reads the list and tries what is behind it: each mechanism is asked for and, where the server says 334, called off with `*`
 * (RFC 4954 §4). Nobody's name and no password is sent. In lock step. Fails with a `TroubleError` where no session can be had.
 */
export async function askAuth(wire: Wire, { tls }: { tls: boolean }): Promise<AuthPhase> {
  let phase: AuthPhase | null = null;
  let left: readonly string[] = [];
  for (let sessions = 0; sessions < sessionLimit && (phase === null || left.length > 0); sessions++) {
    try {
      await using session = await wire.session({ tls, ...roomFor(wire, phase === null ? 3 : left.length) });
      const ehlo: Exchange | null = phase?.ehlo ?? session.ehlo;
      const listed: readonly string[] = authOffer(ehlo.reply).mechanisms;
      const wanted: readonly string[] = phase === null ? mechanismsToTry(listed) : left;
      const spare: boolean = listed.length > 0 && logsCancelled(ehlo.reply) && !mayBeLogged(wire);
      const batch: Batch = spare
        ? { trials: [], left: [], spared: wanted, cut: null }
        : await tryAll(session, wire, wanted, listed);
      const before: AuthPhase = phase ?? { tls, ehlo, trials: [], spared: [], cut: null };
      const trials = [...before.trials, ...batch.trials];
      phase = { ...before, trials, spared: [...before.spared, ...batch.spared], cut: batch.cut };
      left = batch.left;
    } catch (error) {
      if (phase === null) throw error;
      return { ...phase, cut: troubleOf(error) };
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
  readonly trials: readonly MechanismTrial[];
  /** Not tried, and worth another session. */
  readonly left: readonly string[];
  readonly spared: readonly string[];
  readonly cut: Trouble | null;
}

async function tryAll(
  session: SmtpSession,
  wire: Wire,
  mechanisms: readonly string[],
  listed: readonly string[],
): Promise<Batch> {
  const trials: MechanismTrial[] = [];
  let left = mechanisms;
  let spared: readonly string[] = [];
  while (left[0] !== undefined && hasRoom(session, wire, trials)) {
    const { trial, cut } = await tryMechanism(session, left[0]);
    if (trial !== null) trials.push(trial);
    if (cut !== null || trial === null) return { trials, left: [], spared, cut };
    left = worthTrying(trial, left.slice(1), listed);
    if (logsStrangers(trial) && !mayBeLogged(wire)) {
      spared = [...spared, ...left.filter((mechanism) => !listed.includes(mechanism))];
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
function hasRoom({ spent }: SmtpSession, { allowance }: Wire, trials: readonly MechanismTrial[]): boolean {
  const stars = trials.filter(({ cancel }) => cancel !== null).length;
  const fits =
    spent.refusals < allowance.refusals &&
    spent.mistakes < allowance.mistakes &&
    spent.nonMail - stars < allowance.nonMail;
  return trials.length === 0 || fits;
}

/** What the answer to one mechanism leaves worth asking: after "not here" nothing, as Exim hangs up on the fourth such mistake. */
function worthTrying(
  { exchange, cancel: end }: MechanismTrial,
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

/** Courier, which says so in EHLO, logs a login that is called off as "535 Authentication failed.": its list has to do. */
const logsCancelled = (ehlo: Reply): boolean => offers(ehlo, 'XEXDATA') || offers(ehlo, 'XVERP=COURIER');

/** Whether the user allows lines in the server's log that look like failed logins. */
export const mayBeLogged = ({ subject: { allow } }: Wire): boolean => allow === 'intrusive' || allow === 'load';
