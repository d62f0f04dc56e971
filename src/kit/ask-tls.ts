import { cite } from '../model/reply.ts';
import type { HelloOffer, TlsAnswer } from '../model/tls-answer.ts';
import { trouble } from '../model/trouble.ts';
import { meaningOf } from '../mta/reply-meaning.ts';
import { troubleOf } from '../wire/trouble-error.ts';
import type { Wire } from './probe.ts';

/** What the server answers to a ClientHello of ours, in a connection of its own; no handshake comes of it. */
export async function askTls(wire: Wire, offer: HelloOffer): Promise<TlsAnswer> {
  try {
    const isFirst = wire.subject.endpoint.tls === 'implicit';
    await using session = isFirst
      ? await wire.fresh({ tls: 'starttls' })
      : await wire.session({ tls: false, forTls: true, refusals: 0 });
    const asked = await session.askTls(offer);
    if (asked.kind === 'answered') return asked.answer;
    const { reply } = asked.exchange;
    const limited = meaningOf(reply, { stage: 'starttls' }).startsWith('limit-');
    const because = `STARTTLS was answered "${reply.lines[0].text}"`;
    const doubt = limited ? 'throttled' : 'ambiguous';
    return { kind: 'none', cut: trouble(doubt, 'reply', because, [cite(reply)], { reply }) };
  } catch (error) {
    return { kind: 'none', cut: troubleOf(error) };
  }
}
