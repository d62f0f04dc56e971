import { isLoopbackAddress, isPublicAddress, isUnspecifiedAddress } from '../../model/vantage.ts';
import type { DomainSubject } from '../domain-probe.ts';

/**
 * Where mail for an address goes: to the one host on the Internet that has it (`public`), to some host of the sender's
 * own network (`private`), or to the sender itself (`loopback`; `unspecified`, which connects to the same).
 */
export type Reach = 'public' | 'private' | 'loopback' | 'unspecified';

/** `address`: in its normal form. */
export function reachOf(address: string): Reach {
  if (isUnspecifiedAddress(address)) return 'unspecified';
  if (isLoopbackAddress(address)) return 'loopback';
  return isPublicAddress(address) ? 'public' : 'private';
}

/** Addresses of one domain that are looked up: a big provider has no more. */
const mostAddresses = 16;

/** The public addresses of the MX hosts, each once, by preference. */
export const publicAddresses = ({ hosts }: DomainSubject): string[] =>
  [...new Set(hosts.flatMap(({ addresses }) => addresses))]
    .filter((address) => reachOf(address) === 'public')
    .slice(0, mostAddresses);
