import { type Context, Hono } from 'hono';
import { timeAround } from '../../monitor/config/duration.ts';
import { statusOf } from '../../monitor/status.ts';
import { changeJson } from '../../monitor/words/changes.ts';
import { incidentJson } from '../../monitor/words/incidents.ts';
import { runJson } from '../../monitor/words/runs.ts';
import { statusJson } from '../../monitor/words/status.ts';
import { printableJson } from '../../report/json.ts';
import { cursorOf, nextCursor } from '../cursor.ts';
import type { WebEnv, WebParts } from '../parts.ts';

type Asked = Context<WebEnv>;

const usual = 100;
const most = 500;

/** Why a question cannot be answered. */
class Unasked extends Error {}

/**
 * `/api/v1/…`: what `mxprobe monitor` prints as JSON, the newest first, a page at a time. `next` is the `cursor` of
 * the page behind it; null: there is none. Schema 1: additions are fine, another name or meaning is a new number.
 */
export function apiRoutes({ store, now }: WebParts) {
  return new Hono<WebEnv>()
    .get('/monitors', async (c) => {
      const at = now();
      const limit = limitOf(c);
      const from = c.req.query('cursor') ?? '';
      const rows = (await store.monitors()).filter(({ id }) => id > from).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const shown = rows.slice(0, limit);
      const incidents = await store.incidents({ isOpen: true });
      const statuses = statusOf(shown, await store.newestRuns(), await store.troubledSpans(), incidents, at);
      const next = rows.length > limit ? (shown.at(-1)?.id ?? null) : null;
      return answer(c, 'monitors', statuses.map(statusJson), next);
    })
    .get('/runs', (c) =>
      paged(
        c,
        'runs',
        (wanted) => store.runs(wanted),
        ({ dueAt }) => dueAt,
        runJson,
      ),
    )
    .get('/changes', (c) =>
      paged(
        c,
        'changes',
        (wanted) => store.changes(wanted),
        ({ at }) => at,
        changeJson,
      ),
    )
    .get('/incidents', (c) =>
      paged(
        c,
        'incidents',
        (wanted) => store.incidents({ ...wanted, isOpen: c.req.query('open') === 'true' }),
        ({ openedAt }) => openedAt,
        incidentJson,
      ),
    )
    .all('/*', (c) => problem(c, 'there is monitors, runs, incidents and changes', 404))
    .onError((error, c) => {
      if (error instanceof Unasked) return problem(c, error.message, 400);
      throw error;
    });

  async function paged<T>(
    c: Asked,
    what: string,
    read: (wanted: Wanted) => Promise<T[]>,
    timeOf: (one: T) => number,
    jsonOf: (one: T) => object,
  ) {
    const limit = limitOf(c);
    const given = c.req.query('cursor');
    const cursor = cursorOf(given);
    if (given !== undefined && cursor === null) throw new Unasked('cursor is none: it is what next said');
    const found = await read({
      monitor: c.req.query('monitor'),
      since: sinceOf(c, now()),
      limit: limit + 1,
      ...cursor,
    });
    return answer(c, what, found.slice(0, limit).map(jsonOf), nextCursor(found, limit, cursor, timeOf));
  }
}

type Wanted = Parameters<WebParts['store']['runs']>[0];

function limitOf(c: Asked): number {
  const given = c.req.query('limit') ?? String(usual);
  const limit = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > most) throw new Unasked(`limit is a number from 1 to ${most}`);
  return limit;
}

/** `7d`, or a time such as `2026-01-31` or `2026-01-31T07:05:00Z`. */
function sinceOf(c: Asked, now: number): number | undefined {
  const given = c.req.query('since');
  if (given === undefined) return undefined;
  const at = timeAround(now, -1, given);
  if (at !== null) return at;
  throw new Unasked('since is no time: 12h, 7d, or a day such as 2026-01-31');
}

const answer = (c: Asked, what: string, items: readonly object[], next: string | null) =>
  c.body(`${printableJson({ schema: 1, kind: `monitor-${what}`, [what]: items, next }, 2)}\n`, 200, json);

const problem = (c: Asked, why: string, status: 400 | 404) =>
  c.body(`${printableJson({ error: why })}\n`, status, json);

const json = { 'content-type': 'application/json; charset=utf-8' };
