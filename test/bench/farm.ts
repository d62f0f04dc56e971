import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A quick server at every address of loopback, which relays for nobody. */
export async function startFarm(): Promise<AsyncDisposable & { readonly port: number }> {
  const server = new SMTPServer({
    name: 'mx.example.test',
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    maxClients: 5000,
    onRcptTo: (_to, _session, done) => done(Object.assign(new Error('Relay access denied'), { responseCode: 554 })),
  });
  // Handshakes with old versions end in errors, as they should.
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(0, '0.0.0.0', listening));
  const { port } = server.server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise((closed) => server.close(() => closed())) };
}

/** `127.0.1.1:2525` and those behind it. */
export const addressesOf = (port: number, count: number): string[] =>
  Array.from({ length: count }, (_, nth) => `127.0.${1 + Math.floor(nth / 200)}.${1 + (nth % 200)}:${port}`);
