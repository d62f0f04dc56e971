import type { Ports } from '../discover/discover.ts';
import type { DefinedProbe } from '../kit/index.ts';
import { normalAddress } from '../model/address.ts';
import { type Safety, safeties } from '../model/judgement.ts';
import type { Target } from '../model/target.ts';
import { isPublicAddress } from '../model/vantage.ts';
import type { ScanOptions } from './options.ts';

/** What a scan asks, and where, as its options say: the scan goes by it, and `--plan` tells it without a packet. */

type Chosen<Option extends keyof ScanOptions> = Pick<ScanOptions, Option>;

/**
 * The ports of a target that names none: those of the user, or else the usual ones and those that the policy speaks of.
 */
export function portsOf({ ports, policy }: Chosen<'ports' | 'policy'>): Ports {
  const also = Object.keys(policy.ports).map(Number);
  const listed = (usual: readonly number[]) => ports ?? [...new Set([...usual, ...also])];
  return { ofDomain: listed([25]), ofHost: listed([25, 587, 465]) };
}

/** Whether findings of this probe are wanted. */
export const isChosen =
  ({ probes, skip }: Chosen<'probes' | 'skip'>) =>
  ({ id }: Pick<DefinedProbe, 'id'>): boolean =>
    (probes.length === 0 || probes.includes(id)) && !skip.includes(id);

/**
 * The chosen probes and those whose data they read, in the order of the catalogue: all that they need, and of what they
 * want whatever is not left out and not loud, so that a probe asked for alone tells what it tells among all others.
 */
export function withNeeded<Probe extends Pick<DefinedProbe, 'id' | 'needs' | 'wants' | 'safety'>>(
  catalogue: readonly Probe[],
  options: Chosen<'probes' | 'skip'>,
): Probe[] {
  const ids = new Set<string>();
  const isQuiet = (id: string) =>
    !options.skip.includes(id) && catalogue.some((probe) => probe.id === id && probe.safety !== 'load');
  const add = (id: string) => {
    if (ids.has(id)) return;
    ids.add(id);
    const { needs = [], wants = [] } = catalogue.find((probe) => probe.id === id) ?? {};
    for (const read of [...needs, ...wants.filter(isQuiet)]) add(read);
  };
  for (const { id } of catalogue.filter(isChosen(options))) add(id);
  return catalogue.filter(({ id }) => ids.has(id));
}

/** Where a probe would run. The address is null until DNS has been asked. */
export interface Place {
  /** A name, or the address again. */
  readonly host: string;
  readonly address: string | null;
}

/** The place that a target names. */
export function placeOf(target: Target): Place {
  const host = target.kind === 'name' ? target.name : target.kind === 'address' ? target.address : target.host;
  return { host, address: normalAddress(host) };
}

/** Why a probe may not be run at a place; null where it may. */
export function forbidden(
  { safety }: Pick<DefinedProbe, 'safety'>,
  { host, address }: Place,
  { allow, authorized }: Chosen<'allow' | 'authorized'>,
): string | null {
  if (!isAllowed(safety, allow)) return `needs --allow ${safety}`;
  if (!needsWord(safety) || authorized) return null;
  if (address !== null && isPublicAddress(address)) return `needs --authorized: ${address} is a public address`;
  // Whoever has the name in DNS may have it lead anywhere.
  return normalAddress(host) !== null || host === 'localhost' ? null : `needs --authorized: DNS says where ${host} is`;
}

/** Whether a probe of this class may run where `allow` is the loudest allowed. */
export function isAllowed(safety: Safety, allow: Safety): boolean {
  return safeties.indexOf(safety) <= safeties.indexOf(allow);
}

/** Whether probes of this class need the user's word that they may run at a public address. */
const needsWord = (safety: Safety): boolean => safety === 'intrusive' || safety === 'load';
