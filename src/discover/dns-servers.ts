import { getServers } from 'node:dns';
import { hostWithPort } from '../model/host-port.ts';

export interface DnsServer {
  /** May have a zone: `fe80::1%eth0`. */
  readonly address: string;
  readonly port: number;
}

/** The servers that this machine is set up to ask, in order. */
export const systemServers = (): DnsServer[] => getServers().map(dnsServerOf);

/** Reads `address`, `address:port` or `[v6]:port`, as `parseDnsServer` and Node give it. */
export function dnsServerOf(text: string): DnsServer {
  const [, v6, v4, port] = /^(?:\[(.+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  return { address: v6 ?? v4 ?? text, port: Number(port ?? 53) };
}

export const serverName = ({ address, port }: DnsServer): string => hostWithPort(address, port);
