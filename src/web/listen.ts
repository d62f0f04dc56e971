import { chmodSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import type { Hono } from 'hono';
import { hostWithPort } from '../model/host-port.ts';
import { UsageError } from '../model/usage-error.ts';
import type { Listen } from '../monitor/config/config.ts';
import type { WebEnv } from './parts.ts';

export interface Serving extends AsyncDisposable {
  /** `http://127.0.0.1:9725`, or `unix:/path`. */
  readonly url: string;
}

/** A page is asked for in a few hundred bytes: who is slower, or holds more connections, is no browser. */
const patience = 30_000;
const mostConnections = 256;

/** Serves until it is disposed of. A socket in the file system is for its owner alone. Rejects with a `UsageError`. */
export async function serve(listen: Listen, app: Hono<WebEnv>): Promise<Serving> {
  const server = createAdaptorServer({ fetch: app.fetch, serverOptions: { requestTimeout: patience } }) as Server;
  server.maxConnections = mostConnections;
  if (listen.kind === 'unix') await clearAway(listen.path);
  try {
    await opened(server, listen);
  } catch (error) {
    throw asTrouble(error, listen);
  }
  return {
    url: listen.kind === 'unix' ? nameOf(listen) : `http://${hostWithPort(listen.host, portOf(server))}`,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const nameOf = (listen: Listen): string =>
  listen.kind === 'unix' ? `unix:${listen.path}` : hostWithPort(listen.host, listen.port);

function opened(server: Server, listen: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    if (listen.kind === 'tcp') {
      server.listen(listen.port, listen.host);
      return;
    }
    server.listen(listen.path);
    // It is there by now, and nobody is let in before the next turn of the loop.
    if (server.listening) chmodSync(listen.path, 0o600);
  });
}

/** Removes a socket that a process which is no more left behind: nobody answers there. */
async function clearAway(path: string): Promise<void> {
  const isLeft = await new Promise<boolean>((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
  });
  if (isLeft) unlinkSync(path);
}

const words: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'that host is not known here',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOENT: 'there is no such folder',
  EROFS: 'the file system is read-only',
};

function asTrouble(error: unknown, listen: Listen): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  const why = words[code];
  if (why === undefined) return error;
  return new UsageError(
    `the pages cannot be served at ${nameOf(listen)}: ${why}; web: { listen: … } says where, or none`,
  );
}

/** Who is still being answered is cut off: a browser keeps a connection for minutes. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
