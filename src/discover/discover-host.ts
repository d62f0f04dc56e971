import { familyOf, normalAddress } from '../model/address.ts';
import { isUnspecifiedAddress } from '../model/vantage.ts';
import { endpointsOf, type Found, lackOf, nothing, type Service } from './found.ts';
import { addressesOf } from './host-addresses.ts';
import type { Resolver } from './resolver.ts';

export interface HostOptions {
  readonly services: readonly Service[];
  readonly family: 4 | 6 | null;
  readonly resolver: Resolver;
  /** What DNS has said already: whether the name exists; null where it was not asked. */
  readonly exists: boolean | null;
}

/** The endpoints of a host, name or address, that the user named or that stands for a domain without MX records. */
export async function discoverHost(host: string, { services, family, resolver, exists }: HostOptions): Promise<Found> {
  if (normalAddress(host) !== null && family !== null && familyOf(host) !== family) {
    return nothing(
      'no-address',
      `${host} is no IPv${family} address, and no other was asked for: leave out --ipv${family}`,
    );
  }
  const { addresses, ...found } = await addressesOf(host, family, resolver);
  // A system takes them for itself.
  const real = addresses.filter((address) => !isUnspecifiedAddress(address));
  const endpoints = endpointsOf([{ ...found, addresses: real }], services);
  if (endpoints.length > 0) return { endpoints, notes: found.notes, trouble: null };
  if (addresses.length > 0)
    return nothing('no-address', `${host} leads to ${addresses.join(', ')}, which is no host's address`);

  const isUnknown = exists === false || found.isUnknown;
  if (isUnknown || (exists === null && found.failure === null && (await resolver.mx(host)).kind === 'no-name')) {
    return nothing('not-found', `${host} does not exist (DNS says NXDOMAIN): check the spelling`);
  }
  if (found.failure !== null) {
    const because = `${host} could not be looked up at ${resolver.title}, ${found.failure.because}`;
    return nothing(
      'dns-failed',
      `${because}: try again, name another server with --dns, or give an address`,
      found.notes,
    );
  }
  return nothing(
    'no-address',
    `${host} ${lackOf({ ...found, addresses }, family)}: check the spelling, or give an address`,
  );
}
