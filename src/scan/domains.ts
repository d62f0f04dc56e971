import type { Discovered } from '../discover/discover.ts';
import { type DomainSubject, isAboutDomain, type Probe } from '../kit/index.ts';
import { registrableDomain } from '../kit/subject.ts';
import type { Lookup, RecordedNames } from '../model/lookup.ts';
import type { EndpointReport, TargetReport } from '../model/report.ts';
import { isChosen } from './choice.ts';
import { domainFinding, type ObservedDomain, observeDomain } from './domain-run.ts';
import { observedEndpoints } from './judge-again.ts';
import type { ScanOptions } from './options.ts';

/** What was observed of a domain, and what DNS was asked for it. */
interface AskedDomain {
  readonly domain: string;
  readonly observed: readonly ObservedDomain[];
  readonly lookups: readonly Lookup[];
}

/**
 * Asks about the domain of a target, while its servers are asked. Null where the target is none, or where nothing of
 * that kind is asked. Never rejects.
 */
export async function askDomain(
  found: Discovered,
  probes: readonly Probe[],
  options: ScanOptions,
  namesOf: (subject: DomainSubject) => RecordedNames<DomainSubject>,
): Promise<AskedDomain | null> {
  const chosen = probes.filter(isAboutDomain).filter(isChosen(options));
  const domain = domainOf(found);
  if (domain === null || found.trouble?.kind === 'not-found' || chosen.length === 0) return null;
  const subject = domainSubjectOf(domain, found, options);
  const { names, lookups } = namesOf(subject);
  const observed = await observeDomain(chosen, names, options.signal);
  return { domain: subject.domain, observed, lookups: [...lookups] };
}

/**
 * A name without MX records is a host; one that somebody has registered is a domain as well, in whose name mail may
 * come, and to which it goes by its address (RFC 5321 §5.1). Null where it is neither.
 */
function domainOf({ kind, name }: Discovered): string | null {
  if (name === null || kind === 'endpoint') return null;
  return kind === 'domain' || registrableDomain(name) === name.toLowerCase() ? name : null;
}

function domainSubjectOf(domain: string, { endpoints }: Discovered, options: ScanOptions): DomainSubject {
  const hosts = new Map<string, Set<string>>();
  for (const { host, address } of endpoints) hosts.set(host, (hosts.get(host) ?? new Set()).add(address));
  return {
    domain: domain.toLowerCase(),
    hosts: [...hosts].map(([host, addresses]) => ({ host, addresses: [...addresses] })),
    helo: options.helo,
    egress: options.egress,
    mayBePrivate: options.private,
    blockLists: options.blockLists,
  };
}

/** A target with what was found of its domain, given what was seen of its servers. */
export function withFindings(
  target: TargetReport,
  asked: AskedDomain | null,
  endpoints: readonly EndpointReport[],
  { policy }: Pick<ScanOptions, 'policy'>,
  day: string,
): TargetReport {
  if (asked === null) return target;
  const { domain } = asked;
  const judging = { domain, endpoints: observedEndpoints(target, { endpoints }), policy, day };
  const seen = asked.observed.flatMap(({ probe, observed }) =>
    'data' in observed ? [[probe.id, observed.data] as const] : [],
  );
  return {
    ...target,
    domain,
    findings: asked.observed.map((one) => domainFinding(one, judging)),
    observations: Object.fromEntries(seen),
    lookups: asked.lookups,
  };
}
