import { normalAddress } from '../../model/address.ts';
import { hostNameOf } from '../../model/host-name.ts';

/**
 * What stands where the name of a mail host belongs (RFC 5321 §2.3.5).
 * - `address`: an IP address, bare or as a literal in brackets. `localhost`: whatever machine looks it up (RFC 6761
 *   §6.3). `no-name`: what no host is called by RFC 1123 §2.1, so that senders do not look it up.
 * - `underscore`: no host name either, and one that most look up all the same. `one-label`: a name without a domain.
 */
export type HostKind = 'name' | 'address' | 'localhost' | 'no-name' | 'underscore' | 'one-label';

/** `name`: in lower case, without the root's dot. */
export function hostKindOf(name: string): HostKind {
  if (normalAddress(name.replace(/^\[(ipv6:)?(.*)\]$/i, '$2')) !== null) return 'address';
  if (/(^|\.)localhost$|^localhost\.localdomain$/.test(name)) return 'localhost';
  const read = hostNameOf(name);
  if (read.kind === 'problem' || read.name !== name) return 'no-name';
  if (name.includes('_')) return 'underscore';
  return name.includes('.') ? 'name' : 'one-label';
}
