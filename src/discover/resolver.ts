import type { RecordOf, RecordType } from '../model/lookup.ts';
import { type Answer, answerOf, type Mx } from './answer.ts';
import type { DnsAnswer, DnsClient } from './dns-client.ts';
import { lookUp } from './look-up.ts';
import { turns } from './turns.ts';

/** Where answers about names come from. Nothing here throws or rejects; every question ends within a bounded time. */
export interface Resolver {
  /** For messages: `the system's DNS`, `DNS server 192.0.2.53`. */
  readonly title: string;
  mx(name: string): Promise<Answer<Mx>>;
  /** Addresses in their normal form. */
  addresses(name: string, family: 4 | 6): Promise<Answer<string>>;
  /** What the name is an alias of, one step. */
  cname(name: string): Promise<Answer<string>>;
  /** True where an address of this name would come from this machine (hosts file, container network), not from DNS. */
  isLocal(name: string): Promise<boolean>;
}

/**
 * libuv gives name look-ups at most two of its four threads: more at once would wait there with their clock running.
 */
const lookupsAtOnce = 2;

/** All is asked of DNS. */
export function namedResolver(dns: DnsClient): Resolver {
  return {
    title: dns.title,
    mx: (name) => ask(dns, name, 'MX'),
    addresses: (name, family) => ask(dns, name, family === 4 ? 'A' : 'AAAA'),
    cname: (name) => ask(dns, name, 'CNAME'),
    isLocal: async () => false,
  };
}

/** MX records by DNS; addresses as any program here gets them, so that the hosts file counts. */
export function systemResolver(dns: DnsClient, timeoutSeconds: number, stop: AbortSignal | null = null): Resolver {
  const named = namedResolver(dns);
  const inTurn = turns(lookupsAtOnce);
  return {
    ...named,
    // RFC 6761 §6.3: this name is never asked of DNS.
    mx: async (name) => (/(^|\.)localhost$/.test(name) ? { kind: 'no-data' } : named.mx(name)),
    addresses: (name, family) => inTurn(() => lookUp(name, family, timeoutSeconds, stop)),
    isLocal: async (name) => {
      if (!name.includes('.')) return true;
      const inDns = await Promise.all([named.addresses(name, 4), named.addresses(name, 6)]);
      return inDns.every((answer) => answer.kind !== 'found');
    },
  };
}

async function ask<T extends RecordType>(dns: DnsClient, name: string, type: T): Promise<Answer<RecordOf<T>>> {
  return plainOf(await dns.ask(name, type));
}

/** A bogus answer leads nowhere: a sender whose resolver validates has none, and anyone may have made it up. */
function plainOf<T extends RecordType>({ kind, records, because }: DnsAnswer<T>): Answer<RecordOf<T>> {
  if (kind === 'found') return answerOf(records);
  if (kind === 'failed') return { kind, because: because ?? 'no answer' };
  if (kind === 'bogus') return { kind: 'failed', because: 'validation fails (SERVFAIL, DNSSEC)' };
  return { kind };
}
