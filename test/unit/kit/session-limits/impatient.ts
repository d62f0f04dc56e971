import { type AddressInfo, createServer, type Socket } from 'node:net';
import type { Seen } from '../../../fakes/scripted-connection.ts';
import type { RunningServer } from '../../../fakes/scripted-server.ts';
import { serverName } from '../../../fakes/stock-mta.ts';

export interface Patience {
  /** Seconds that it waits for an octet; with a deadline, for a whole command. */
  readonly idle: number;
  /** `smtpd_per_request_deadline`. */
  readonly deadline?: boolean;
  /** Whether it says 421 before it hangs up. */
  readonly words?: boolean;
}

/** A server whose subject is time: it ends a session that is silent, or slow. */
export async function impatient({ idle, deadline = false, words = true }: Patience): Promise<RunningServer> {
  const connections: Seen[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    const seen: Seen = { commands: [], codes: [], open: true, tls: false, quit: false, endedBy: null };
    connections.push(seen);
    sockets.add(socket);
    let heard = '';
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      seen.endedBy = 'server';
      socket.end(words ? `421 4.4.2 ${serverName} Error: timeout exceeded\r\n` : '');
    };
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(end, idle * 1000);
    };
    socket.on('data', (chunk) => {
      if (!deadline) wait();
      heard += chunk.toString('latin1');
      for (let at = heard.indexOf('\r\n'); at >= 0; at = heard.indexOf('\r\n')) {
        const command = heard.slice(0, at);
        heard = heard.slice(at + 2);
        seen.commands.push(command);
        seen.quit = command === 'QUIT';
        socket.write(
          seen.quit
            ? '221 2.0.0 Bye\r\n'
            : command.startsWith('EHLO')
              ? `250-${serverName}\r\n250 8BITMIME\r\n`
              : '250 2.0.0 Ok\r\n',
        );
        wait();
        if (seen.quit) socket.end();
      }
    });
    socket.on('error', () => {});
    socket.on('end', () => {
      seen.endedBy ??= 'client';
    });
    socket.on('close', () => {
      clearTimeout(timer);
      seen.open = false;
      sockets.delete(socket);
    });
    socket.write(`220 ${serverName} ESMTP Postfix\r\n`);
    wait();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    connections,
    get commands() {
      return connections.flatMap(({ commands }) => commands);
    },
    peak: 1,
    get withoutQuit() {
      return connections.filter(({ endedBy, quit }) => endedBy === 'client' && !quit);
    },
    forgive: () => {},
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}
