import { Hono } from 'hono';
import type { StoreReads } from '../monitor/store.ts';
import type { WebEnv, WebParts } from './parts.ts';

export interface HealthParts extends Pick<WebParts, 'config' | 'now' | 'lastTick'> {
  readonly store: Pick<StoreReads, 'runs'>;
}

/** The loop looks every second for what is due. */
const patience = 30_000;

/**
 * `/healthz`: the process answers. `/readyz`: it watches, or 503 and a line that says why not. For anybody, so they
 * name no file and no server.
 */
export const healthRoutes = (parts: HealthParts) =>
  new Hono<WebEnv>()
    .get('/healthz', (c) => c.text('ok\n'))
    .get('/readyz', async (c) => {
      const why = await unready(parts);
      return why === null ? c.text('ok\n') : c.text(`${why}\n`, 503);
    });

async function unready({ store, config, now, lastTick }: HealthParts): Promise<string | null> {
  if (config().monitors.length === 0) return 'no file with monitors is in force';
  const ticked = lastTick();
  if (ticked === null) return 'nothing has been looked for yet';
  const age = now() - ticked;
  if (age > patience) return `what is due was last looked for ${Math.round(age / 1000)} s ago`;
  try {
    await store.runs({ limit: 1 });
    return null;
  } catch {
    // The loop meets it too, and says what it is.
    return 'the store cannot be read';
  }
}
