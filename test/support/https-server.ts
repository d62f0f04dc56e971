import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from 'node:net';
import { createServer, type SecureContextOptions } from 'node:tls';

export interface HttpsServer extends AsyncDisposable {
  readonly port: number;
  /** What came, a text a connection. */
  readonly requests: readonly string[];
  /** Connections that are open. */
  open(): number;
}

/** The octets of an answer, whole; or what is done with the connection once a request has come. */
export type HttpsAnswer = string | Buffer | ((socket: Socket, request: string) => void);

interface HttpsServerOptions {
  readonly address?: string;
  readonly port?: number;
  /** Say it as soon as a connection is there, and never mind what is asked. */
  readonly unasked?: boolean;
}

/** An HTTPS server that says what it is told to, octet by octet. `context` null: it speaks in clear. */
export async function startHttps(
  context: SecureContextOptions | null,
  answer: HttpsAnswer,
  { address = '127.0.0.1', port = 0, unasked = false }: HttpsServerOptions = {},
): Promise<HttpsServer> {
  const requests: string[] = [];
  const sockets = new Set<Socket>();
  const say = (socket: Socket, request: string) => {
    if (typeof answer === 'function') answer(socket, request);
    else socket.end(answer);
  };
  const serve = (socket: Socket) => {
    const place = requests.push('') - 1;
    socket.on('error', () => socket.destroy());
    if (unasked) say(socket, '');
    socket.on('data', (chunk: Buffer) => {
      const before = requests[place] ?? '';
      requests[place] = before + chunk.toString('latin1');
      const isWhole = requests[place]?.includes('\r\n\r\n') === true && !before.includes('\r\n\r\n');
      if (isWhole && !unasked) say(socket, requests[place] ?? '');
    });
  };
  const server: Server = context === null ? createPlainServer(serve) : createServer(context, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening, refused) => server.once('error', refused).listen(port, address, listening));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    open: () => sockets.size,
    [Symbol.asyncDispose]: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}

/** An answer of HTTP/1.1 with its length. */
export function httpAnswer(
  body: string | Buffer,
  { status = '200 OK', type = 'text/plain', headers = [] as readonly string[] } = {},
): Buffer {
  const octets = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, `Content-Type: ${type}`, `Content-Length: ${octets.length}`, ...headers];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), octets]);
}
