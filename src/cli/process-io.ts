import { hostname } from 'node:os';
import { text } from 'node:stream/consumers';
import { version } from '../version.ts';
import { crashed } from './complain.ts';
import type { Interrupt, Io, Out } from './io.ts';

/** The real world: this process. */
export function processIo(): Io {
  const cleanups = new Set<() => void>();
  const interrupts = new Set<(why: Interrupt) => void>();
  const tell = (why: Interrupt) => {
    for (const handler of interrupts) handler(why);
  };
  const io: Io = {
    stdout: outOf(process.stdout, () => tell('output closed')),
    stderr: outOf(process.stderr, () => {}),
    env: process.env,
    version: version(),
    hostname: hostname(),
    stdin: () => text(process.stdin),
    onInterrupt(handler) {
      interrupts.add(handler);
      return () => interrupts.delete(handler);
    },
    cleanups,
    library: () => import('../library.ts'),
    startDemo: async () => (await import('../demo/demo-server.ts')).startDemo(),
  };
  stopOnSignals(tell, interrupts, cleanups);
  process.on('uncaughtException', (error) => {
    for (const cleanup of cleanups) cleanup();
    process.exit(crashed(error, io));
  });
  return io;
}

/** Terminals that say 0 or next to nothing mean that they do not know. */
const narrowest = 40;

/** A reader that hangs up (`| head`) is no error of ours: what is written after that is dropped. */
function outOf(stream: NodeJS.WriteStream, onClosed: () => void): Out {
  let open = true;
  stream.on('error', () => {
    open = false;
    onClosed();
  });
  return {
    write: (chunk) => {
      if (open) stream.write(chunk);
    },
    isTerminal: stream.isTTY === true,
    get width() {
      return Math.max(stream.columns || 80, narrowest);
    },
  };
}

/** The first signal asks for what is known so far, where a command can give that; the second, or one nobody hears, ends the process. */
function stopOnSignals(
  tell: (why: Interrupt) => void,
  listening: ReadonlySet<unknown>,
  cleanups: ReadonlySet<() => void>,
): void {
  let heard = false;
  const stop = (code: number) => () => {
    if (!heard && listening.size > 0) {
      heard = true;
      tell('signal');
      return;
    }
    for (const cleanup of cleanups) cleanup();
    process.exit(code);
  };
  process.on('SIGINT', stop(130));
  process.on('SIGTERM', stop(143));
}
