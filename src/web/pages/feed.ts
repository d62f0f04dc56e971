import { type Context, Hono } from 'hono';
import { visible } from '../../model/visible.ts';
import type { Incident } from '../../monitor/alerts/incident.ts';
import { aboutWords } from '../../monitor/words/incidents.ts';
import { sentence } from '../../report/sentence.ts';
import { weights } from '../../report/weights.ts';
import type { WebEnv, WebParts } from '../parts.ts';

const most = 50;

/** `/feed.atom`: incidents that were opened and closed, the newest first (RFC 4287). */
export const feedRoutes = ({ store, now }: WebParts) =>
  new Hono<WebEnv>().get('/feed.atom', async (c) => {
    const incidents = await store.incidents({ limit: most });
    const entries = incidents
      .filter(({ state }) => state !== 'suspected')
      .flatMap(entriesOf)
      .toSorted((a, b) => b.at - a.at)
      .slice(0, most);
    const feed = atom(entries, siteOf(c), entries[0]?.at ?? now());
    return c.body(feed, 200, { 'content-type': 'application/atom+xml; charset=utf-8' });
  });

interface Entry {
  readonly what: 'opened' | 'closed';
  readonly at: number;
  readonly incident: Incident;
}

const entriesOf = (incident: Incident): Entry[] => [
  { what: 'opened', at: incident.confirmedAt ?? incident.openedAt, incident },
  ...(incident.closedAt === null ? [] : [{ what: 'closed' as const, at: incident.closedAt, incident }]),
];

/** As the reader asked for it: the Host header was found to be ours. */
function siteOf(c: Context<WebEnv>): string {
  const scheme = c.req.header('x-forwarded-proto') === 'https' ? 'https' : 'http';
  return `${scheme}://${c.req.header('host') ?? 'localhost'}`;
}

const atom = (entries: readonly Entry[], site: string, updated: number): string =>
  [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom">',
    '<id>tag:mxprobe,2026:incidents</id>',
    '<title>mxprobe incidents</title>',
    '<author><name>mxprobe</name></author>',
    `<updated>${new Date(updated).toISOString()}</updated>`,
    `<link rel="self" href="${text(`${site}/feed.atom`)}"/>`,
    `<link rel="alternate" type="text/html" href="${text(`${site}/i`)}"/>`,
    ...entries.map((entry) => entryOf(entry, site)),
    '</feed>',
    '',
  ].join('\n');

function entryOf({ what, at, incident }: Entry, site: string): string {
  const { id, severity, headline, monitor, now, closedBecause } = incident;
  const title = `${what === 'closed' ? 'Closed: ' : ''}${sentence(headline)} (${weights[severity].word})`;
  const where = [monitor, aboutWords(incident)].filter((words) => words !== '').join(': ');
  const said = what === 'closed' ? [`${closedBecause}`] : [now.because, ...now.quotes];
  return [
    '<entry>',
    `<id>tag:mxprobe,2026:incident/${id}/${what}</id>`,
    `<title>${text(title)}</title>`,
    `<updated>${new Date(at).toISOString()}</updated>`,
    `<link rel="alternate" type="text/html" href="${text(`${site}/i/${id}`)}"/>`,
    `<content type="text">${text([where, ...said].map(visible).join(' | '))}</content>`,
    '</entry>',
  ].join('\n');
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const text = (said: string): string => visible(said).replace(/[&<>"]/g, (char) => entities[char] ?? char);
