import { brief, hostPortOf, hostWithPort } from '../model/host-port.ts';

/**
 * Reads `--dns`: `address`, `address:port` or `[v6]:port`, in the form that `namedResolver` takes; or one sentence on
 * what is wrong.
 */
export function parseDnsServer(input: string): string | { readonly problem: string } {
  const text = input.trim();
  const server = hostPortOf(text);
  if (text === '' || text.includes('://') || server.kind === 'name') {
    return {
      problem: `"${brief(text)}" is no address: give the address of a DNS server, such as 192.0.2.53 or [2001:db8::53]:53`,
    };
  }
  if (server.kind === 'problem') return { problem: `"${brief(text)}" ${server.problem}` };
  return server.port === null ? server.host : hostWithPort(server.host, server.port);
}
