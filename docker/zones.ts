/** A zone that a test has the lab's name server hold. */
interface Zone {
  /** Lines of a zone file. Relative names are beneath the zone; TTL, SOA, NS and delegations are added. */
  readonly text: string;
  /**
   * `signed`: the chain of trust leads to it. `plain`: the parent proves that it is not signed. `tampered`: signed, and
   * then the signatures of all but its keys no longer fit, so that whoever validates finds it bogus.
   */
  readonly how: 'signed' | 'plain' | 'tampered';
}

/** By name, in lower case and without the root's dot. One may lie in another. */
export type Zones = Readonly<Record<string, Zone>>;

/** The files that `images/dns/publish` reads, by name. `marker` is served as the TXT record of `markerName`. */
export function zoneFiles(zones: Zones, marker: string): Readonly<Record<string, string>> {
  const names = Object.keys(zones).sort((a, b) => depthOf(b) - depthOf(a));
  const delegations = (parent: string) => names.filter((name) => parentOf(name, zones) === parent).map(delegation);
  const fileOf = (name: string) => [head(name), zones[name]?.text.trim(), ...delegations(name), ''].join('\n');
  return {
    list: names.map((name) => `${name} ${zones[name]?.how}\n`).join(''),
    root: [`${markerName}. TXT "${marker}"`, ...delegations(''), ''].join('\n'),
    ...Object.fromEntries(names.map((name) => [name, fileOf(name)])),
  };
}

/** Where the root zone says which of what was published it is. */
export const markerName = 'published.test';

const head = (name: string): string => `$ORIGIN ${name}.
$TTL 60
@ SOA ns.test. hostmaster.test. 1 3600 600 86400 60
@ NS ns.test.`;

const delegation = (name: string): string => `${name}. NS ns.test.`;

const depthOf = (name: string): number => name.split('.').length;

/** The zone in which a zone is delegated; empty for the root. */
function parentOf(name: string, zones: Zones): string {
  const above = name.split('.').slice(1).join('.');
  return above === '' || above in zones ? above : parentOf(above, zones);
}
