import type { Endpoint } from '../model/endpoint.ts';
import type { Judgement } from '../model/judgement.ts';
import type { NamesAbout } from '../model/lookup.ts';
import type { Fixes } from '../model/mtas.ts';
import type { Policy } from '../model/policy.ts';
import type { Shape, Shaped } from '../model/shape.ts';
import { fixesFor } from '../mta/fixes.ts';
import type { CatalogueEntry, DataOf, DefinedProbe } from './probe.ts';

/** The domain that is asked about, and what is known of it before a probe asks. */
export interface DomainSubject {
  /** As it was typed, in lower case. */
  readonly domain: string;
  /** The MX hosts that are scanned, by preference, with the addresses that were found of each. */
  readonly hosts: readonly { readonly host: string; readonly addresses: readonly string[] }[];
  /** Our name in EHLO. */
  readonly helo: string;
  /** The address that servers see of us, where the user or a public address of this machine tells it. */
  readonly egress: string | null;
  /** Whether MX hosts may have private and loopback addresses (`--private`). */
  readonly mayBePrivate: boolean;
  /** Block lists to ask, as the user named them (`--dnsbl`). */
  readonly blockLists: readonly string[];
}

/** What a domain probe may ask. */
export type Names = NamesAbout<DomainSubject>;

/** An endpoint of the domain, with what the probes named in `wants` observed there; undefined where they did not. */
export type SeenEndpoint<Wants extends Record<string, DefinedProbe>> = {
  readonly [K in keyof Wants]: DataOf<Wants[K]> | undefined;
} & { readonly endpoint: Endpoint };

/** A domain probe as the engine sees it. */
export interface DefinedDomainProbe<Data = unknown> extends CatalogueEntry {
  readonly about: 'domain';
  readonly needs: readonly [];
  /** Ids of the probes of endpoints whose observations its judge reads. */
  readonly wants: readonly string[];
  readonly data: Shape;
  observe(names: Names): Promise<Data>;
  judge(data: unknown, endpoints: readonly ObservedEndpoint[], policy: Policy): Judgement;
}

/** An endpoint with all that was observed there, by probe id. */
export interface ObservedEndpoint {
  readonly endpoint: Endpoint;
  readonly observations: Readonly<Record<string, unknown>>;
}

interface Asking<F extends Shape, Wants extends Record<string, DefinedProbe>>
  extends Omit<CatalogueEntry, 'fix' | 'safety' | 'cost' | 'waits'> {
  readonly fix?: Fixes;
  /** Questions to DNS, about, for a domain with two MX hosts. */
  readonly lookups: number;
  /** Probes of endpoints whose observations the judge reads. Key: any name; it finds them under it. */
  readonly wants?: Wants;
  readonly data: F;
  /** Asks; brings back JSON-safe data, enough to judge again. */
  observe(names: Names): Promise<Shaped<F>>;
  /** Says what the data mean. Pure. */
  judge(data: Shaped<F>, endpoints: readonly SeenEndpoint<Wants>[], policy: Policy): Judgement;
}

/**
 * Defines a question about a domain: what its records say, held against what its servers showed. `observe` asks DNS
 * while the servers are asked; the judge has both.
 */
export function defineDomainProbe<F extends Shape, Wants extends Record<string, DefinedProbe> = Record<never, never>>({
  wants,
  observe,
  judge,
  lookups,
  ...entry
}: Asking<F, Wants>): DefinedDomainProbe<Shaped<F>> {
  const links = Object.entries(wants ?? {}).map(([key, { id }]) => [key, id] as const);
  const seen = ({ endpoint, observations }: ObservedEndpoint) =>
    ({
      ...Object.fromEntries(links.map(([key, id]) => [key, observations[id]])),
      endpoint,
    }) as SeenEndpoint<Wants>;
  return {
    fix: fixesFor(entry.id),
    ...entry,
    safety: 'passive',
    cost: { connections: 0, commands: 0, lookups },
    about: 'domain',
    needs: [],
    wants: links.map(([, id]) => id),
    observe,
    // The engine hands over what `observe` brought, or a saved report that the shape was held against.
    judge: (data, endpoints, policy) => judge(data as Shaped<F>, endpoints.map(seen), policy),
  };
}

/** One question of the catalogue, about an endpoint or about a domain. */
export type Probe = DefinedProbe | DefinedDomainProbe;

export const isAboutDomain = (probe: Probe): probe is DefinedDomainProbe => 'about' in probe;
export const isAboutEndpoint = (probe: Probe): probe is DefinedProbe => !isAboutDomain(probe);
