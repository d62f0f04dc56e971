import { isPublicAddress, isUnspecifiedAddress } from '../model/vantage.ts';
import type { Mx } from './answer.ts';
import { endpointsOf, type Found, lackOf, nothing, servicesAt } from './found.ts';
import { addressesOf, type HostAddresses } from './host-addresses.ts';
import { mxHosts } from './mx-hosts.ts';
import type { Resolver } from './resolver.ts';

export interface MxOptions {
  readonly ports: readonly number[];
  readonly family: 4 | 6 | null;
  readonly resolver: Resolver;
  /** Whether MX hosts may have private and loopback addresses. */
  readonly mayBePrivate: boolean;
}

/** The endpoints of a domain's MX hosts. One that leads nowhere becomes a note, and the others go on. */
export async function discoverMx(
  domain: string,
  records: readonly Mx[],
  { ports, family, resolver, mayBePrivate }: MxOptions,
): Promise<Found> {
  const mx = mxHosts(records);
  if (mx.nullMx !== null) {
    const remark = mx.nullMx.startsWith('0 ') ? '' : ' §3 wants the preference 0';
    return nothing('null-mx', `${domain} takes no mail: it has a null MX record, "${mx.nullMx}" (RFC 7505${remark})`);
  }

  const found = await Promise.all(mx.hosts.map((host) => lookUp(host, family, resolver)));
  const hosts = found.map((host) => withoutPrivate(host, mayBePrivate));
  const notes = [...mx.notes, ...hosts.flatMap((host) => notesOn(host, family)), ...notesOnShared(hosts)];
  const endpoints = endpointsOf(hosts, servicesAt(ports));
  if (endpoints.length > 0) return { endpoints, notes, trouble: null };

  const failure = hosts.find((host) => host.failure !== null)?.failure ?? null;
  if (failure === null)
    return nothing('no-address', `no MX host of ${domain} has an address to scan: see the notes`, notes);
  const because = `no address of an MX host of ${domain} could be looked up at ${resolver.title}, ${failure.because}`;
  return nothing('dns-failed', `${because}: try again, or name another server with --dns`, notes);
}

/** `hidden`: addresses are left out that are not for strangers. */
type MxHost = HostAddresses & { readonly isAlias: boolean; readonly hidden: boolean };

async function lookUp(host: string, family: 4 | 6 | null, resolver: Resolver): Promise<MxHost> {
  const [found, alias] = await Promise.all([addressesOf(host, family, resolver), resolver.cname(host)]);
  return { ...found, isAlias: alias.kind === 'found', hidden: false };
}

/**
 * Whoever publishes an MX record says where mail goes, and may say it of a network that is not theirs: what it leads to
 * is not scanned in their name.
 */
function withoutPrivate(found: MxHost, mayBePrivate: boolean): MxHost {
  const isFit = (address: string) => isPublicAddress(address) || (mayBePrivate && !isUnspecifiedAddress(address));
  const unfit = found.addresses.filter((address) => !isFit(address));
  if (unfit.length === 0) return found;
  const wayOn = unfit.every(isUnspecifiedAddress) ? '' : ' (--private allows it in a network of your own)';
  const note = `MX ${found.host} leads to ${unfit.slice(0, 3).join(', ')}, which is not on the Internet: not scanned${wayOn}`;
  return { ...found, addresses: found.addresses.filter(isFit), hidden: true, notes: [...found.notes, note] };
}

function notesOn(found: MxHost, family: 4 | 6 | null): string[] {
  const notes = [...found.notes];
  if (found.isAlias)
    notes.push(
      `MX ${found.host} is an alias (CNAME), which RFC 5321 §5.1 and RFC 2181 §10.3 forbid: followed all the same`,
    );
  if (found.addresses.length === 0 && found.failure === null && !found.hidden)
    notes.push(`MX ${found.host} ${lackOf(found, family)}: skipped`);
  return notes;
}

function notesOnShared(hosts: readonly MxHost[]): string[] {
  const names = new Map<string, string[]>();
  for (const { host, addresses } of hosts) {
    for (const address of addresses) names.set(address, [...(names.get(address) ?? []), host]);
  }
  return [...names]
    .filter(([, sharers]) => sharers.length > 1)
    .map(([address, sharers]) => `${sharers.join(' and ')} share ${address}: scanned once, as ${sharers[0]}`);
}
