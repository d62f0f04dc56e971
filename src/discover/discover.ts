import { normalAddress } from '../model/address.ts';
import type { Target } from '../model/target.ts';
import type { Failure } from './answer.ts';
import { discoverHost } from './discover-host.ts';
import { discoverMx } from './discover-mx.ts';
import { type Found, nothing, servicesAt } from './found.ts';
import type { Resolver } from './resolver.ts';

/** Ports of the MX hosts of a domain, and of a host that was named itself. */
export interface Ports {
  readonly ofDomain: readonly number[];
  readonly ofHost: readonly number[];
}

export interface DiscoverOptions {
  /** A target that names its port keeps it. */
  readonly ports: Ports;
  /** Only addresses of this family; null: both, IPv4 first. */
  readonly family: 4 | 6 | null;
  readonly resolver: Resolver;
  /** Whether MX hosts may have private and loopback addresses. */
  readonly mayBePrivate: boolean;
}

/** What a target led to. Where `endpoints` is empty, `trouble` says why. */
export interface Discovered extends Found {
  readonly input: string;
  readonly kind: 'domain' | 'host' | 'endpoint';
  /** The name that was looked up; null for an address. */
  readonly name: string | null;
}

/**
 * Finds the endpoints of a target by the rules of RFC 5321 §5.1. Never throws: what goes wrong is `trouble` or a note.
 */
export async function discover(target: Target, options: DiscoverOptions): Promise<Discovered> {
  const { input } = target;
  const { family, resolver } = options;
  switch (target.kind) {
    case 'name':
      return { input, name: target.name, ...(await discoverName(target.name, options)) };
    case 'address': {
      const services = servicesAt(options.ports.ofHost);
      const found = await discoverHost(target.address, { services, family, resolver, exists: true });
      return { input, name: null, kind: 'host', ...found, notes: [...notesOnPort(input), ...found.notes] };
    }
    case 'endpoint': {
      const { host, port, role, tls } = target;
      const found = await discoverHost(host, { services: [{ port, role, tls }], family, resolver, exists: null });
      return { input, name: normalAddress(host) === null ? host : null, kind: 'endpoint', ...found };
    }
  }
}

type Named = Found & Pick<Discovered, 'kind'>;

async function discoverName(name: string, options: DiscoverOptions): Promise<Named> {
  const mx = await options.resolver.mx(name);
  switch (mx.kind) {
    case 'found':
      return {
        kind: 'domain',
        ...(await discoverMx(name, mx.records, { ...options, ports: options.ports.ofDomain })),
      };
    case 'failed':
      return afterFailure(name, mx, options);
    case 'no-data':
      return asHost(name, true, 'no MX record: scanned as a host (implicit MX, RFC 5321 §5.1)', options);
    case 'no-name': {
      const note = `no MX record: scanned as a host, though DNS says that ${name} does not exist (NXDOMAIN): its address is from a hosts file or a search domain`;
      return asHost(name, false, note, options);
    }
  }
}

async function asHost(name: string, exists: boolean, note: string, options: DiscoverOptions): Promise<Named> {
  const { family, resolver } = options;
  const services = servicesAt(options.ports.ofHost);
  const found = await discoverHost(name, { services, family, resolver, exists });
  if (found.trouble !== null) return { kind: exists ? 'host' : 'domain', ...found };
  return { kind: 'host', ...found, notes: [note, ...found.notes] };
}

/**
 * An MX look-up that failed says nothing, and is no leave to try the address instead (RFC 5321 §5.1). Only where this
 * machine knows the name without DNS is it a host.
 */
async function afterFailure(name: string, { because }: Failure, options: DiscoverOptions): Promise<Named> {
  const { resolver } = options;
  if (await resolver.isLocal(name)) {
    const host = await asHost(
      name,
      true,
      `${because}, but this machine knows ${name} without DNS: scanned as a host`,
      options,
    );
    if (host.trouble === null) return host;
  }
  const sentence = `the MX records of ${name} could not be looked up at ${resolver.title}, ${because}`;
  const wayOn = `try again, name another server with --dns, or give ${name}:25 to scan it as a host`;
  return { kind: 'domain', ...nothing('dns-failed', `${sentence}: ${wayOn}`) };
}

/** `2001:db8::1:25` is an address and may well have been meant as one with a port. */
function notesOnPort(input: string): string[] {
  const [, front = '', port] = /^(.*):(25|465|587|2525)$/.exec(input.trim()) ?? [];
  const address = normalAddress(front);
  return address === null ? [] : [`${input.trim()} is read as an address: for port ${port} write [${address}]:${port}`];
}
