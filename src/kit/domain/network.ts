import { bitsOf, isIn } from '../../model/address-bits.ts';

/** Whether an address lies in the network of another's first `bits`; not where either is no address. */
export function isWithin(address: string, network: string, bits: number): boolean {
  const [ours, theirs] = [bitsOf(address), bitsOf(network)];
  return ours !== null && theirs !== null && isIn(ours, { size: theirs.length, prefix: theirs.slice(0, bits) });
}
