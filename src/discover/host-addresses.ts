import { normalAddress } from '../model/address.ts';
import type { Failure } from './answer.ts';
import type { Resolver } from './resolver.ts';

/** The addresses of one host, IPv4 first; `failure` where a family could not be asked for. */
export interface HostAddresses {
  readonly host: string;
  readonly addresses: readonly string[];
  readonly failure: Failure | null;
  /** DNS says that the name does not exist. */
  readonly isUnknown: boolean;
  readonly notes: readonly string[];
}

/** Addresses of one host and one family that are scanned. */
export const maxAddresses = 16;

/** Looks up A and AAAA, or only those of the family asked for. An address is its own answer. */
export async function addressesOf(host: string, family: 4 | 6 | null, resolver: Resolver): Promise<HostAddresses> {
  if (normalAddress(host) !== null) return { host, addresses: [host], failure: null, isUnknown: false, notes: [] };

  const families = family === null ? ([4, 6] as const) : [family];
  const answers = await Promise.all(families.map((each) => resolver.addresses(host, each)));
  const notes: string[] = [];
  const addresses: string[] = [];
  let failure: Failure | null = null;
  for (const [at, answer] of answers.entries()) {
    const type = families[at] === 6 ? 'AAAA' : 'A';
    if (answer.kind === 'failed') {
      failure ??= answer;
      notes.push(`${host}: ${type} could not be looked up, ${answer.because}`);
    }
    if (answer.kind !== 'found') continue;
    const unique = [...new Set(answer.records)];
    if (unique.length > maxAddresses)
      notes.push(`${host} has ${unique.length} ${type} records: only ${maxAddresses} are scanned`);
    addresses.push(...unique.slice(0, maxAddresses));
  }
  return { host, addresses, failure, isUnknown: answers.every((answer) => answer.kind === 'no-name'), notes };
}
