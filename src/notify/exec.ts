import type { ChildProcess } from 'node:child_process';
import type { Send } from '../monitor/alerts/message.ts';
import { messageJson } from './message-json.ts';
import type { ChannelOf, NotifyParts } from './parts.ts';
import { answerOf } from './unsaid.ts';

/** In milliseconds: until a program is told to end, until it is killed then, and for its last words. */
const execPatience = { run: 30_000, end: 2000, last: 300 };
const mostRead = 4096;

/** A program that gets the message as JSON on its input, by no shell. It took it when it ends with 0. */
export function exec({ command: [program = '', ...args] }: ChannelOf<'exec'>, { spawn }: NotifyParts): Send {
  return async (message, signal) => {
    const late = AbortSignal.timeout(execPatience.run);
    const child = spawn(program, args, { stdio: ['pipe', 'ignore', 'pipe'], shell: false, windowsHide: true });
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify(messageJson(message)));
    const why = await endOf(child, AbortSignal.any([late, signal]));
    if (signal.aborted) throw new Error(`${program} was not run to the end: it was stopped`);
    if (late.aborted) throw new Error(`${program} did not end within ${execPatience.run / 1000} s`);
    if (why !== null) throw new Error(`${program} ${why}`);
  };
}

/** What went wrong, as the rest of a sentence; null where nothing did. */
function endOf(child: ChildProcess, stopped: AbortSignal): Promise<string | null> {
  const said = errorsOf(child);
  const stop = stopper(child);
  if (stopped.aborted) stop();
  stopped.addEventListener('abort', stop, { once: true });
  const ended = new Promise<string | null>((resolve) => {
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve(`cannot be started: ${words[error.code ?? ''] ?? error.code}`),
    );
    const end = (code: number | null, killer: string | null) =>
      resolve(code === 0 ? null : `ended with ${code ?? killer}${answerOf(said(), [])}`);
    child.on('close', end);
    // What it has started may live on, and hold what it writes to.
    child.on('exit', (code, killer) => setTimeout(end, execPatience.last, code, killer).unref());
  });
  return ended.finally(() => {
    stopped.removeEventListener('abort', stop);
    child.stderr?.destroy();
  });
}

function stopper(child: ChildProcess): () => void {
  return () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), execPatience.end);
    child.once('exit', () => clearTimeout(timer));
  };
}

/** Gathers the beginning of what a program complains of. */
function errorsOf(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    if (text.length < mostRead) text += piece;
  });
  return () => text.slice(0, mostRead);
}

const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such program',
  EACCES: 'permission denied',
};
