import { cite, isNegative, isPositive, offers, type Reply } from '../../model/reply.ts';
import type { Doubt } from '../../model/trouble.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { inTrouble, TroubleError } from '../../wire/trouble-error.ts';
import { afterWindow, silenceFor } from '../limits/polls.ts';
import type { LoadWire } from '../probe.ts';

export interface OwnSession {
  /** Unless told, as users connect: on a submission port inside TLS, where STARTTLS is offered. */
  readonly tls?: boolean;
  /** Where the dialogue may last longer than usual. */
  readonly dialogueSeconds?: number;
}

/**
 * A connection that nobody else uses, greeted and introduced, so that what the server counts in it is ours alone; ended with QUIT. A limiter
 * that another probe has tripped on purpose is given its time first.
 */
export async function inOwnSession<T>(
  wire: LoadWire,
  use: (session: SmtpSession) => Promise<T>,
  { tls, ...times }: OwnSession = {},
): Promise<T> {
  await rested(wire);
  await using session = await wire.raw(times);
  await session.greet();
  const ehlo = await introduce(session, wire.subject.helo);
  const asUsers = wire.subject.endpoint.role === 'submission' && offers(ehlo, 'STARTTLS');
  if ((tls ?? asUsers) && session.tls === null) {
    const outcome = await session.startTls();
    if (outcome.kind === 'failed') throw new TroubleError(outcome.trouble);
    if (outcome.kind === 'refused') throw refused(outcome.exchange.reply, 'STARTTLS', 'tls-failed');
    await introduce(session, wire.subject.helo);
  }
  return await use(session);
}

/** After a limiter of the whole service has answered: we are counted, and whoever comes next has to wait. */
export function noteLimiter({ service }: LoadWire, reply: Reply | undefined): void {
  if (reply === undefined || !isNegative(reply)) return;
  const meaning = meaningOf(reply, { stage: 'rcpt' });
  if (meaning !== 'limit-recipient-rate' && meaning !== 'limit-messages' && meaning !== 'limit-connections') return;
  service.counted = true;
  service.tripped = true;
}

async function rested(wire: LoadWire): Promise<void> {
  const { tripped, window } = wire.service;
  if (!tripped) return;
  const seconds = window === null ? silenceFor(wire.load.assumedWindowSeconds) : afterWindow(window);
  await wire.quiet(seconds, 'for the window of a limiter that was filled before');
}

async function introduce(session: SmtpSession, name: string): Promise<Reply> {
  const { reply } = await session.hello(name);
  if (!isPositive(reply)) throw refused(reply, `EHLO ${name}`, 'client-blocked');
  return reply;
}

function refused(reply: Reply, command: string, otherwise: Doubt): TroubleError {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${command} was refused: "${reply.lines[0].text}"`;
  return inTrouble(limited ? 'throttled' : otherwise, 'reply', because, [cite(reply)], { reply });
}
