import {
  type Answered,
  type Ask,
  citeLookup,
  type Fetched,
  type FetchedFile,
  type Lookup,
  type RecordedNames,
  type RecordType,
} from '../model/lookup.ts';
import { visible } from '../model/visible.ts';
import type { DnsClient } from './dns-client.ts';
import { lowerCase, recordText } from './dns-records.ts';

/** GET by the rules of RFC 8461 §3.3, before anyone cites it; where the name leads is asked for on record, too. */
export type Fetch = (url: string, ask: Ask) => Promise<FetchedFile>;

/** Names as the probes of a domain ask for them, with a record of each question for the report. */
export function recordedNames<Subject>(client: DnsClient, subject: Subject, fetch: Fetch): RecordedNames<Subject> {
  const lookups: Lookup[] = [];
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const before = known.get(key) as Promise<T> | undefined;
    const now = before ?? work();
    known.set(key, now);
    return now;
  };
  const record = (lookup: Lookup) => citeLookup(lookup, lookups.push(lookup) - 1);

  const put = async <T extends RecordType>(name: string, type: T): Promise<Answered<T>> => {
    const { rcode, ttl, ...answer } = await client.ask(name, type);
    const { records, aliases, secure, because } = answer;
    const at = record({
      name: visible(name),
      type,
      rcode,
      authenticated: secure === true,
      records: records.map((each) => recordText(type, each)),
      ttl,
      ...(aliases.length > 0 ? { aliases: [...aliases] } : {}),
      ...(because === null ? {} : { because }),
    });
    return { ...answer, ...(answer.kind === 'failed' && rcode !== 'none' ? { rcode } : {}), at };
  };
  const ask: Ask = (given, type) => {
    const name = lowerCase(given).replace(/\.$/, '');
    return once(`${type} ${name}`, () => put(name, type));
  };
  const get = async (url: string): Promise<Fetched> => {
    const got = await fetch(url, ask);
    const at = record({ name: visible(url), type: 'HTTPS', authenticated: false, ttl: null, ...shownOf(got) });
    return { ...got, at };
  };
  return {
    lookups,
    names: {
      subject,
      ask,
      fetch: (url) => once(url, () => get(url)),
    },
  };
}

/** As much of a file as a quote needs. */
const maxShown = 200;

function shownOf(got: FetchedFile): Pick<Lookup, 'rcode' | 'records' | 'because'> {
  if (got.kind === 'failed') return { rcode: 'none', records: [], because: visible(got.because) };
  const { status, contentType, location, body } = got;
  const head = location === null ? `${contentType}` : `${contentType}, location ${location}`;
  return { rcode: String(status), records: [head, ...body.slice(0, maxShown).trimEnd().split(/\r?\n/)].map(visible) };
}
