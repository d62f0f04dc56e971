import { bitsOf } from '../../model/address-bits.ts';

/** A server that was asked lately, at one of its addresses. */
export interface Asked {
  readonly address: string;
  readonly isSilent: boolean;
}

/** How lately it must have been, in milliseconds. */
export const lately = 20 * 60_000;
const fewest = { servers: 5, networks: 3 };
const share = 0.8;

/**
 * Whether nearly everything that was asked lately is silent, in so many networks that the fault is on our side: more
 * than 80 % of at least five servers in three networks.
 */
export function isOurSide(asked: readonly Asked[]): boolean {
  const silent = asked.filter(({ isSilent }) => isSilent);
  const networks = new Set(asked.map(({ address }) => networkOf(address)));
  return asked.length >= fewest.servers && networks.size >= fewest.networks && silent.length > share * asked.length;
}

/** /24 of IPv4, /48 of IPv6. */
function networkOf(address: string): string {
  const bits = bitsOf(address);
  return bits === null ? address : bits.slice(0, bits.length === 32 ? 24 : 48);
}
