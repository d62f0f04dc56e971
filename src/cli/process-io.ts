import { hostname } from 'node:os';
import { version } from '../version.ts';
import { crashed } from './complain.ts';
import type { Interrupt, Io, Out } from './io.ts';
import { standardOutput, widthOf } from './standard-output.ts';

/** The real world: this process. */
export function processIo(): Io {
  const cleanups = new Watched<() => void>();
  const interrupts = new Watched<(why: Interrupt) => void>();
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
    onReload(handler) {
      process.on('SIGHUP', handler);
      return () => process.off('SIGHUP', handler);
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

/** A set that tells of each change. */
class Watched<T> extends Set<T> {
  onChange = () => {};
  override add(value: T): this {
    super.add(value);
    this.onChange();
    return this;
  }
  override delete(value: T): boolean {
    const wasThere = super.delete(value);
    this.onChange();
    return wasThere;
  }
}

/**
 * The first signal asks for what is known so far, where a command can give that; the second, or one nobody hears, ends
 * the process. Where there is nothing to tell and nothing to undo, the system ends it at once, in the middle of a
 * computation too, which a handler would have to wait for; the first process of a container it would not end.
 */
function stopOnSignals(
  tell: (why: Interrupt) => void,
  listening: Watched<unknown>,
  cleanups: Watched<() => void>,
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
  const handlers = [
    ['SIGINT', stop(130)],
    ['SIGTERM', stop(143)],
  ] as const;
  let isListening = false;
  const update = () => {
    const isWanted = process.pid === 1 || listening.size > 0 || cleanups.size > 0;
    if (isWanted === isListening) return;
    isListening = isWanted;
    for (const [name, handler] of handlers) process[isWanted ? 'on' : 'off'](name, handler);
  };
  listening.onChange = update;
  cleanups.onChange = update;
  update();
}
