import { type Fault, nameShown, naming } from '../domain/faults.ts';
import type { MxData } from './ask.ts';
import type { MxHost } from './hosts.ts';

interface Seen {
  readonly data: MxData;
  readonly hosts: readonly MxHost[];
}

/** All that is wrong with the MX records of a domain, in no order. */
export function mxFaults(data: MxData, hosts: readonly MxHost[]): Fault[] {
  return checks.flatMap((check) => check({ data, hosts }) ?? []);
}

const checks: readonly ((seen: Seen) => Fault | null)[] = [
  lostHosts,
  inwardHosts,
  bogusHosts,
  nullBesideOthers,
  aliasHosts,
  oddNames,
  ipv6Alone,
];

/** Senders go on to the next host, where there is one. */
function lostHosts({ data, hosts }: Seen): Fault | null {
  const lost = hosts.filter(({ state }) => state === 'lost');
  if (lost.length === 0) return null;
  const undotted = lost.some(({ host }) => isWithoutDot(host, data.domain));
  return {
    ...costOfLost(lost, hosts),
    says: lostWords(lost, data.domain),
    at: lost.flatMap(({ at }) => at),
    likely: undotted
      ? 'a dot missing at the end of the name in the zone file, so that the domain was added'
      : undefined,
  };
}

function costOfLost(lost: readonly MxHost[], hosts: readonly MxHost[]): Pick<Fault, 'severity' | 'headline'> {
  const first = hosts.filter(({ preference }) => preference === hosts[0]?.preference);
  if (lost.length === hosts.length)
    return { severity: 'high', headline: 'No mail arrives: none of its MX hosts has an address' };
  if (first.every(({ state }) => state === 'lost'))
    return { severity: 'high', headline: 'The MX host that senders try first has no address' };
  return { severity: 'medium', headline: 'One of its MX hosts has no address' };
}

function lostWords(lost: readonly MxHost[], domain: string): string {
  const groups = new Map<string, string[]>();
  for (const one of lost) {
    const why = whyLost(one, domain);
    groups.set(why, [...(groups.get(why) ?? []), one.host]);
  }
  return [...groups].map(([why, names]) => `${naming(names)} ${why}`).join(', ');
}

function whyLost({ host, kind, aliases, exists }: MxHost, domain: string): string {
  const alias = aliases.at(-1);
  if (kind === 'address') return '(MX) is an address, where only a name may stand';
  if (kind === 'no-name') return '(MX) is no host name';
  if (alias !== undefined) return `(MX) is an alias of ${nameShown(alias)}, which leads to no address`;
  if (host === domain) return 'is its own MX host, and has no address';
  return exists ? '(MX) has no address' : '(MX) does not exist';
}

/** `mx.example.net.example.com`: a whole name, with the domain of the zone behind it once more. */
function isWithoutDot(host: string, domain: string): boolean {
  if (!host.endsWith(`.${domain}`)) return false;
  const labels = host.slice(0, -domain.length - 1).split('.');
  return labels.length > 1 && ['com', 'net', 'org', domain.split('.').at(-1)].includes(labels.at(-1));
}

/** A sender connects to itself, and bounces the mail as a loop; or it looks for the address in its own network. */
function inwardHosts({ hosts, data }: Seen): Fault | null {
  const inward = hosts.map((host) => ({ host, wrong: wrongAddresses(host, data.mayBePrivate) }));
  const found = inward.filter(({ wrong }) => wrong.length > 0);
  if (found.length === 0) return null;
  const toSender = found.some(({ wrong }) => wrong.some(({ reach }) => reach !== 'private'));
  const wholly = found.some(({ host }) => host.usable.length === 0);
  const words = found.map(({ host: { host }, wrong }) => {
    const addresses = wrong.map(({ address }) => address).filter((address) => address !== host);
    const whose = wrong.some(({ reach }) => reach !== 'private') ? 'the sender itself' : "the sender's own network";
    return `${nameShown(host)} leads into ${whose}${addresses.length === 0 ? '' : ` (${naming(addresses)})`}`;
  });
  return {
    severity: toSender || wholly ? 'high' : 'medium',
    headline: toSender
      ? 'One of its MX hosts leads senders back to themselves'
      : 'One of its MX hosts has a private address, which nobody outside can reach',
    says: words.join(', '),
    at: found.flatMap(({ host }) => host.at),
  };
}

/** `localhost` is never asked for: it is this machine for whoever looks it up. */
function wrongAddresses({ host, kind, addresses }: MxHost, mayBePrivate: boolean): MxHost['addresses'] {
  if (kind === 'localhost') return [{ address: host, reach: 'loopback' }];
  return addresses.filter(({ reach }) => reach === 'unspecified' || (!mayBePrivate && reach !== 'public'));
}

function bogusHosts({ hosts }: Seen): Fault | null {
  const bogus = hosts.filter(({ state }) => state === 'bogus');
  if (bogus.length === 0) return null;
  return {
    severity: 'high',
    headline: 'DNSSEC fails for one of its MX hosts: who validates cannot deliver there',
    says: `the addresses of ${naming(bogus.map(({ host }) => host))} do not validate (DNSSEC)`,
    at: bogus.flatMap(({ at }) => at),
  };
}

/** RFC 7505 §3. Some senders take the null MX by its word, and refuse the mail. */
function nullBesideOthers({ data: { mx }, hosts }: Seen): Fault | null {
  const none = mx.records.find(({ exchange }) => exchange === '');
  if (none === undefined || hosts.length === 0) return null;
  return {
    severity: 'medium',
    headline: 'It says that it takes no mail (null MX), and names MX hosts beside that',
    says: `a null MX ("${none.preference} .") stands beside other MX records`,
    at: [mx.at],
  };
}

/** Most senders follow an alias, some take the name for none. With a host beside it that is no alias mail has a way. */
function aliasHosts({ hosts }: Seen): Fault | null {
  const found = hosts.filter(({ state }) => state === 'found');
  const aliases = found.filter((host) => host.aliases.length > 0);
  if (aliases.length === 0) return null;
  const words = aliases.map(({ host, aliases: of }) => `${nameShown(host)} is an alias of ${naming(of)}`);
  const all = aliases.length === found.length;
  return {
    severity: all ? 'medium' : 'low',
    headline: all ? 'Each of its MX hosts is an alias (CNAME)' : 'One of its MX hosts is an alias (CNAME)',
    says: words.join(', '),
    at: aliases.flatMap(({ at }) => at),
  };
}

function oddNames({ hosts, data: { mx } }: Seen): Fault | null {
  const odd = hosts.filter(({ kind, state }) => state === 'found' && (kind === 'underscore' || kind === 'one-label'));
  if (odd.length === 0) return null;
  return {
    severity: 'low',
    headline: 'One of its MX hosts has a name that not every sender looks up',
    says: `${naming(odd.map(({ host }) => host))}: a host name has a domain, and no underscore`,
    at: [mx.at],
  };
}

/** Much of the world's mail is still sent from hosts without IPv6. */
function ipv6Alone({ hosts }: Seen): Fault | null {
  const usable = hosts.flatMap((host) => host.usable);
  const isUnsure = hosts.some(({ state }) => state !== 'found' && state !== 'lost');
  if (isUnsure || usable.length === 0 || usable.some((address) => address.includes('.'))) return null;
  return {
    severity: 'medium',
    headline: 'Its MX hosts have IPv6 addresses alone: senders without IPv6 cannot deliver',
    says: 'no MX host has an IPv4 address',
    at: hosts.flatMap(({ at }) => at),
  };
}
