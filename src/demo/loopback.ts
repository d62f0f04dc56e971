import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface Loopback {
  readonly port: number;
  close(): Promise<void>;
}

/** A server in this process, at a free port of loopback, that needs no AUTH and prints nothing. */
export async function startOnLoopback(options: SMTPServerOptions): Promise<Loopback> {
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    logger: false,
    ...options,
  });
  // A scanner's odd bytes are not this server's problem.
  server.on('error', () => {});
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  const { port } = server.server.address() as AddressInfo;
  return { port, close: () => new Promise((closed) => server.close(() => closed())) };
}
