import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Incident } from '../../monitor/alerts/incident.ts';
import { durationOf } from '../../monitor/config/duration.ts';
import { may } from '../access/visitor.ts';
import { cursorOf, nextCursor } from '../cursor.ts';
import { IncidentPage } from '../incident.tsx';
import { IncidentList } from '../incident-list.tsx';
import { htmlOf, Note, Page } from '../page.tsx';
import type { WebEnv, WebParts } from '../parts.ts';
import { silencesOf } from '../silences.ts';

const most = 50;
/** Of a form, in bytes. */
const longestForm = 8192;
const longestText = 500;

/** `/i`: open incidents, and those that are over. `/i/ID`: one of them, and what a person may do about it. */
export function incidentRoutes({ store, config, now }: WebParts) {
  const named = async (prefix: string): Promise<Incident | null> => {
    const [incident, other] = await store.incidentsNamed(prefix);
    return other === undefined ? (incident ?? null) : null;
  };
  const matching = async (incident: Incident) => silencesOf(incident, await store.silences(now()), config());
  return new Hono<WebEnv>()
    .get('/i', async (c) => {
      const cursor = cursorOf(c.req.query('cursor'));
      const open = cursor === null ? await store.incidents({ isOpen: true }) : [];
      const all = await store.incidents({ ...cursor, limit: most + 1 });
      const next = nextCursor(all, most, cursor, ({ openedAt }) => openedAt);
      const closed = all.slice(0, most).filter(({ state }) => state === 'closed');
      return htmlOf(c, <Incidents open={open} closed={closed} next={next} now={now()} />);
    })
    .get('/i/:id', async (c) => {
      const incident = await named(c.req.param('id'));
      if (incident === null) return unknown(c);
      return htmlOf(
        c,
        <IncidentPage
          incident={incident}
          events={await store.incidentEvents(incident.id)}
          silences={await matching(incident)}
          visitor={c.get('visitor')}
          now={now()}
        />,
      );
    })
    .use(
      '/i/:id/*',
      may('act'),
      bodyLimit({ maxSize: longestForm, onError: (c) => c.text('That is too long.\n', 413) }),
    )
    .post('/i/:id/ack', async (c) => {
      const incident = await named(c.req.param('id'));
      if (incident === null || incident.state === 'closed') return unknown(c);
      const { who, until } = await filled(c);
      const length = durationOf(until);
      if (who === '' || (until !== '' && length === null)) return unfilled(c, 'who you are, and how long it holds');
      await store.ack(incident.id, who, length === null ? null : now() + length, now());
      return c.redirect(`/i/${incident.id}`, 303);
    })
    .post('/i/:id/silence', async (c) => {
      const incident = await named(c.req.param('id'));
      if (incident === null) return unknown(c);
      const { who, until, because, all } = await filled(c);
      const length = durationOf(until);
      if (who === '' || because === '' || length === null || incident.monitor === '')
        return unfilled(c, 'who you are, why, and for how long');
      const match = all === 'monitor' ? incident.monitor : `${incident.monitor}/${incident.probe}`;
      await store.silence({ match, from: now(), until: now() + length, because, author: who });
      return c.redirect(`/i/${incident.id}`, 303);
    })
    .post('/i/:id/unsilence', async (c) => {
      const incident = await named(c.req.param('id'));
      const { silence } = await filled(c);
      const found = incident === null ? undefined : (await matching(incident)).find(({ id }) => id === silence);
      if (incident === null || found === undefined) return unknown(c);
      await store.unsilence(found.id, now());
      return c.redirect(`/i/${incident.id}`, 303);
    });
}

type Filled = Readonly<Record<'who' | 'until' | 'because' | 'all' | 'silence', string>>;

/** What a form says. Who is known by name is called by it. */
async function filled(c: Context<WebEnv>): Promise<Filled> {
  const body = await c.req.parseBody();
  const text = (name: string) => {
    const value = body[name];
    return typeof value === 'string' ? value.trim().slice(0, longestText) : '';
  };
  return {
    who: c.get('visitor').name ?? text('who'),
    until: text('until'),
    because: text('because'),
    all: text('all'),
    silence: text('silence'),
  };
}

const unfilled = (c: Context<WebEnv>, what: string) =>
  htmlOf(c, <Note title="Not done" text={`The form must say ${what}.`} />, 400);

const unknown = (c: Context<WebEnv>) =>
  htmlOf(c, <Note title="Not found" text="No incident has that name, or it is over." />, 404);

interface Shown {
  readonly open: readonly Incident[];
  readonly closed: readonly Incident[];
  readonly next: string | null;
  readonly now: number;
}

const Incidents = ({ open, closed, next, now }: Shown) => (
  <Page title={open.length === 0 ? 'Incidents' : `${open.length} open incidents`} here="incidents">
    <h1>Incidents</h1>
    <section>
      <h2>Open</h2>
      {open.length === 0 && <p>None is open.</p>}
      <IncidentList incidents={open} now={now} />
    </section>
    <section>
      <h2>Over</h2>
      {closed.length === 0 && <p>None is known.</p>}
      <IncidentList incidents={closed} now={now} />
      {next !== null && (
        <p class="more">
          <a href={`/i?cursor=${next}`}>Earlier ones</a>
        </p>
      )}
    </section>
  </Page>
);
