import { type Endpoint, endpointOf, roleOfPort } from '../model/endpoint.ts';
import type { HostAddresses } from './host-addresses.ts';

/** What a name or an address led to. Where `endpoints` is empty, `trouble` says why. */
export interface Found {
  /** Each address and port once, in order of preference. */
  readonly endpoints: readonly Endpoint[];
  readonly notes: readonly string[];
  readonly trouble: Trouble | null;
}

export interface Trouble {
  /** `dns-failed` is no answer at all; the others are answers. */
  readonly kind: 'not-found' | 'null-mx' | 'dns-failed' | 'no-address';
  /** One sentence, with the way on. */
  readonly because: string;
}

/** What is spoken at a port. */
export type Service = Pick<Endpoint, 'port' | 'role' | 'tls'>;

export function nothing(kind: Trouble['kind'], because: string, notes: readonly string[] = []): Found {
  return { endpoints: [], notes, trouble: { kind, because } };
}

/** Every address with every service; the first name to lead to an address is the endpoint's host. */
export function endpointsOf(hosts: readonly HostAddresses[], services: readonly Service[]): Endpoint[] {
  const byPlace = new Map<string, Endpoint>();
  for (const { host, addresses } of hosts) {
    for (const address of addresses) {
      for (const service of services) {
        const place = `${address} ${service.port}`;
        if (!byPlace.has(place)) byPlace.set(place, endpointOf({ host, address, ...service }));
      }
    }
  }
  return [...byPlace.values()];
}

export function servicesAt(ports: readonly number[]): Service[] {
  return ports.map((port) => {
    const role = roleOfPort(port);
    return { port, role, tls: role === 'submissions' ? 'implicit' : 'starttls' };
  });
}

/** Half a sentence on a host without an address to scan. */
export function lackOf({ isUnknown }: HostAddresses, family: 4 | 6 | null): string {
  if (isUnknown) return 'does not exist (NXDOMAIN)';
  return family === null ? 'has no address' : `has no IPv${family} address, and no other was asked for`;
}
