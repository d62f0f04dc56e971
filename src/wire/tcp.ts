import { connect, type Socket } from 'node:net';
import { type Cause, type Trouble, trouble } from '../model/trouble.ts';
import { endOf, scanEnded } from './trouble-error.ts';

/** A TCP connection, or why there is none (`unreachable`). */
export async function openTcp(
  address: string,
  port: number,
  seconds: number,
  signal: AbortSignal | null,
): Promise<Socket | Trouble> {
  const socket = connect({ host: address, port, noDelay: true });
  const failure = await settled(socket, 'connect', seconds, signal);
  if (failure === null) return socket;
  socket.destroy();
  return notConnected(failure, seconds, signal);
}

/** The codes are those of connect(2). */
function notConnected(failure: string, seconds: number, signal: AbortSignal | null): Trouble {
  if (failure === 'stopped') return trouble('budget-spent', 'stopped', signal === null ? scanEnded : endOf(signal));
  if (failure === 'timeout')
    return trouble('unreachable', 'filtered', `no TCP connection within ${seconds} s (filtered, or down)`);
  return trouble('unreachable', causeOfCode[failure] ?? 'no-route', `TCP connection failed: ${failure}`);
}

const causeOfCode: Readonly<Record<string, Cause>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'filtered',
  ECONNRESET: 'reset',
  closed: 'hang-up',
};

/** Waits for one event of a socket's opening: null when it came, else the code of what came instead. */
export function settled(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  seconds: number,
  signal: AbortSignal | null,
): Promise<string | null> {
  return new Promise((resolve) => {
    const done = (failure: string | null) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('close', onClose);
      // Late errors of a socket that is given up are nobody's business.
      socket.once('error', () => {});
      resolve(failure);
    };
    const onAbort = () => done('stopped');
    const onClose = () => done('closed');
    const timer = setTimeout(() => done('timeout'), seconds * 1000);
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once(event, () => done(null));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.once('close', onClose);
    if (signal?.aborted) onAbort();
  });
}
