import { normalAddress } from '../model/address.ts';
import { hostNameOf } from '../model/host-name.ts';
import { brief } from '../model/host-port.ts';
import type { Mx } from './answer.ts';

/**
 * What the MX records of a domain come to. `nullMx`: the record that says it takes no mail (RFC 7505), as DNS has it;
 * `hosts` is empty then.
 */
export interface MxHosts {
  readonly nullMx: string | null;
  readonly hosts: readonly string[];
  readonly notes: readonly string[];
}

/** MX hosts of one domain that are scanned; a domain with more is rare, an answer of 64 KiB could list thousands. */
export const maxMxHosts = 20;

/**
 * The hosts in the order of their preference (RFC 5321 §5.1), each once, lower case, without the root's dot. Equal
 * preferences, which a sender takes at random, stand in the order of their names, so that two scans compare. Pure.
 */
export function mxHosts(records: readonly Mx[]): MxHosts {
  const sorted = records
    .map(({ preference, exchange }) => ({ preference, exchange: exchange.toLowerCase().replace(/\.$/, '') }))
    .sort((a, b) => a.preference - b.preference || compare(a.exchange, b.exchange));
  const unique = [...new Set(sorted.map((record) => record.exchange))];
  const named = unique.filter((exchange) => exchange !== '');
  const nullMx = sorted.find(({ exchange }) => exchange === '');
  if (named.length === 0) return { nullMx: `${nullMx?.preference ?? 0} .`, hosts: [], notes: [] };

  const notes: string[] = [];
  if (nullMx !== undefined)
    notes.push(
      `a null MX ("${nullMx.preference} .") stands beside other MX records, which RFC 7505 §3 forbids: ignored`,
    );
  const twice = named.filter((name) => sorted.filter(({ exchange }) => exchange === name).length > 1);
  if (twice.length > 0)
    notes.push(`listed more than once, scanned once: ${twice.slice(0, maxMxHosts).map(brief).join(', ')}`);
  if (named.length > maxMxHosts)
    notes.push(`${named.length} MX hosts: only the first ${maxMxHosts} by preference are scanned`);

  const hosts: string[] = [];
  for (const exchange of named.slice(0, maxMxHosts)) {
    const fault = faultOf(exchange);
    if (fault === null) hosts.push(exchange);
    else notes.push(`MX ${brief(exchange)} ${fault}: skipped`);
  }
  return { nullMx: null, hosts, notes };
}

/**
 * Senders differ on an address in an MX record, and Postfix and Exim (`allow_mx_to_ip`) refuse it: no way that mail
 * takes.
 */
function faultOf(exchange: string): string | null {
  if (normalAddress(exchange) !== null) return 'is an address where RFC 5321 §5.1 wants a name';
  if (/(^|\.)localhost$|^localhost\.localdomain$/.test(exchange))
    return 'is whatever machine looks it up (RFC 6761 §6.3): mail for it stays where it is';
  const name = hostNameOf(exchange);
  return name.kind === 'name' && name.name === exchange ? null : 'is no host name';
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
