import type { Endpoint } from '../../model/endpoint.ts';
import { deterrentOf, type ShownTls } from './host-tls.ts';

/** An address of an MX host, and what it showed. */
export interface ShownAt {
  readonly endpoint: Endpoint;
  readonly shown: ShownTls;
}

/** What the addresses of one MX host come to for a sender that wants TLS with a certificate for that host. */
export interface HostLook {
  readonly host: string;
  /** A sentence each, which begins with the endpoint. */
  readonly faults: readonly string[];
  /** Endpoints that showed nothing to judge; the host itself where none was seen. */
  readonly untold: readonly string[];
}

/** `addresses`: those of the host. One that it shares with another host was asked under one of the names only. */
export function lookAt(host: string, addresses: readonly string[], seen: readonly ShownAt[]): HostLook {
  const own = seen.filter(({ endpoint }) => endpoint.host === host);
  const seenThere = own.map(({ endpoint }) => endpoint.address);
  const shared = seen.filter(
    ({ endpoint: { address } }) => addresses.includes(address) && !seenThere.includes(address),
  );
  if (own.length + shared.length === 0) return { host, faults: [], untold: [host] };
  const looks = [...own.map((one) => lookAtOwn(host, one)), ...shared.map((one) => lookAtShared(host, one))];
  return { host, faults: looks.flatMap(({ faults }) => faults), untold: looks.flatMap(({ untold }) => untold) };
}

function lookAtOwn(host: string, { endpoint, shown }: ShownAt): HostLook {
  const says = deterrentOf(shown, host);
  return {
    host,
    faults: says === null ? [] : [`${endpoint.id} ${says}`],
    untold: shown.kind === 'untold' ? [endpoint.id] : [],
  };
}

/** It may have another certificate for this name (SNI): one that does not fit tells nothing. */
function lookAtShared(host: string, { endpoint, shown }: ShownAt): HostLook {
  if (shown.kind === 'none') return lookAtOwn(host, { endpoint, shown });
  const holds = shown.kind === 'facts' && deterrentOf(shown, host) === null;
  const place = endpoint.id.slice(endpoint.id.indexOf('/') + 1);
  return { host, faults: [], untold: holds ? [] : [`${host}/${place}`] };
}
