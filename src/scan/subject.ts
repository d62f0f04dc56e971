import { domainOf, registrableDomain, reservedDomains, type Subject } from '../kit/subject.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { ScanOptions } from './options.ts';

/** The domains that lead here, and those that the user names. */
function domainsOf(led: readonly string[], { domain, recipient }: ScanOptions): string[] {
  const named = [domain, recipient === null ? null : domainOf(recipient)].filter((one) => one !== null);
  return [...new Set([...led, ...named].map((one) => one.toLowerCase()))];
}

/**
 * Who a scan claims to be and whom it asks, for one endpoint. `name` is the mail domain or host name that led there.
 */
export function subjectOf(
  endpoint: Endpoint,
  target: { kind: 'domain' | 'host' | 'endpoint'; name: string | null; domains: readonly string[] },
  options: ScanOptions,
): Subject {
  const ofTarget =
    target.name === null ? null : target.kind === 'domain' ? target.name : registrableDomain(target.name);
  const domain = options.domain ?? (options.recipient === null ? null : domainOf(options.recipient)) ?? ofTarget;
  const domains = domainsOf(target.domains, options);
  const ours = registrableDomain(options.helo);
  const outside = [...new Set([ours, ...reservedDomains])].filter((name) => name !== null && name !== domain);
  const [first = reservedDomains[0], ...others] = outside;
  const externals = [first, ...others].map((name) => `mxprobe-relay-test@${name}`) as [string, ...string[]];
  return {
    endpoint,
    helo: options.helo,
    sender: options.sender ?? `mxprobe@${ours ?? first}`,
    externals: options.external === null ? externals : [options.external, ...externals],
    externalGiven: options.external !== null,
    domain: domain?.toLowerCase() ?? null,
    domains,
    domainGiven: domains.length > 0,
    recipient: options.recipient,
    vantageGiven: options.vantage,
    allow: options.allow,
  };
}
