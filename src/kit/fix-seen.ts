import type { Role } from '../model/endpoint.ts';
import type { Measured } from '../model/judgement.ts';
import type { Fixes } from '../model/mtas.ts';
import { relayFixesFor } from '../mta/fixes/relay-seen.ts';

/** What is known of a server that a fix is for. */
export interface SeenServer {
  readonly role: Role;
  /** As it was asked for: a name, or an address. */
  readonly host: string;
  /** A domain that it takes mail for. */
  readonly domain: string | null;
}

/**
 * The lines for what was seen: of those for an open relay, the ones for what opens it; with the domain and the host
 * that were scanned in the place of `example.com`.
 */
export function fixSeen(probe: string, fixes: Fixes, server: SeenServer, measured: Measured = {}): Fixes {
  const chosen = probe === 'open-relay' ? { ...fixes, ...relayFixesFor(measured, server.role) } : fixes;
  return Object.fromEntries(
    Object.entries(chosen).map(([mta, lines]) => [mta, lines.map((line) => named(line, server))]),
  );
}

/** A name comes from DNS, and is pasted into a shell: what is no plain host name stays out. */
const isName = (text: string): boolean => /^(?=.*[a-z])[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text);

function named(line: string, { host, domain }: SeenServer): string {
  const ofHost = isName(host) ? line.replaceAll('mx.example.com', host) : line;
  return domain !== null && isName(domain) ? ofHost.replaceAll(/(?<!mx\.)example\.com/g, domain) : ofHost;
}
