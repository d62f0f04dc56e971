import { answerShape } from '../../model/lookup.ts';
import type { Shaped, Zod } from '../../model/shape.ts';
import { hostKindOf } from '../domain/host-kind.ts';
import type { Names } from '../domain-probe.ts';

const hostAnswers = (z: Zod) =>
  z.object({
    host: z.string(),
    a: answerShape('A')(z),
    aaaa: answerShape('AAAA')(z),
    cname: answerShape('CNAME')(z),
  });
export type HostAnswers = Shaped<typeof hostAnswers>;

export const mxShape = (z: Zod) =>
  z.object({
    domain: z.string(),
    mayBePrivate: z.boolean(),
    mx: answerShape('MX')(z),
    /** Of the hosts whose names may be asked for, the first by preference. */
    hosts: z.array(hostAnswers(z)),
    /** Of the domain itself, which is where mail goes without MX records (RFC 5321 §5.1). */
    own: hostAnswers(z).nullable(),
  });
export type MxData = Shaped<typeof mxShape>;

/** MX hosts of one domain that DNS is asked about: an answer of 64 KiB could list thousands. */
export const mostHosts = 20;

/** Asks for the MX records of the domain, and for the addresses of their hosts. */
export async function askMx(names: Names): Promise<MxData> {
  const { domain, mayBePrivate } = names.subject;
  const mx = await names.ask(domain, 'MX');
  const exchanges = exchangesOf(mx.records).filter((host) => mayBeAsked.includes(hostKindOf(host)));
  const asked = mx.kind === 'found' ? exchanges.slice(0, mostHosts) : [];
  const [own, hosts] = await Promise.all([
    mx.kind === 'no-data' ? askHost(names, domain) : null,
    Promise.all(asked.map((host) => askHost(names, host))),
  ]);
  return { domain, mayBePrivate, mx, hosts, own };
}

const mayBeAsked: readonly string[] = ['name', 'underscore', 'one-label'];

/** The hosts by preference (RFC 5321 §5.1), each once; among equals by name. */
export function exchangesOf(records: MxData['mx']['records']): string[] {
  const sorted = [...records].sort((a, b) => a.preference - b.preference || (a.exchange < b.exchange ? -1 : 1));
  return [...new Set(sorted.map(({ exchange }) => exchange).filter((exchange) => exchange !== ''))];
}

async function askHost(names: Names, host: string): Promise<HostAnswers> {
  const [a, aaaa, cname] = await Promise.all([names.ask(host, 'A'), names.ask(host, 'AAAA'), names.ask(host, 'CNAME')]);
  return { host, a, aaaa, cname };
}
