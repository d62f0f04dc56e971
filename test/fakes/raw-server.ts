import { type AddressInfo, createServer, type Socket } from 'node:net';

/** A server of which a test writes every octet. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** What each connection has sent, octets as latin1. */
  readonly heard: readonly string[];
}

/** For what `mta()` cannot say: `serve` gets each connection. */
export async function rawServer(serve: (socket: Socket, number: number) => void): Promise<RawServer> {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const number = heard.push('');
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      heard[number - 1] += chunk.toString('latin1');
    });
    serve(socket, number);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
