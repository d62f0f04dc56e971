import type { Doubt } from '../../model/judgement.ts';
import { cite, isPositive, offers, type Reply } from '../../model/reply.ts';
import { meaningOf } from '../../mta/reply-meaning.ts';
import type { SmtpSession } from '../../wire/session.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { Wire } from '../probe.ts';

/**
 * A connection that nobody else uses, greeted and introduced, so that what the server counts in it is ours alone; ended with QUIT. Inside TLS
 * where asked for; unless told, as users connect: on a submission port after STARTTLS, where that is offered.
 */
export async function inOwnSession<T>(
  wire: Wire,
  use: (session: SmtpSession) => Promise<T>,
  { tls }: { readonly tls?: boolean } = {},
): Promise<T> {
  await using session = await wire.fresh();
  try {
    await session.greet();
    const ehlo = await introduce(session, wire.subject.helo);
    const asUsers = wire.subject.endpoint.role === 'submission' && offers(ehlo, 'STARTTLS');
    if ((tls ?? asUsers) && session.tls === null) {
      const outcome = await session.startTls();
      if (outcome.kind === 'failed') throw outcome.error;
      if (outcome.kind === 'refused') throw refused(outcome.exchange.reply, 'STARTTLS', 'tls-failed');
      await introduce(session, wire.subject.helo);
    }
    return await use(session);
  } finally {
    // It has errors to its name: nobody is to find it among the idle ones.
    await session.quit();
  }
}

async function introduce(session: SmtpSession, name: string): Promise<Reply> {
  const { reply } = await session.hello(name);
  if (!isPositive(reply)) throw refused(reply, `EHLO ${name}`, 'client-blocked');
  return reply;
}

function refused(reply: Reply, command: string, otherwise: Doubt): WireError {
  const limited = meaningOf(reply, { stage: 'other' }).startsWith('limit-');
  const because = `${command} was refused: "${reply.lines[0].text}"`;
  return new WireError(limited ? 'throttled' : otherwise, because, [cite(reply)], reply);
}
