import type { HttpBindings } from '@hono/node-server';
import type { MonitorConfig, Permission } from '../monitor/config/config.ts';
import type { Store, StoreReads } from '../monitor/store.ts';

/** What the pages are made of. The file in force is asked for at each request, so that it may change. */
export interface WebParts {
  readonly store: StoreReads & Pick<Store, 'ack' | 'silence' | 'unsilence'>;
  readonly config: () => MonitorConfig;
  /** Milliseconds UTC. */
  readonly now: () => number;
  /** When the loop last looked for what is due; null: it has not yet. */
  readonly lastTick: () => number | null;
  /** Whether the file was taken when it was last read: if not, the one before is in force. */
  readonly isReloaded: () => boolean;
  /** Of mxprobe. */
  readonly version: string;
  /** What went wrong and is told the visitor in one line only. */
  readonly onError: (error: unknown) => void;
}

/** Who asks, and what they may. */
export interface Visitor {
  /** Null: nobody has said, as where there is no auth. */
  readonly name: string | null;
  readonly may: readonly Permission[];
}

export interface WebEnv {
  Bindings: HttpBindings;
  Variables: { readonly visitor: Visitor };
}
