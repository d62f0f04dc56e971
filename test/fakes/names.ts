import { z } from 'zod';
import type { DefinedDomainProbe, DomainSubject, Names, ObservedEndpoint } from '../../src/kit/index.ts';
import type { Judgement } from '../../src/model/judgement.ts';
import {
  type Answered,
  citeLookup,
  type Fetched,
  type Lookup,
  type RecordOf,
  type RecordType,
} from '../../src/model/lookup.ts';
import { defaultPolicy, type Policy } from '../../src/model/policy.ts';

/**
 * What a made-up DNS holds, by name and type: `{ 'example.com MX': ['10 mx.example.com'] }`, records as zone files
 * write them, without dots at the end. A word instead of records is what goes wrong there.
 */
export type Zone = Readonly<Record<string, readonly string[] | 'SERVFAIL' | 'BOGUS' | 'timeout'>>;

export interface FakeNames extends Names {
  readonly lookups: readonly Lookup[];
}

interface World {
  readonly subject?: Partial<DomainSubject>;
  /** Whether answers are authenticated: all, none, not told, or by name. */
  readonly secure?: boolean | null | ((name: string) => boolean | null);
  /** What a fetch of a URL gives. */
  readonly files?: Readonly<
    Record<string, Omit<Fetched & { kind: 'fetched' }, 'at'> | Omit<Fetched & { kind: 'failed' }, 'at'>>
  >;
}

/** Names that answer from a made-up DNS; aliases are followed as a resolver does. */
export function fakeNames(zone: Zone, { subject, secure = null, files = {} }: World = {}): FakeNames {
  const lookups: Lookup[] = [];
  const isSecure = (name: string) => (typeof secure === 'function' ? secure(name) : secure);
  const record = (lookup: Lookup) => citeLookup(lookup, lookups.push(lookup) - 1);
  return {
    lookups,
    subject: {
      domain: 'example.com',
      hosts: [],
      helo: 'scanner.example.net',
      egress: null,
      mayBePrivate: false,
      blockLists: [],
      ...subject,
    },
    async ask<T extends RecordType>(asked: string, type: T): Promise<Answered<T>> {
      const aliases: string[] = [];
      let name = asked.toLowerCase();
      while (type !== 'CNAME' && Array.isArray(zone[`${name} CNAME`]) && aliases.length < 8) {
        name = String(zone[`${name} CNAME`]?.[0]);
        aliases.push(name);
      }
      const held = zone[`${name} ${type}`];
      const exists = Object.keys(zone).some((key) => key.split(' ')[0]?.endsWith(name));
      const texts = typeof held === 'string' ? [] : (held ?? []);
      const kind = kindOf(held, exists);
      const found = isSecure(name);
      const said = held === 'SERVFAIL' ? held : undefined;
      const because = kind === 'failed' ? (said ?? 'no answer within 5 s') : null;
      const at = record({
        name: asked.toLowerCase(),
        type,
        rcode:
          said ??
          { found: 'NOERROR', 'no-data': 'NOERROR', 'no-name': 'NXDOMAIN', bogus: 'BOGUS', failed: 'none' }[kind],
        authenticated: found === true,
        records: [...texts],
        ttl: texts.length > 0 ? 300 : null,
        ...(aliases.length > 0 ? { aliases } : {}),
        ...(because === null ? {} : { because }),
      });
      const records = texts.map((text) => recordOf(type, text));
      const rcode = said === undefined ? {} : { rcode: said };
      return { kind, records, aliases, secure: found, because, ...rcode, at };
    },
    async fetch(url) {
      const file = files[url] ?? ({ kind: 'failed', why: 'unreachable', because: 'ECONNREFUSED' } as const);
      const said = file.kind === 'fetched' ? [`${file.contentType}`, file.body.slice(0, 200)] : [];
      const at = record({
        name: url,
        type: 'HTTPS',
        rcode: file.kind === 'fetched' ? String(file.status) : 'none',
        authenticated: false,
        records: said,
        ttl: null,
        ...(file.kind === 'failed' ? { because: file.because } : {}),
      });
      return { ...file, at };
    },
  };
}

function kindOf(held: Zone[string] | undefined, exists: boolean): Answered<'A'>['kind'] {
  if (held === 'BOGUS') return 'bogus';
  if (typeof held === 'string') return 'failed';
  if (held === undefined || held.length === 0) return exists ? 'no-data' : 'no-name';
  return 'found';
}

function recordOf<T extends RecordType>(type: T, text: string): RecordOf<T> {
  const words = text.split(' ');
  const [a = '', b = '', c = '', d = ''] = words;
  const read: Partial<Record<RecordType, unknown>> = {
    MX: { preference: Number(a), exchange: b },
    TLSA: { usage: Number(a), selector: Number(b), matching: Number(c), data: d },
  };
  return (read[type] ?? text) as RecordOf<T>;
}

/**
 * What a domain probe says of a made-up world. What it observes goes through JSON and through its own shape on the
 * way, as in a saved report.
 */
export async function judgeDomain(
  probe: DefinedDomainProbe,
  zone: Zone,
  world: World & { readonly endpoints?: readonly ObservedEndpoint[]; readonly policy?: Policy } = {},
): Promise<Judgement> {
  const observed = JSON.parse(JSON.stringify(await probe.observe(fakeNames(zone, world))));
  return probe.judge(probe.data(z).parse(observed), world.endpoints ?? [], world.policy ?? defaultPolicy);
}
