import type { Role } from '../model/endpoint.ts';
import type { Measured } from '../model/judgement.ts';
import type { Fixes } from '../model/mtas.ts';
import { stsFixesFor } from '../mta/fixes/mta-sts.ts';
import { relayFixesFor } from '../mta/fixes/relay-seen.ts';

/** What is known of a server that a fix is for. */
export interface SeenServer {
  readonly role: Role;
  /** As it was asked for: a name, or an address. */
  readonly host: string;
  /** What it calls itself (`serverName`); null where that is no host name. */
  readonly ownName: string | null;
  /** A domain that it takes mail for. */
  readonly domain: string | null;
}

/** What a server calls itself, of the observations of a scan. */
export function ownNameIn(observations: Readonly<Record<string, unknown>>): string | null {
  const hello = observations.hello as { readonly serverName?: unknown } | undefined;
  return typeof hello?.serverName === 'string' ? hello.serverName : null;
}

/**
 * The lines for what was seen, where they hang on it (`choosers`); with the domain and the host that were scanned, or
 * the domain that the finding is about (`measured.domain`), in the place of `example.com`, the name that a server gives
 * itself where an address was scanned, and a word on what is left for the reader to fill in.
 */
export function fixSeen(probe: string, fixes: Fixes, server: SeenServer, measured: Measured = {}): Fixes {
  const chosen = choosers[probe]?.(fixes, measured, server) ?? fixes;
  const about = typeof measured.domain === 'string' ? { ...server, domain: measured.domain } : server;
  return Object.fromEntries(Object.entries(chosen).map(([mta, lines]) => [mta, named(lines, about)]));
}

/** Lines that hang on what was seen: of an open relay, on what opens it; of a policy, on the MX hosts. */
const choosers: Readonly<Record<string, (fixes: Fixes, measured: Measured, server: SeenServer) => Fixes>> = {
  'open-relay': (fixes, measured, { role }) => ({ ...fixes, ...relayFixesFor(measured, role) }),
  'mta-sts': stsFixesFor,
};

interface Placeholder {
  readonly stands: string;
  /** Where it stands, and not as a part of another. */
  readonly at: RegExp;
  readonly what: string;
  /** What may take its place, best first. */
  readonly known: (server: SeenServer) => readonly (string | null)[];
}

const placeholders: readonly Placeholder[] = [
  {
    stands: 'mx.example.com',
    at: /mx\.example\.com/g,
    what: 'the name of your server',
    known: ({ host, ownName }) => [host, ownName],
  },
  { stands: 'example.com', at: /(?<!mx\.)example\.com/g, what: 'a domain of yours', known: ({ domain }) => [domain] },
];

const named = (lines: readonly string[], server: SeenServer): readonly string[] =>
  placeholders.reduce((filled, placeholder) => withName(filled, placeholder, server), lines);

function withName(lines: readonly string[], { stands, at, what, known }: Placeholder, server: SeenServer) {
  if (!lines.some((line) => line.search(at) >= 0)) return lines;
  const name = known(server).find((one) => one !== null && isName(one)) ?? null;
  return name === null ? [`# ${stands} stands for ${what}`, ...lines] : lines.map((line) => line.replaceAll(at, name));
}

/**
 * A name comes from DNS or from the server, and is pasted into a shell: what is no plain host name stays out. Nor does
 * anybody have a certificate for a name that only its own network knows.
 */
const isName = (text: string): boolean =>
  /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) &&
  !/(^|\.)(localhost|localdomain|local|internal)$/i.test(text);
