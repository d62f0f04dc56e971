import type { Endpoint } from '../model/endpoint.ts';
import { hostWithPort } from '../model/host-port.ts';
import { cite, type Reply } from '../model/reply.ts';
import { type Trouble, trouble } from '../model/trouble.ts';
import { troubleOf } from '../wire/trouble-error.ts';
import type { Wire } from './probe.ts';

/**
 * Trouble at the beginning of a dialogue, held against the other way to begin: clear text where TLS comes first, TLS
 * where clear text does.
 */
export async function inOtherMode(wire: Wire, met: Trouble): Promise<Trouble> {
  const { endpoint } = wire.subject;
  if (endpoint.tls === 'implicit') return met.cause === 'clear-text' ? ((await greetingInClear(wire)) ?? met) : met;
  const isSilent = met.cause === 'no-greeting' && met.doubt === 'timeout';
  return isSilent ? ((await tlsFirst(wire)) ?? met) : met;
}

async function greetingInClear(wire: Wire): Promise<Trouble | null> {
  const reply = await greetingOf(wire);
  if (reply === undefined) return null;
  const target = targetOf('smtp', wire.subject.endpoint);
  const because = `it greets in clear, and TLS was expected to come first: "${reply.lines[0].text}"; ask ${target}`;
  return trouble('tls-failed', 'clear-text', because, [cite(reply)], { reply });
}

async function greetingOf(wire: Wire): Promise<Reply | undefined> {
  try {
    await using session = await wire.fresh({ tls: 'starttls' });
    return await session.greet();
  } catch (error) {
    return troubleOf(error).reply;
  }
}

async function tlsFirst(wire: Wire): Promise<Trouble | null> {
  try {
    await using session = await wire.fresh({ tls: 'implicit' });
    if (session.tls === null) return null;
    const target = targetOf('smtps', wire.subject.endpoint);
    const because = `it says nothing in clear, and speaks TLS from the first byte: ask ${target}`;
    return trouble('tls-failed', 'tls-first', because, [session.tls.at]);
  } catch (error) {
    troubleOf(error);
    return null;
  }
}

const targetOf = (scheme: string, { host, port }: Endpoint): string => `${scheme}://${hostWithPort(host, port)}`;
