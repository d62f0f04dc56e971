import { hostname } from 'node:os';
import { version } from '../version.ts';
import { crashed } from './complain.ts';
import type { Interrupt, Io, Out } from './io.ts';
import { standardOutput, widthOf } from './standard-output.ts';

/** The real world: this process. */
export function processIo(): Io {
  const cleanups = new Set<() => void>();
  const interrupts = new Set<(why: Interrupt) => void>();
  const tell = (why: Interrupt) => {
    for (const handler of interrupts) handler(why);
  };
  const io: Io = {
    stdout: standardOutput(() => tell('output closed')),
    stderr: standardError(),
    env: process.env,
    version: version(),
    hostname: hostname(),
    stdin: standardInput,
    onInterrupt(handler) {
      interrupts.add(handler);
      return () => interrupts.delete(handler);
    },
    cleanups,
    scanner: () => import('../scan-and-judge.ts'),
    startDemo: async () => (await import('../demo/demo-server.ts')).startDemo(),
  };
  stopOnSignals(tell, interrupts, cleanups);
  process.on('uncaughtException', (error) => {
    for (const cleanup of cleanups) cleanup();
    process.exit(crashed(error, io));
  });
  return io;
}

/** Where nobody listens to what goes wrong, there is nobody to tell it. */
function standardError(): Out {
  const { stderr } = process;
  stderr.on('error', () => {});
  return {
    write: (text) => stderr.write(text),
    isTerminal: stderr.isTTY === true,
    get width() {
      return widthOf(stderr);
    },
  };
}

async function* standardInput(): AsyncIterable<string> {
  for await (const piece of process.stdin.setEncoding('utf8')) yield String(piece);
}

/**
 * The first signal asks for what is known so far, where a command can give that; the second, or one nobody hears, ends
 * the process.
 */
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
