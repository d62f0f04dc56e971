import { answerShape } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { hostKindOf } from '../domain/host-kind.ts';
import type { Names } from '../domain-probe.ts';
import { exchangesOf, mostHosts } from '../mx/ask.ts';

const hostShape = (z: Zod) =>
  z.object({
    host: z.string(),
    a: answerShape('A')(z),
    aaaa: answerShape('AAAA')(z),
    /** At the name that the host is an alias of, and where nothing is there, at its own (RFC 7672 §2.2.2). */
    tlsa: z.array(z.object({ base: z.string(), answer: answerShape('TLSA')(z) })),
  });
export type DaneHost = Shaped<typeof hostShape>;

export const daneShape = (z: Zod) =>
  z.object({
    domain: z.string(),
    mx: answerShape('MX')(z),
    /** By preference; the domain itself where it has no MX records. */
    hosts: z.array(hostShape(z)),
    /** Names of hosts that nothing was asked about. */
    unasked: z.array(z.string()),
    /** Whether there is an MTA-STS policy. */
    sts: answerShape('TXT')(z).nullable(),
  });
export type DaneData = Shaped<typeof daneShape>;

/** Asks for the MX records, the addresses of their hosts, and the TLSA records of hosts that may have any. */
export async function askDane(names: Names): Promise<DaneData> {
  const { domain } = names.subject;
  const mx = await names.ask(domain, 'MX');
  const exchanges = mx.kind === 'no-data' ? [domain] : exchangesOf(mx.records);
  const hosts = mx.kind === 'bogus' ? [] : exchanges.filter((host) => mayBeAsked.includes(hostKindOf(host)));
  const asked = hosts.slice(0, mostHosts);
  const [sts, answers] = await Promise.all([
    asked.length > 0 ? names.ask(`_mta-sts.${domain}`, 'TXT') : null,
    Promise.all(asked.map((host) => askHost(names, host))),
  ]);
  return { domain, mx, hosts: answers, unasked: hosts.slice(mostHosts), sts };
}

const mayBeAsked: readonly string[] = ['name', 'underscore', 'one-label'];

async function askHost(names: Names, host: string): Promise<DaneHost> {
  const [a, aaaa] = await Promise.all([names.ask(host, 'A'), names.ask(host, 'AAAA')]);
  const addresses = [a, aaaa].filter(({ kind }) => kind === 'found');
  // Senders do not ask for TLSA records below a name that is not signed: servers that break at them are common there.
  if (addresses.length === 0 || addresses.some(({ secure }) => secure === false)) return { host, a, aaaa, tlsa: [] };
  const alias = addresses.map(({ aliases }) => aliases.at(-1)).find((name) => name !== undefined);
  const tlsa: DaneHost['tlsa'][number][] = [];
  for (const base of alias === undefined ? [host] : [alias, host]) {
    const answer = await names.ask(`_25._tcp.${base}`, 'TLSA');
    tlsa.push({ base, answer });
    if (answer.kind !== 'no-name' && answer.kind !== 'no-data') break;
  }
  return { host, a, aaaa, tlsa };
}
