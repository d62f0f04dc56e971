import type { Aftermath } from '../../model/aftermath.ts';
import { isPositive, type Reply } from '../../model/reply.ts';
import { readingOf } from '../../mta/reply-meaning.ts';
import { stageOf } from '../../mta/stages.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { Wire } from '../probe.ts';
import { isOfSender, strangersOf } from '../senders.ts';
import { ownRecipient } from '../subject.ts';
import { messageOf } from './message.ts';
import { isLate, wantsFollower } from './reading.ts';
import type { Trial } from './trial-shape.ts';
import type { Variant } from './variants.ts';

/** How a message is begun here. */
interface Way {
  readonly sender: string;
  /** Undefined: as the endpoint begins. */
  readonly tls?: true;
}

interface Ask {
  readonly variant: Variant;
  /** Puts NOOP behind it, in the same write. */
  readonly followed?: true;
  /** Seconds to wait for an answer, `times` so often. */
  readonly least: number;
  readonly times?: number;
}

/** What ends a message. The line before keeps it apart from a CR that the variant ends in. */
const trueEnd = 'last line\r\n.\r\n';

/** Replies to one write that are waited for: more than any server has for QUIT and two lines of a message. */
const most = 8;

/**
 * A trial, in the way in which this server lets a message be begun: inside TLS where it wants that, and as another
 * sender where it refuses ours. `way`: for the trials that follow.
 */
export async function firstTrial(wire: Wire, ask: Ask): Promise<{ readonly trial: Trial; readonly way: Way }> {
  let way: Way = { sender: wire.subject.sender };
  while (true) {
    const trial = await tryVariant(wire, way, ask);
    const next = trial.kind === 'refused' ? wayAfter(way, trial, wire) : null;
    if (next === null) return { trial, way };
    way = next;
  }
}

/** The next way to try behind a refusal; null where there is none. */
function wayAfter(
  way: Way,
  { verb, exchange }: Extract<Trial, { kind: 'refused' }>,
  { subject }: Pick<Wire, 'subject'>,
): Way | null {
  const reading = readingOf(exchange.reply, { stage: stageOf(verb) });
  if (reading.meaning === 'tls-required')
    return way.tls || subject.endpoint.tls !== 'starttls' ? null : { ...way, tls: true };
  if (!isOfSender(verb === 'MAIL' ? exchange : null, reading)) return null;
  const senders = strangersOf(subject);
  const sender = senders[senders.indexOf(way.sender) + 1];
  return sender === undefined ? null : { ...way, sender };
}

/** One trial; what comes in the way is a trial that was cut. */
async function tryVariant(wire: Wire, way: Way, ask: Ask): Promise<Trial> {
  try {
    await using session = await wire.apart({ until: 'introduced', ...(way.tls && { tls: true }) });
    return (await refusalToBegin(session, way, wire, ask.variant)) ?? (await dareVariant(session, wire, way, ask));
  } catch (error) {
    return { kind: 'cut', variant: ask.variant.name, cut: troubleOf(error) };
  }
}

/** MAIL, RCPT and DATA; the first of them that is refused, or null where the server waits for a message. */
async function refusalToBegin(
  session: SmtpSession,
  { sender }: Way,
  wire: Wire,
  { name: variant }: Variant,
): Promise<Trial | null> {
  const isTaken: Record<string, (reply: Reply) => boolean> = {
    [`MAIL FROM:<${sender}>`]: isPositive,
    [`RCPT TO:<${ownRecipient(wire.subject)}>`]: isPositive,
    DATA: ({ code }) => code === 354,
  };
  for (const [command, isRight] of Object.entries(isTaken)) {
    const exchange = await session.say(command);
    if (!isRight(exchange.reply)) return { kind: 'refused', variant, verb: command.slice(0, 4), exchange };
  }
  return null;
}

async function dareVariant(session: SmtpSession, wire: Wire, way: Way, ask: Ask): Promise<Trial> {
  const { variant, followed = false, least, times = 1 } = ask;
  const waited = session.quietSeconds(least) * times;
  const { text, token } = messageOf({
    to: ownRecipient(wire.subject),
    from: way.sender,
    helo: wire.subject.helo,
    variant,
  });
  const behind = followed ? `NOOP mxprobe-${token}\r\n` : '';
  const body = await session.dare(`${text}${variant.octets}${behind}`, { most: followed ? 2 : 1, seconds: waited });
  // Never behind an answer: where the message has ended, a dot is a command, and a mistake.
  const isWaiting = body.replies.length === 0 && body.end === 'open';
  const end = isWaiting ? await session.dare(trueEnd, { most: 1, seconds: 2 * waited }) : null;
  const quit = await session.dare('QUIT\r\n', { most, seconds: session.quietSeconds(quitSeconds) });
  return { kind: 'asked', variant: variant.name, followed, waited, body, end, quit };
}

/** Seconds for the answer to QUIT, and for the end of the connection behind it. */
const quitSeconds = 6;

/** Behind a trial that shows that no message can be begun, no other is worth its session. */
export const isUnfit = (trial: Trial): boolean => trial.kind !== 'asked';

/**
 * The trials of one variant: by itself, again with a longer wait where the answer came late, and with a NOOP behind it
 * where it was answered.
 */
export async function trialsOf(wire: Wire, way: Way, { variant, least }: Ask): Promise<Trial[]> {
  const first = await tryVariant(wire, way, { variant, least });
  const times = isLate(first) ? 2 : 1;
  const trials = times === 1 ? [first] : [first, await tryVariant(wire, way, { variant, least, times })];
  if (!trials.some(wantsFollower)) return trials;
  return [...trials, await tryVariant(wire, way, { variant, least, times, followed: true })];
}

/** Seconds of the slowest answer to a write. */
export const slowest = (trial: Trial): number =>
  trial.kind === 'asked' ? Math.max(0, ...[trial.body, trial.end].map(secondsOf)) : 0;

const secondsOf = (aftermath: Aftermath | null): number => aftermath?.replies[0]?.seconds ?? 0;
