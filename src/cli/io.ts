import type { Page } from '../report/layout.ts';
import type { ScanOptions } from '../scan/options.ts';
import type { Scanner } from './scanner.ts';

/** Where text goes. */
export interface Out {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where it is none. */
  readonly width: number;
}

export interface StandardOutput extends Out {
  /**
   * Resolves when all that was written has arrived: null; else why it cannot. A reader that has seen enough lost
   * nothing.
   */
  lost(): Promise<string | null>;
}

/** All that a command may touch of the world around it, so that a test can stand in for it. */
export interface Io {
  readonly stdout: StandardOutput;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly hostname: string;
  /** Standard input, piece by piece. */
  stdin(): AsyncIterable<string>;
  /** Calls back when the user, or the reader of our output, has had enough. Returns how to stop listening. */
  onInterrupt(handler: (why: Interrupt) => void): () => void;
  /** Calls back when the configuration is to be read again (SIGHUP). Returns how to stop listening. */
  onReload(handler: () => void): () => void;
  /** What must be undone should the process be killed: called when it is. */
  readonly cleanups: Set<() => void>;
  scanner(): Promise<Scanner>;
  startDemo(): Promise<Demo>;
}

export type Interrupt = 'signal' | 'output closed';

interface Demo {
  readonly port: number;
  /** What a scan of it should be told, such as the domain it takes mail for. */
  readonly options?: Partial<ScanOptions>;
  close(): Promise<void>;
}

/** How wide and how colourful text comes out: for people on the terminal, plain in a file. */
export function pageOf(
  { stdout, env }: Pick<Io, 'stdout' | 'env'>,
  file: string | null,
  when: ColorWhen = 'auto',
): Page {
  return file === null
    ? { width: stdout.width, color: when === 'auto' ? wantsColor(stdout, env) : when === 'always' }
    : { width: 100, color: false };
}

export const colorWhen = ['auto', 'always', 'never'] as const;
export type ColorWhen = (typeof colorWhen)[number];

/**
 * Colour only on a terminal that knows it, or where FORCE_COLOR says so; never with NO_COLOR (no-color.org).
 * FORCE_COLOR as Node reads it: 0 and false mean none.
 */
function wantsColor(out: Out, { NO_COLOR = '', FORCE_COLOR = '', TERM }: Io['env']): boolean {
  if (NO_COLOR !== '' || ['0', 'false'].includes(FORCE_COLOR)) return false;
  return FORCE_COLOR !== '' || (out.isTerminal && TERM !== 'dumb');
}
