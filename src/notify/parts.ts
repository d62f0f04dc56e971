import type { spawn } from 'node:child_process';
import type { Channel, Secret } from '../monitor/config/config.ts';

/** What a channel needs of the world, handed in by whoever may touch it. */
export interface NotifyParts {
  /** What stands there now. Rejects with an `Error` that says why nothing does, and never what it is. */
  readSecret(secret: Secret): Promise<string> | string;
  readonly fetch: typeof fetch;
  readonly spawn: typeof spawn;
  /** The name of this machine: in EHLO, and of the sender where the file names none. */
  readonly hostname: string;
  /** Certificates (PEM) that are trusted besides the usual ones; for mail alone. */
  readonly ca?: string;
}

/** A channel of one kind. */
export type ChannelOf<K extends Channel['kind']> = Extract<Channel, { readonly kind: K }>;
