import { hostWithPort } from './host-port.ts';

/**
 * What a port is for: taking mail from other servers (RFC 5321), or from users (RFC 6409; RFC 8314 with TLS from the
 * first byte).
 */
export const roles = ['mx', 'submission', 'submissions'] as const;
export type Role = (typeof roles)[number];

/** `starttls`: the dialogue begins in clear. `implicit`: the TLS handshake comes before the greeting. */
export const tlsModes = ['starttls', 'implicit'] as const;
export type TlsMode = (typeof tlsModes)[number];

/** One address, one port, one TLS mode: what a probe talks to. */
export interface Endpoint {
  /** `host/address:port`, IPv6 addresses in brackets: unique in a report. */
  readonly id: string;
  /** The name the address was found under; the address itself where the user gave no name. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  readonly role: Role;
  readonly tls: TlsMode;
}

/** Builds an endpoint with its id. */
export function endpointOf(parts: Omit<Endpoint, 'id'>): Endpoint {
  return { id: `${parts.host}/${hostWithPort(parts.address, parts.port)}`, ...parts };
}

/** The role that a port has where the user names none (RFC 6409 §3.1, RFC 8314 §7.3). */
export function roleOfPort(port: number): Role {
  if (port === 587) return 'submission';
  if (port === 465) return 'submissions';
  return 'mx';
}
