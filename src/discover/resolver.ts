import { lookup, Resolver as NodeResolver } from 'node:dns/promises';
import { normalAddress } from '../model/address.ts';
import { type Answer, answerOf, answerOfError, type Mx, timedOut } from './answer.ts';

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

export interface ResolverOptions {
  /** Seconds that one question may take in all, its tries included. */
  readonly timeoutSeconds: number;
}

/** How often a question is sent to each server within its time: one datagram may get lost. */
const tries = 2;
/** Aliases followed by us where a server gives the alias without its target, as one that does not recurse. */
const maxAliases = 8;
/**
 * libuv gives name look-ups at most two of its four threads: more at once would wait there with their clock running.
 */
const lookupsAtOnce = 2;

/**
 * All questions go to one server. `server` is an address, `address:port` or `[v6]:port`, as `parseDnsServer` gives it.
 */
export function namedResolver(server: string, { timeoutSeconds }: ResolverOptions): Resolver {
  return { title: `DNS server ${server}`, ...questions(timeoutSeconds, server), isLocal: async () => false };
}

/** MX records by the system's DNS servers; addresses as any program here gets them, so that the hosts file counts. */
export function systemResolver({ timeoutSeconds }: ResolverOptions): Resolver {
  const dns = questions(timeoutSeconds, null);
  const inTurn = turns(lookupsAtOnce);
  return {
    ...dns,
    title: "the system's DNS",
    // RFC 6761 §6.3: this name is never asked of DNS.
    mx: async (name) => (/(^|\.)localhost$/.test(name) ? { kind: 'no-data', code: null } : dns.mx(name)),
    addresses: (name, family) => inTurn(() => lookUp(name, family, timeoutSeconds)),
    isLocal: async (name) => {
      if (!name.includes('.')) return true;
      const inDns = await Promise.all([dns.addresses(name, 4), dns.addresses(name, 6)]);
      return inDns.every((answer) => answer.kind !== 'found');
    },
  };
}

function questions(seconds: number, server: string | null): Pick<Resolver, 'mx' | 'addresses' | 'cname'> {
  const cname = (name: string) => ask(seconds, server, (dns) => dns.resolveCname(name));
  const follow = async <T>(
    name: string,
    question: (dns: NodeResolver, name: string) => Promise<T[]>,
    left = maxAliases,
  ): Promise<Answer<T>> => {
    const answer = await ask(seconds, server, (dns) => question(dns, name));
    if (answer.kind !== 'no-data' || answer.code !== null || left === 0) return answer;
    const alias = await cname(name);
    return alias.kind === 'found' ? follow(alias.records[0], question, left - 1) : answer;
  };
  return {
    mx: async (name) =>
      follow(name, async (dns, at) =>
        (await dns.resolveMx(at)).map(({ priority, exchange }) => ({ preference: priority, exchange })),
      ),
    addresses: async (name, family) =>
      follow(name, async (dns, at) =>
        (await (family === 4 ? dns.resolve4(at) : dns.resolve6(at))).flatMap((text) => normalAddress(text) ?? []),
      ),
    cname,
  };
}

/**
 * One question, one resolver: giving up on it disturbs no other. Cut off by our own clock, as c-ares doubles its wait
 * each try.
 */
async function ask<T>(
  seconds: number,
  server: string | null,
  question: (dns: NodeResolver) => Promise<T[]>,
): Promise<Answer<T>> {
  const dns = new NodeResolver({ timeout: Math.ceil((seconds * 1000) / tries), tries });
  if (server !== null) dns.setServers([server]);
  const clock = setTimeout(() => dns.cancel(), seconds * 1000);
  try {
    return answerOf(await question(dns));
  } catch (error) {
    return answerOfError(error, seconds);
  } finally {
    clearTimeout(clock);
  }
}

/**
 * getaddrinfo says ENOTFOUND both of a name that does not exist and of one without addresses of this family: no more
 * than no data.
 */
async function lookUp(name: string, family: 4 | 6, seconds: number): Promise<Answer<string>> {
  let clock: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    clock = setTimeout(() => reject(Object.assign(new Error(name), { code: timedOut })), seconds * 1000);
  });
  try {
    const found = await Promise.race([lookup(name, { all: true, family }), late]);
    return answerOf(found.flatMap(({ address }) => normalAddress(address) ?? []));
  } catch (error) {
    const answer = answerOfError(error, seconds);
    const isNone = answer.kind === 'no-name' || (answer.kind === 'failed' && answer.code === 'EAI_ADDRFAMILY');
    return isNone ? { kind: 'no-data', code: answer.code } : answer;
  } finally {
    clearTimeout(clock);
  }
}

/** Lets so many run at a time, the rest in order. */
function turns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = atOnce;
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
