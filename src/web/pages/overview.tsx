import { Hono } from 'hono';
import type { Incident } from '../../monitor/alerts/incident.ts';
import { worstFirst } from '../../monitor/alerts/steps.ts';
import {
  type MonitorStatus,
  type Standing,
  sinceOf,
  standingOf,
  standingOrder,
  statusOf,
} from '../../monitor/status.ts';
import { durationWords } from '../../monitor/words/common.ts';
import { standingWords } from '../../monitor/words/status.ts';
import { counted } from '../../report/figures.ts';
import { Chip } from '../../report/html/chip.tsx';
import { sentence } from '../../report/sentence.ts';
import { Ago, monitorLink, roles, Since, State, standings, Time } from '../bits.tsx';
import { IncidentList } from '../incident-list.tsx';
import { htmlOf, Page } from '../page.tsx';
import type { WebEnv, WebParts } from '../parts.ts';

/** `/`: how every monitor stands, and what is wrong on top. */
export const overviewRoutes = ({ store, now }: WebParts) =>
  new Hono<WebEnv>().get('/', async (c) => {
    const at = now();
    const incidents = (await store.incidents({ isOpen: true })).toSorted(worstFirst);
    const spans = await store.troubledSpans();
    const monitors = statusOf(await store.monitors(), await store.newestRuns(), spans, incidents, at);
    const better = await store.betterSince();
    const rows = monitors
      .map((status): Row => {
        const standing = standingOf(status);
        return { status, standing, since: sinceOf(status, better.get(status.monitor) ?? null) };
      })
      .toSorted((a, b) => standingOrder.indexOf(a.standing) - standingOrder.indexOf(b.standing));
    return htmlOf(c, <Overview rows={rows} incidents={incidents} now={at} />);
  });

interface Row {
  readonly status: MonitorStatus;
  readonly standing: Standing;
  readonly since: number | null;
}

interface Shown {
  readonly rows: readonly Row[];
  readonly incidents: readonly Incident[];
  readonly now: number;
}

function Overview({ rows, incidents, now }: Shown) {
  const counts = standingOrder.flatMap((standing) => {
    const count = rows.filter((row) => row.standing === standing).length;
    return count === 0 ? [] : [{ standing, count }];
  });
  return (
    <Page title={titleOf(rows)} here="monitors">
      <h1>Monitors</h1>
      <p class="gist">{gist(rows, incidents.length)}</p>
      <ul class="tiles" aria-label="Monitors by state">
        {counts.map(({ standing, count }) => (
          <li class={standings[standing].kind}>
            <b>{count}</b> {standings[standing].word}
          </li>
        ))}
      </ul>
      {incidents.length > 0 && (
        <section>
          <h2>Open incidents</h2>
          <IncidentList incidents={incidents.slice(0, mostIncidents)} now={now} />
          {incidents.length > mostIncidents && (
            <p class="more">
              <a href="/i">All {incidents.length} open incidents</a>
            </p>
          )}
        </section>
      )}
      <section>
        <h2>All monitors</h2>
        <table class="wide cards monitors" {...roles.table}>
          <thead>
            <tr>
              {['State', 'Monitor', 'Since', 'Last run', 'Next'].map((title) => (
                <th scope="col">{title}</th>
              ))}
            </tr>
          </thead>
          <tbody {...roles.rowgroup}>
            {rows.map((row) => (
              <MonitorRow {...row} now={now} />
            ))}
          </tbody>
        </table>
      </section>
      <p class="cost">
        As of <Time at={now} />. <a href="/feed.atom">Incidents as a feed</a>
      </p>
    </Page>
  );
}

const mostIncidents = 20;

function titleOf(rows: readonly Row[]): string {
  const failing = rows.filter(({ standing }) => standing === 'FAIL').length;
  return failing === 0 ? 'Monitors' : `${failing} of ${rows.length} fail`;
}

function gist(rows: readonly Row[], incidents: number): string {
  const count = (standing: Standing) => rows.filter((row) => row.standing === standing).length;
  if (rows.length === 0) return 'Nothing is watched yet.';
  const [fails, unsure, stale] = [count('FAIL'), count('unsure'), count('stale')];
  const parts = [
    ...(fails > 0 ? [`${fails} of ${counted(rows.length, 'monitor')} ${fails === 1 ? 'fails' : 'fail'}`] : []),
    ...(unsure > 0 ? [`of ${unsure} not all could be told`] : []),
    ...(stale > 0 ? [`of ${stale} nothing new is known`] : []),
    ...(incidents > 0 ? [`${counted(incidents, 'incident')} ${incidents === 1 ? 'is' : 'are'} open`] : []),
  ];
  return sentence(parts.length === 0 ? 'all is well' : parts.join('; '));
}

function MonitorRow({ status, standing, since, now }: Row & { readonly now: number }) {
  const { monitor, newest, nextAt, fails, untold } = status;
  const [worst] = fails;
  return (
    <tr {...roles.row}>
      <td {...roles.cell}>
        <State standing={standing} />
      </td>
      <th scope="row" {...roles.rowheader}>
        <a href={monitorLink(monitor)}>{monitor}</a>
        <small class="faint">{newest === null ? '' : standingWords(fails, untold.length)}</small>
        {worst !== undefined && worst.waived === undefined && (
          <small class="faint">
            <Chip severity={worst.severity} /> {worst.probe}: {worst.because}
          </small>
        )}
      </th>
      <td {...roles.cell} data-name={standing === 'stale' ? 'Last seen' : 'Since'}>
        {since !== null && <Since at={since} now={now} />}
      </td>
      <td {...roles.cell} data-name="Last run">
        {newest === null ? (
          'never'
        ) : (
          <a href={`/r/${newest.id}`}>
            <span class="heard">{monitor} </span>
            <Ago at={newest.finishedAt ?? newest.dueAt} now={now} />
          </a>
        )}
      </td>
      <td {...roles.cell} data-name="Next" class="nowrap">
        {nextWords(nextAt, now)}
      </td>
    </tr>
  );
}

const nextWords = (nextAt: number | null, now: number): string =>
  nextAt === null ? '' : nextAt <= now ? 'due now' : `in ${durationWords(nextAt - now)}`;
