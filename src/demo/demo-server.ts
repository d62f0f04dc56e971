import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** The domain that the demo server calls its own. */
export const demoDomain = 'demo.test';
const users = new Set(['alice', 'bob', 'postmaster']);

export interface DemoServer {
  readonly port: number;
  /** What a scan must know to judge it. */
  readonly options: { readonly domain: string; readonly vantage: 'outside' };
  close(): Promise<void>;
}

/**
 * An MTA in this process, on loopback, with deliberate weaknesses: it relays for everyone and takes passwords in clear.
 * It stores and delivers nothing.
 */
export async function startDemo(): Promise<DemoServer> {
  const server = new SMTPServer({
    name: `mx.${demoDomain}`,
    banner: 'demo server of mxprobe, weak on purpose',
    authOptional: true,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5'],
    disableReverseLookup: true,
    closeTimeout: 500,
    logger: false,
    onAuth: (_auth, _session, callback) => callback(new Error('no such account')),
    onRcptTo: (address, _session, callback) => callback(refusal(address.address)),
    onData: (stream, _session, callback) => {
      stream.resume();
      stream.on('end', () => callback(Object.assign(new Error('nothing is delivered here'), { responseCode: 554 })));
    },
  });
  // A scanner's odd bytes are not this server's problem.
  server.on('error', () => {});
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.server.address() as AddressInfo;
  return {
    port,
    // It trusts nobody for being near.
    options: { domain: demoDomain, vantage: 'outside' },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** Unknown users of its own are refused; strangers' domains are not, and that is the weakness. */
function refusal(address: string): Error | null {
  const at = address.lastIndexOf('@');
  const own = address.slice(at + 1).toLowerCase() === demoDomain;
  if (!own || users.has(address.slice(0, at).toLowerCase())) return null;
  return Object.assign(new Error(`5.1.1 <${address}>: Recipient address rejected: User unknown`), {
    responseCode: 550,
  });
}
