import type { Socket } from 'node:net';
import { type Trouble, trouble } from '../model/trouble.ts';
import { brokenHandshake } from './handshake-trouble.ts';
import { describeFlight, type ServerFlight, ServerFlightReader } from './server-flight.ts';

/** A ServerHello or an alert, or the trouble that came instead; `heard`: octets. */
export type Heard =
  | {
      readonly flight: Extract<ServerFlight, { kind: 'server-hello' | 'alert' }>;
      readonly met: null;
      readonly heard: number;
    }
  | { readonly flight: null; readonly met: Trouble; readonly heard: number };

interface Waiting {
  readonly seconds: number;
  readonly signal: AbortSignal | null;
  /** Whether the ClientHello has a host name (SNI). */
  readonly isNamed: boolean;
}

/** Sends a ClientHello, reads the answer and ends the connection. */
export async function exchangeHellos(
  socket: Socket,
  hello: Uint8Array,
  { seconds, signal, isNamed }: Waiting,
): Promise<Heard> {
  const reader = new ServerFlightReader();
  const ended = await new Promise<ServerFlight | string>((resolve) => {
    const done = (outcome: ServerFlight | string) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeAllListeners('data');
      resolve(outcome);
    };
    const onAbort = () => done('stopped');
    const timer = setTimeout(() => done('timeout'), seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.on('data', (chunk: Uint8Array) => {
      const flight = reader.push(chunk);
      if (flight !== null) done(flight);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.once('end', () => done('closed'));
    socket.once('close', () => done('closed'));
    socket.resume();
    if (signal?.aborted) onAbort();
    else if (socket.destroyed || !socket.writable) done('closed');
    else socket.write(hello);
  });
  if (socket.writable) socket.write(closeNotify);
  // Whatever else the server has to say is not waited for: it would count the connection all that time.
  socket.destroySoon();
  const { heard } = reader;
  const flight = typeof ended === 'string' ? reader.end() : ended;
  if (flight === null) return { flight: null, met: brokenHandshake(String(ended), heard, seconds, isNamed), heard };
  if (flight.kind === 'server-hello' || flight.kind === 'alert') return { flight, met: null, heard };
  const cause = flight.kind === 'clear-text' ? 'clear-text' : 'tls-broken';
  return { flight: null, met: trouble('tls-failed', cause, describeFlight(flight)), heard };
}

/** An alert, in a record of TLS 1.0: nothing more comes from us (RFC 5246 §7.2.1). */
const closeNotify = Buffer.from([21, 3, 1, 0, 2, 1, 0]);
