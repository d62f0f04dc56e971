import { hostWithPort } from '../../model/host-port.ts';
import type { Listen, MonitorConfig } from '../../monitor/config/config.ts';
import { version } from '../../version.ts';
import { crashed, say } from '../complain.ts';
import type { Io } from '../io.ts';
import type { Watching } from './watching.ts';

/** A watch, and whether its file was taken when it was last read. */
interface Served extends Pick<Watching, 'parts' | 'config' | 'lastRound'> {
  readonly isReloaded?: () => boolean;
}

/**
 * Serves the pages of a watch at `listen` until it is disposed of; null where there are none. Rejects with a
 * `UsageError` where nobody may listen there.
 */
export async function serving(
  { parts, config, lastRound, isReloaded = () => true }: Served,
  listen: Listen | null,
  io: Io,
): Promise<(AsyncDisposable & { readonly url: string }) | null> {
  if (listen === null) return null;
  const [{ appOf }, { serve }] = await Promise.all([import('../../web/app.ts'), import('../../web/listen.ts')]);
  const app = appOf({
    store: parts.store,
    config,
    now: parts.clock.now,
    lastTick: lastRound,
    isReloaded,
    version: version(),
    onError: (error) => void crashed(error, io),
  });
  const served = await serve(listen, app);
  say(`the pages are at ${served.url}`, io);
  return served;
}

/** Pages that move. */
export interface Pages extends AsyncDisposable {
  /** Serves them there from now on. Rejects with a `UsageError` where nobody may listen there: they stay then. */
  move(listen: Listen | null): Promise<void>;
}

/** The same, where the file may say another place later. */
export async function servingWhere(watched: Served, listen: Listen | null, io: Io): Promise<Pages> {
  let here = listen;
  let pages = await serving(watched, listen, io);
  return {
    async move(to) {
      if (JSON.stringify(to) === JSON.stringify(here)) return;
      // What listens at an address of this machine is in the way of what listens at all of them.
      await pages?.[Symbol.asyncDispose]();
      pages = null;
      try {
        pages = await serving(watched, to, io);
        here = to;
      } catch (error) {
        pages = await serving(watched, here, io);
        throw error;
      }
    },
    [Symbol.asyncDispose]: async () => await pages?.[Symbol.asyncDispose](),
  };
}

/** How people reach the pages: by the first name that the file has for them, else where they are served. */
export function linkOf({ listen, hosts }: MonitorConfig['web']): string | null {
  const [host] = hosts;
  if (listen === null) return null;
  if (host !== undefined) return `https://${host}`;
  if (listen.kind === 'unix') return null;
  return `http://${hostWithPort(listen.host, listen.port)}`;
}
