import { Hono } from 'hono';
import type { Incident } from '../../monitor/alerts/incident.ts';
import type { MonitorConfig } from '../../monitor/config/config.ts';
import {
  type MonitorStatus,
  type Standing,
  sinceOf,
  standingOf,
  standingOrder,
  statusOf,
} from '../../monitor/status.ts';
import { badge } from '../badge.tsx';
import { State, standings, Time } from '../bits.tsx';
import { htmlOf, Page } from '../page.tsx';
import type { WebEnv, WebParts } from '../parts.ts';
import { notFound } from '../trouble.tsx';

/** How far back incidents are shown. */
const shownFor = 30 * 86_400_000;
const minute = 'public, max-age=60';

/**
 * `/status/NAME` and `/badge/NAME.svg` for anybody, where the file makes that monitor public: states and dates, and no
 * quote, no address, no name of a server. Of a list that is a monitor a line it tells what they come to together.
 */
export function publicRoutes({ store, config, now }: WebParts) {
  const shown = async (name: string): Promise<Shown | null> => {
    const { web, monitors } = config();
    if (!web.publicStatus.includes(name)) return null;
    const own = namesIn(monitors, name);
    const rows = (await store.monitors()).filter(({ id }) => own.has(id));
    const at = now();
    const [first] = own;
    const only = own.size === 1 ? first : undefined;
    const incidents = await store.incidents({ since: at - shownFor });
    const spans = await store.troubledSpans(only);
    const all = statusOf(rows, await store.newestRuns(only), spans, incidents, at);
    const better = await store.betterSince(only);
    const [worst] = all.toSorted((a, b) => standingOrder.indexOf(standingOf(a)) - standingOrder.indexOf(standingOf(b)));
    return {
      name,
      now: at,
      standing: worst === undefined ? 'stale' : standingOf(worst),
      since: worst === undefined ? null : sinceOf(worst, better.get(worst.monitor) ?? null),
      seen: lastSeen(all),
      incidents: incidents.filter(({ monitor, state }) => own.has(monitor) && state !== 'suspected'),
    };
  };
  return new Hono<WebEnv>()
    .get('/status/:name', async (c) => {
      const found = await shown(c.req.param('name'));
      return found === null ? notFound(c) : htmlOf(c, <Status {...found} />);
    })
    .get('/badge/:file{.+\\.svg}', async (c) => {
      const found = await shown(c.req.param('file').slice(0, -'.svg'.length));
      if (found === null) return notFound(c);
      const headers = {
        'content-type': 'image/svg+xml',
        'cache-control': minute,
        'cross-origin-resource-policy': 'cross-origin',
      };
      return c.body(badge(found.name, found.standing), 200, headers);
    });
}

const namesIn = (monitors: MonitorConfig['monitors'], wanted: string): ReadonlySet<string> =>
  new Set(monitors.flatMap(({ name, group }) => (group === wanted ? [name] : [])));

/** When all of them were last seen: of several, the oldest of those times. */
const lastSeen = (all: readonly MonitorStatus[]): number | null => {
  const times = all.map(({ newest }) => newest?.finishedAt ?? null);
  return times.length === 0 || times.includes(null) ? null : Math.min(...times.map(Number));
};

interface Shown {
  readonly name: string;
  readonly now: number;
  readonly standing: Standing;
  readonly since: number | null;
  readonly seen: number | null;
  readonly incidents: readonly Incident[];
}

const sentences: Readonly<Record<Standing, string>> = {
  FAIL: 'Something is wrong.',
  unsure: 'Not all could be checked.',
  stale: 'Nothing new is known.',
  ok: 'All is well.',
  paused: 'It is not checked for now.',
};

const Status = ({ name, standing, since, seen, incidents }: Shown) => (
  <Page title={`${name}: ${standings[standing].word}`} isOpen>
    <h1>{name}</h1>
    <p class="gist">
      <State standing={standing} /> {sentences[standing]}
    </p>
    <dl>
      {since !== null && (
        <>
          <dt>since</dt>
          <dd>
            <Time at={since} />
          </dd>
        </>
      )}
      <dt>last checked</dt>
      <dd>{seen === null ? 'never' : <Time at={seen} />}</dd>
    </dl>
    <h2>The last 30 days</h2>
    {incidents.length === 0 && <p>No incident.</p>}
    <ul class="events">
      {incidents.map(({ openedAt, closedAt }) => (
        <li>
          <Time at={openedAt} />
          <span>{closedAt === null ? 'still open' : <Until at={closedAt} />}</span>
        </li>
      ))}
    </ul>
  </Page>
);

const Until = ({ at }: { readonly at: number }) => (
  <>
    to <Time at={at} />
  </>
);
