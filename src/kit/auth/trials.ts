import { exchangeShape } from '../../model/reply.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { troubleShape } from '../../model/trouble.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import { askControl } from '../control.ts';
import type { Wire } from '../probe.ts';
import { answerOf } from './answer.ts';
import { loginsToBegin, mayBeLogged } from './log-watchers.ts';
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
    /** What was asked beside a refusal that says nothing of AUTH. */
    control: z.array(exchangeShape(z)).exactOptional(),
  });

/** All that was asked about AUTH in clear, or all inside TLS. JSON-safe. */
export type AuthPhase = Shaped<typeof authPhaseShape>;

/** Sessions that the trials of one phase may use. */
const sessionLimit = 2;

/** What was asked so far, and what is worth asking still. */
interface Progress {
  readonly phase: AuthPhase;
  readonly left: readonly string[];
}

/**
 * Reads the list and tries what is behind it: each mechanism is asked for and, where the server says 334, called off
 * with `*` (RFC 4954 §4). Nobody's name and no password is sent. In lock step. Fails with a `TroubleError` where no
 * session can be had.
 */
export async function askAuth(wire: Wire, { tls }: { tls: boolean }): Promise<AuthPhase> {
  let progress = await firstSession(wire, tls);
  for (let sessions = 1; sessions < sessionLimit && progress.left.length > 0; sessions++)
    progress = await anotherSession(wire, progress);
  return progress.phase;
}

async function firstSession(wire: Wire, tls: boolean): Promise<Progress> {
  // One that nobody has used: behind a RCPT it may be another server that answers (nginx's mail proxy).
  await using session = await wire.session({ tls, forTls: true, ...roomFor(wire, 3) });
  const { ehlo } = session;
  const wanted = mechanismsToTry(authOffer(ehlo.reply).mechanisms);
  const most = mayBeLogged(wire) ? wanted.length : loginsToBegin(ehlo.reply);
  const phase = { tls, ehlo, trials: [], spared: wanted.slice(most), cut: null };
  const progress = await tryAll(session, wire, { phase, left: wanted.slice(0, most) });
  // Servers that count logins which were called off count them by session: the next probe needs another.
  if (phase.spared.length > 0 && progress.phase.trials.length > 0) await session.quit();
  return progress;
}

async function anotherSession(wire: Wire, { phase, left }: Progress): Promise<Progress> {
  try {
    await using session = await wire.session({ tls: phase.tls, ...roomFor(wire, left.length) });
    return await tryAll(session, wire, { phase, left });
  } catch (error) {
    return { phase: { ...phase, cut: troubleOf(error) }, left: [] };
  }
}

const roomFor = ({ allowance }: Wire, trials: number) => ({
  refusals: Math.min(trials, allowance.refusals),
  mistakes: Math.min(1, allowance.mistakes),
  nonMail: Math.min(trials, 5),
});

/** Tries what is left in one session, as far as the server's patience goes. */
async function tryAll(session: SmtpSession, wire: Wire, { phase, left }: Progress): Promise<Progress> {
  const trials: MechanismTrial[] = [];
  let progress: Progress = { phase, left };
  while (progress.left.length > 0 && hasRoom(session, wire, trials)) {
    const before = progress.phase.trials.length;
    progress = await tryNext(session, wire, progress);
    trials.push(...progress.phase.trials.slice(before));
  }
  if (progress.phase.cut !== null || !trials.some(isRefusedUnread)) return progress;
  return { ...progress, phase: { ...progress.phase, control: [...(await askControl(session, wire.subject))] } };
}

async function tryNext(session: SmtpSession, wire: Wire, { phase, left }: Progress): Promise<Progress> {
  const [mechanism = '', ...rest] = left;
  const { trial, cut } = await tryMechanism(session, mechanism);
  const trials = trial === null ? phase.trials : [...phase.trials, trial];
  if (trial === null || cut !== null) return { phase: { ...phase, trials, cut }, left: [] };
  if (!isOver(trial)) {
    // Logged in, or still in the middle of a login: nobody else should find the session like that.
    await session.quit();
    return { phase: { ...phase, trials }, left: [] };
  }
  const { mechanisms: listed } = authOffer(phase.ehlo.reply);
  const worth = worthTrying(trial, rest, listed);
  if (!logsStrangers(trial) || mayBeLogged(wire)) return { phase: { ...phase, trials }, left: worth };
  const isListed = (name: string) => listed.includes(name);
  const spared = [...phase.spared, ...worth.filter((name) => !isListed(name))];
  return { phase: { ...phase, trials, spared }, left: worth.filter(isListed) };
}

/** Refused in words that say nothing of AUTH: it may be the session that is refused. */
const isRefusedUnread = ({ exchange }: MechanismTrial): boolean =>
  ['refused', 'down'].includes(answerOf(exchange.reply));

/** The wire counts each `*` as a command; servers that count commands do not (Exim `smtp_accept_max_nonmail`). */
function hasRoom({ spent, isWorn }: SmtpSession, { allowance }: Wire, trials: readonly MechanismTrial[]): boolean {
  const stars = trials.filter(({ cancel }) => cancel !== null).length;
  const fits =
    !isWorn &&
    spent.refusals < allowance.refusals &&
    spent.mistakes < allowance.mistakes &&
    spent.nonMail - stars < allowance.nonMail;
  return trials.length === 0 || fits;
}

/**
 * What the answer to one mechanism leaves worth asking: after "not here" nothing, as Exim hangs up on the fourth such
 * mistake.
 */
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
