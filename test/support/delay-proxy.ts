import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface DelayProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  connections(): number;
}

/**
 * A long way to a server on loopback: every byte and every end of a stream arrives `delayMs` later, each way, in order.
 */
export async function startDelayProxy(to: { port: number; host?: string }, delayMs: number): Promise<DelayProxy> {
  let taken = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    taken += 1;
    const far = connect({ port: to.port, host: to.host ?? '127.0.0.1', allowHalfOpen: true, noDelay: true });
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk) => void setTimeout(() => into.writable && into.write(chunk), delayMs));
      from.on('end', () => void setTimeout(() => into.end(), delayMs));
      from.on('error', () => into.destroy());
      from.on('close', () => sockets.delete(from));
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}
