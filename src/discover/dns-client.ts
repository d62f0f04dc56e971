import type { Answered, RecordOf, RecordType } from '../model/lookup.ts';
import { isLoopbackAddress } from '../model/vantage.ts';
import { askServers, type Said } from './ask-servers.ts';
import { type AnswerRecord, maxRecords } from './dns-message.ts';
import { lowerCase, printableName } from './dns-records.ts';
import { type DnsServer, dnsServerOf, systemServers } from './dns-servers.ts';
import { turns } from './turns.ts';

/** What came of a question, before anyone cites it. */
export interface DnsAnswer<T extends RecordType> extends Omit<Answered<T>, 'at'> {
  /** See `Lookup`. */
  readonly rcode: string;
  /** Seconds, the least of the answer; null where nothing was found. */
  readonly ttl: number | null;
}

export interface DnsClient {
  /** For messages: `the system's DNS`, `DNS server 192.0.2.53`. */
  readonly title: string;
  /**
   * Asks DNS, each question once in the life of the client. Never rejects, and ends within a bounded time. Names in any
   * letters, with or without the root's dot.
   */
  ask<T extends RecordType>(name: string, type: T): Promise<DnsAnswer<T>>;
}

export interface DnsOptions {
  /** `address`, `address:port` or `[v6]:port`; null: the system's servers. */
  readonly server: string | null;
  /** Whether to believe AD though the server is not on this machine. */
  readonly isTrusted: boolean;
  /** Seconds that one question may take in all, its tries included. */
  readonly timeoutSeconds: number;
  /** Ends every question that is open, and those that come later. */
  readonly signal?: AbortSignal | null;
}

/** Aliases followed, in one answer or by asking on where a server gives an alias without its target. */
export const maxAliases = 8;
/** Each has a socket of its own. */
const questionsAtOnce = 32;

/** A client of DNS with a memory. One for a scan, so that nothing is asked twice. */
export function dnsClient({ server, isTrusted, timeoutSeconds, signal = null }: DnsOptions): DnsClient {
  const servers = server === null ? systemServers() : [dnsServerOf(server)];
  const inTurn = turns(questionsAtOnce);
  const known = new Map<string, Promise<Said>>();
  const put: Put = (name, type) => {
    const key = `${type} ${name}`;
    const said = known.get(key) ?? inTurn(() => askServers(servers, { name, type }, timeoutSeconds, signal));
    known.set(key, said);
    return said;
  };
  const believed = ({ address }: DnsServer) => isTrusted || isLoopbackAddress(address);
  return {
    title: server === null ? "the system's DNS" : `DNS server ${server}`,
    ask: (name, type) => answerBy(put, believed, lowerCase(name).replace(/\.$/, ''), type),
  };
}

type Put = (name: string, type: RecordType) => Promise<Said>;
type Answer = Exclude<Said, { kind: 'failed' | 'unaskable' }>;

async function answerBy<T extends RecordType>(
  put: Put,
  believed: (server: DnsServer) => boolean,
  name: string,
  type: T,
): Promise<DnsAnswer<T>> {
  const path = [printableName(name)];
  const heard: Answer[] = [];
  const finish = (rest: Partial<DnsAnswer<T>> & Pick<DnsAnswer<T>, 'kind'>): DnsAnswer<T> => ({
    rcode: heard.some(({ isBogus }) => isBogus) ? 'BOGUS' : (heard.at(-1)?.message.rcode ?? 'none'),
    records: [],
    aliases: path.slice(1),
    secure: heard.every(({ server }) => believed(server)) && heard.length > 0 ? heard.every(isVouchedFor) : null,
    ttl: null,
    because: null,
    ...rest,
  });
  for (let at = name; ; at = path.at(-1) ?? name) {
    const said = await put(at, type);
    if (said.kind === 'failed')
      return finish({ kind: 'failed', rcode: said.rcode, because: said.because, secure: null });
    if (said.kind === 'unaskable') return finish({ kind: 'no-name', because: 'DNS can hold no such name' });
    heard.push(said);
    const asked = path.length;
    const end = follow(said.message.records, path, type);
    if (end === 'circle') return finish({ kind: 'no-data', because: 'its aliases lead in a circle' });
    if (end === 'long')
      return finish({ kind: 'failed', because: `more than ${maxAliases} aliases, one after the other`, secure: null });
    const isOpen = end.length === 0 && path.length > asked && said.message.rcode === 'NOERROR';
    if (isStray(end, path.length > asked, said)) return finish({ kind: 'failed', because: strange, secure: null });
    if (!isOpen) return finish(contentOf<T>(end, said, heard));
  }
}

/** What is sent of other names alone says nothing of the one that was asked for. */
const isStray = (end: readonly AnswerRecord[], ledOn: boolean, { message, isBogus }: Answer): boolean =>
  end.length === 0 && !ledOn && !isBogus && message.rcode === 'NOERROR' && message.records.length > 0;

const strange = 'the answer is about other names';

const isVouchedFor = ({ message, isBogus }: Answer): boolean => message.isAuthentic && !isBogus;

/** Goes along the aliases of an answer, and adds them to the path; the records at its end. */
function follow(
  records: readonly AnswerRecord[],
  path: string[],
  type: RecordType,
): AnswerRecord[] | 'circle' | 'long' {
  for (;;) {
    const at = path.at(-1);
    const alias =
      type === 'CNAME' ? undefined : records.find((record) => record.type === 'CNAME' && record.name === at);
    if (alias === undefined) return records.filter((record) => record.type === type && record.name === at);
    const target = String(alias.data);
    if (path.includes(target)) return 'circle';
    if (path.length > maxAliases) return 'long';
    path.push(target);
  }
}

function contentOf<T extends RecordType>(
  found: readonly AnswerRecord[],
  { message, isBogus }: Answer,
  heard: readonly Answer[],
): Partial<DnsAnswer<T>> & Pick<DnsAnswer<T>, 'kind'> {
  const records: RecordOf<T>[] = found.map(({ data }) => data as RecordOf<T>);
  const unread = message.unread > 0 ? `${maxRecords} of ${maxRecords + message.unread} records are read` : null;
  const ttl = found.length === 0 ? null : Math.min(...heard.flatMap((each) => each.message.records).map(ttlOf));
  const failing = isBogus || heard.some((each) => each.isBogus);
  if (failing)
    return { kind: 'bogus', records, ttl, because: 'SERVFAIL, and an answer with checking disabled (RFC 4035 §3.2.2)' };
  if (message.rcode === 'NXDOMAIN') return { kind: 'no-name' };
  if (records.length === 0) return { kind: 'no-data' };
  return { kind: 'found', records, ttl, because: unread };
}

const ttlOf = ({ ttl }: AnswerRecord): number => ttl;
