import { cite, isNegative, isPositive, type Reply } from '../../model/reply.ts';
import type { Cite } from '../../model/transcript.ts';
import type { Trouble } from '../../model/trouble.ts';
import { isAnvils } from '../../mta/anvil.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { troubleOf } from '../../wire/trouble-error.ts';
import type { LoadWire } from '../probe.ts';
import type { Trial } from './rate-question.ts';
import { inTheWay, type RateSource } from './rate-source.ts';

/** How a connection began. */
export type Opening =
  /** `isMute`: refused without a reply, by a reset, a hang-up or no connection at all. */
  | {
      readonly kind: 'greeted' | 'refused';
      readonly at: Cite;
      readonly inItsWords: boolean;
      readonly isMute?: boolean;
    }
  | { readonly kind: 'silent' | 'trouble'; readonly met: Trouble };

/** A connection, where there is one, and how it began. */
export interface Door {
  readonly session: SmtpSession | null;
  readonly heard: Opening;
}

/**
 * Connects and waits for the greeting, or what stands in its place. Silence: the connection was taken and nobody
 * speaks.
 */
export async function knock(wire: LoadWire, options?: Parameters<LoadWire['raw']>[0]): Promise<Door> {
  let session: SmtpSession | null = null;
  try {
    session = await wire.raw(options);
    return { session, heard: { kind: 'greeted', at: cite(await session.greet()), inItsWords: false } };
  } catch (error) {
    return { session, heard: turnedAway(troubleOf(error), session !== null) };
  }
}

/**
 * Servers say 421, 450 or 554 to the one too many, and packet filters say it without SMTP: a reset, a hang-up, no
 * connection. What it was for is told by the recipe and not by this: whoever asks has been greeted before.
 */
function turnedAway(met: Trouble, connected: boolean): Opening {
  const { reply, doubt } = met;
  if (reply !== undefined && isNegative(reply))
    return { kind: 'refused', at: cite(reply), inItsWords: isAnvils(reply.text) };
  const at = met.evidence.at(-1);
  const shut = connected ? doubt === 'closed' : doubt === 'unreachable';
  if (reply === undefined && shut && at !== undefined) return { kind: 'refused', at, inItsWords: false, isMute: true };
  return { kind: doubt === 'timeout' ? 'silent' : 'trouble', met };
}

/**
 * One connection after the other, each at its end before the next begins: at most one is open, so that a refusal can
 * only be for their rate. `asksMail`: Sendmail and others greet whom they refuse, and say so at EHLO or MAIL.
 */
export const connectionSource = (wire: LoadWire, asksMail = false): RateSource => ({
  counts: 'connections',
  async ask(count) {
    const trials: Trial<Cite>[] = [];
    while (trials.length < count) {
      const sentAt = wire.clock.now();
      const heard = await knockAndLeave(wire, asksMail);
      const answeredAt = wire.clock.now();
      if ('met' in heard) return { trials, stop: inTheWay(heard.met) };
      const accepted = heard.kind === 'greeted';
      trials.push({ sentAt, answeredAt, accepted, inItsWords: heard.inItsWords, at: heard.at });
      if (!accepted) break;
    }
    return { trials, stop: null };
  },
  async deeper() {
    const { kind } = await knockAndLeave(wire, true);
    return kind === 'refused' && !asksMail ? connectionSource(wire, true) : null;
  },
});

async function knockAndLeave(wire: LoadWire, asksMail: boolean): Promise<Opening> {
  const { session, heard } = await knock(wire);
  const then = session !== null && asksMail ? await atMail(session, heard, wire.subject.helo) : heard;
  await session?.release(session);
  return then;
}

/** The same connection, after MAIL was said on it. */
async function atMail(session: SmtpSession, heard: Opening, helo: string): Promise<Opening> {
  if (heard.kind !== 'greeted') return heard;
  const refused = (reply: Reply): Opening => ({ kind: 'refused', at: cite(reply), inItsWords: false });
  try {
    const { reply: ehlo } = await session.hello(helo);
    const { reply } = isPositive(ehlo) ? await session.say('MAIL FROM:<>') : { reply: ehlo };
    return isOfConnections(reply) ? refused(reply) : heard;
  } catch (error) {
    const met = troubleOf(error);
    return met.reply !== undefined && isOfConnections(met.reply) ? refused(met.reply) : { kind: 'trouble', met };
  }
}

const isOfConnections = (reply: Reply): boolean => meaningOf(reply, { stage: 'mail' }) === 'limit-connections';
