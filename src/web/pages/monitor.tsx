import { Hono } from 'hono';
import type { Incident } from '../../monitor/alerts/incident.ts';
import type { Run } from '../../monitor/run.ts';
import type { Span } from '../../monitor/span.ts';
import { type MonitorStatus, sinceOf, standingOf, statusOf } from '../../monitor/status.ts';
import type { StoredChange } from '../../monitor/store.ts';
import { answerWords, durationWords, placeWords, shortId, timeWords } from '../../monitor/words/common.ts';
import { standingWords } from '../../monitor/words/status.ts';
import { counted, listed } from '../../report/figures.ts';
import { grouped } from '../../report/grouped.ts';
import { sentence } from '../../report/sentence.ts';
import { monitorLink, roles, State, Time } from '../bits.tsx';
import { KindChip } from '../comparison.tsx';
import { IncidentList } from '../incident-list.tsx';
import { htmlOf, Note, Page } from '../page.tsx';
import type { WebEnv, WebParts } from '../parts.ts';
import { Strip, stretchWords } from '../strip.tsx';
import { type Columns, columnsOf, dayMarks, type Place, placesIn, type Row, timeOf } from '../timeline.ts';

const day = 86_400_000;
const spansOfTime = [1, 7, 30, 90] as const;
const usual = 7;
const mostPlaces = 20;
const mostChanges = 40;
const mostRuns = 20;

/** `/m/NAME`: what a monitor was answered, run by run. `?days=7&until=2026-01-31` says from when to when. */
export const monitorRoutes = ({ store, now }: WebParts) =>
  new Hono<WebEnv>().get('/m/:name', async (c) => {
    const name = c.req.param('name');
    const row = (await store.monitors()).find(({ id }) => id === name);
    if (row === undefined) return htmlOf(c, <Note title="Not found" text={`No monitor is called "${name}".`} />, 404);
    const at = now();
    const window = windowOf(c.req.query('days'), c.req.query('until'), at);
    const wanted = { monitor: name, since: window.since, until: window.until };
    const runs = await store.runs(wanted);
    const spans: Span[] = [];
    for await (const span of store.spans(wanted)) spans.push(span);
    const newest = await store.newestRuns(name);
    const open = await store.troubledSpans(name);
    const incidents = await store.incidents({ monitor: name, isOpen: true });
    const [status] = statusOf([row], newest, open, incidents, at);
    return htmlOf(
      c,
      <MonitorPage
        name={name}
        status={status ?? null}
        since={status === undefined ? null : sinceOf(status, (await store.betterSince(name)).get(name) ?? null)}
        window={window}
        now={at}
        runs={runs}
        spans={spans}
        changes={await store.changes({ ...wanted, limit: mostChanges + 1 })}
        incidents={incidents}
      />,
    );
  });

interface Window {
  readonly days: number;
  readonly since: number;
  readonly until: number;
  readonly isNow: boolean;
}

/** Whatever is no number of days, or no day, is what is usual. */
function windowOf(days = '', end = '', now = 0): Window {
  const wanted = spansOfTime.find((one) => String(one) === days) ?? usual;
  const read = /^\d{4}-\d\d-\d\d$/.test(end) ? Date.parse(`${end}T00:00:00Z`) + day - 1 : Number.NaN;
  const until = Number.isNaN(read) || read >= now ? now : read;
  return { days: wanted, until, since: until - wanted * day, isNow: until === now };
}

interface Shown {
  readonly name: string;
  /** Null: it stands in the file no more. */
  readonly status: MonitorStatus | null;
  readonly since: number | null;
  readonly window: Window;
  readonly now: number;
  /** The newest first. */
  readonly runs: readonly Run[];
  readonly spans: readonly Span[];
  readonly changes: readonly StoredChange[];
  readonly incidents: readonly Incident[];
}

function MonitorPage({ name, status, since, window, now, runs, spans, changes, incidents }: Shown) {
  const ended = runs
    .filter(({ state }) => state === 'done' || state === 'failed')
    .toSorted((a, b) => timeOf(a) - timeOf(b));
  const columns = columnsOf(ended);
  const days = dayMarks(ended);
  const places = placesIn(spans, columns);
  return (
    <Page title={name} here="monitors">
      <h1>{name}</h1>
      <p class="gist">
        {status === null ? 'It stands in the file no more.' : <Standing status={status} since={since} now={now} />}
      </p>
      {incidents.length > 0 && (
        <section>
          <h2>Open incidents</h2>
          <IncidentList incidents={incidents} now={now} />
        </section>
      )}
      <section>
        <h2>Timeline</h2>
        <Windows name={name} window={window} />
        {ended.length === 0 ? (
          <p>No run ended in this time.</p>
        ) : (
          <>
            <p class="about">
              {counted(ended.length, 'run')} from <Time at={timeOf(ended[0] as Run)} /> to{' '}
              <Time at={timeOf(ended.at(-1) as Run)} />, the oldest on the left; a line where a day (UTC) begins.
            </p>
            <Legend />
            <AllRuns runs={ended} days={days} />
            {places.slice(0, mostPlaces).map((place) => (
              <PlaceRows place={place} columns={columns} days={days} />
            ))}
            {places.length > mostPlaces && (
              <p class="faint">{counted(places.length - mostPlaces, 'more address')} of less interest.</p>
            )}
          </>
        )}
      </section>
      <Changes changes={changes} />
      <Runs runs={runs} />
    </Page>
  );
}

function Standing({
  status,
  since,
  now,
}: {
  readonly status: MonitorStatus;
  readonly since: number | null;
  readonly now: number;
}) {
  const { fails, untold, newest, nextAt } = status;
  return (
    <>
      <State standing={standingOf(status)} />{' '}
      {newest === null ? 'Never scanned.' : sentence(standingWords(fails, untold.length))}{' '}
      <span class="faint">
        {since !== null && (
          <>
            For {durationWords(Math.max(0, now - since))}, since <Time at={since} />.{' '}
          </>
        )}
        {newest !== null && (
          <>
            <a href={`/r/${newest.id}`}>Last run</a> {durationWords(Math.max(0, now - timeOf(newest)))} ago, at{' '}
            <Time at={timeOf(newest)} />.{' '}
          </>
        )}
        {nextAt !== null && (nextAt <= now ? 'Next: due now.' : `Next in ${durationWords(nextAt - now)}.`)}
      </span>
    </>
  );
}

function Windows({ name, window }: { readonly name: string; readonly window: Window }) {
  const link = (days: number, until: number | null) =>
    `${monitorLink(name)}?days=${days}${until === null ? '' : `&until=${new Date(until).toISOString().slice(0, 10)}`}`;
  return (
    <nav class="more" aria-label="Time shown">
      {spansOfTime.map((days) => (
        <a
          href={link(days, window.isNow ? null : window.until)}
          {...(days === window.days ? { 'aria-current': 'true' as const } : {})}
        >
          {counted(days, 'day')}
        </a>
      ))}
      <a href={link(window.days, window.since)}>earlier</a>
      {!window.isNow && <a href={link(window.days, window.until + window.days * day)}>later</a>}
      {!window.isNow && <a href={link(window.days, null)}>now</a>}
    </nav>
  );
}

const legend = [
  ['high', 'failure'],
  ['warning', 'warning'],
  ['note', 'note'],
  ['untold', 'not told'],
  ['waived', 'waived'],
  ['pass', 'pass'],
  ['aside', 'not applicable'],
] as const;

const Legend = () => (
  <p class="legend">
    {legend
      .map(([kind, word]) => (
        <span>
          <svg class="key strip" viewBox="0 0 20 16" aria-hidden="true">
            <rect class={kind} x="2" y={keyTop[kind]} width="16" height={16 - keyTop[kind]} />
          </svg>{' '}
          {word}
        </span>
      ))
      .flatMap((one) => [one, ' '])}
  </p>
);
const keyTop = { high: 0, warning: 4, note: 6, untold: 8, waived: 8, pass: 12, aside: 14.5 } as const;

/** How each run ended, in one row: what is the same side by side is one piece. */
function AllRuns({ runs, days }: { readonly runs: readonly Run[]; readonly days: readonly number[] }) {
  const stretches: { from: number; to: number; kind: string }[] = [];
  for (const [index, run] of runs.entries()) {
    const kind = run.state === 'failed' ? 'critical' : (codes[run.exitCode ?? 3] ?? 'critical');
    const last = stretches.at(-1);
    if (last?.kind === kind) last.to = index + 1;
    else stretches.push({ from: index, to: index + 1, kind });
  }
  const count = (wanted: string) =>
    stretches.filter(({ kind }) => kind === wanted).reduce((sum, { from, to }) => sum + to - from, 0);
  const ways = ends.flatMap(([kind, words]) => (count(kind) === 0 ? [] : [`${count(kind)} ${words}`]));
  const label = ways.join(', ');
  return (
    <div class="row all">
      <p>
        <b>Runs</b> <small>{label}</small>
      </p>
      <Strip stretches={stretches} columns={runs.length} days={days} label={label} />
    </div>
  );
}
const codes = ['pass', 'high', 'untold', 'critical'] as const;
const ends = [
  ['pass', 'all clear'],
  ['high', 'with failures'],
  ['untold', 'could not tell'],
  ['critical', 'came to nothing'],
] as const;

interface PlaceShown {
  readonly place: Place;
  readonly columns: Columns;
  readonly days: readonly number[];
}

const PlaceRows = ({ place, columns, days }: PlaceShown) => (
  <section>
    <h3 class="place">{place.name}</h3>
    {place.rows.length > 0 && <Rows rows={place.rows} columns={columns} days={days} name={place.name} />}
    {place.well.length > 0 && (
      <details class="fold">
        <summary>
          {counted(place.well.length, 'question')} without a failure{' '}
          <small>{place.well.map(({ probe }) => probe).join(', ')}</small>
        </summary>
        <Rows rows={place.well} columns={columns} days={days} name={place.name} />
      </details>
    )}
  </section>
);

interface RowsShown extends Omit<PlaceShown, 'place'> {
  readonly rows: readonly Row[];
  readonly name: string;
}

const Rows = ({ rows, columns, days, name }: RowsShown) => (
  <table class="wide rows" {...roles.table}>
    <caption class="heard">{name}</caption>
    <thead class="heard" {...roles.rowgroup}>
      <tr {...roles.row}>
        <th scope="col" {...roles.columnheader}>
          Question
        </th>
        <th scope="col" {...roles.columnheader}>
          Answers
        </th>
      </tr>
    </thead>
    <tbody {...roles.rowgroup}>
      {rows.map(({ probe, last, isAsked, stretches }) => (
        <tr class="row" {...roles.row}>
          <th scope="row" {...roles.rowheader}>
            {probe} <small>{isAsked ? answerWords(last) : 'not asked any more'}</small>
          </th>
          <td {...roles.cell}>
            <Strip stretches={stretches} columns={columns.count} days={days} label={stretchWords(stretches)} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

function Changes({ changes }: { readonly changes: readonly StoredChange[] }) {
  // A run of which some were not asked for is left out as a whole, unless it is the only one.
  const cut = changes[mostChanges]?.run;
  const whole = changes.filter(({ run }) => run !== cut);
  const shown = whole.length === 0 ? changes : whole;
  return (
    <section>
      <h2>Changes</h2>
      {shown.length === 0 && <p>Nothing changed in this time.</p>}
      <ul class="events">
        {grouped(shown, alikeBy).map((alike) => (
          <ChangeItem changes={alike} />
        ))}
      </ul>
      {changes.length > mostChanges && <p class="faint">These are the newest.</p>}
    </section>
  );
}

/** What turned in one way in one run, at one place. */
const alikeBy = (change: StoredChange): string =>
  [change.run, change.kind, placeWords(change), answerWords(change.before), answerWords(change.after)].join('\n');

function ChangeItem({ changes }: { readonly changes: readonly [StoredChange, ...StoredChange[]] }) {
  const [{ at, kind, run, before, after }] = changes;
  const probes = changes.map(({ probe }) => probe);
  return (
    <li>
      <Time at={at} />
      <span>
        <KindChip kind={kind} /> <b>{listed(probes, mostNames)}</b> at {placeWords(changes[0])}: {answerWords(before)},
        now {answerWords(after)}. <a href={`/r/${run}`}>Run {shortId(run)}</a>
      </span>
    </li>
  );
}

const mostNames = 6;

function Runs({ runs }: { readonly runs: readonly Run[] }) {
  const shown = runs.slice(0, mostRuns);
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>Runs</h2>
      <table class="wide cards runs" {...roles.table}>
        <thead>
          <tr>
            {['Run', 'Due', 'Ended', 'Found', 'Report'].map((title) => (
              <th scope="col">{title}</th>
            ))}
          </tr>
        </thead>
        <tbody {...roles.rowgroup}>
          {shown.map((run, index) => (
            <RunRow run={run} before={runs.slice(index + 1).find(({ isKept }) => isKept) ?? null} />
          ))}
        </tbody>
      </table>
      {runs.length > mostRuns && (
        <p class="faint">
          These are the newest {mostRuns} of {runs.length}.
        </p>
      )}
    </section>
  );
}

const RunRow = ({ run, before }: { readonly run: Run; readonly before: Run | null }) => (
  <tr {...roles.row}>
    <th scope="row" {...roles.rowheader}>
      <a href={`/r/${run.id}`}>{shortId(run.id)}</a> <small>{run.schedule}</small>
    </th>
    <td {...roles.cell} data-name="Due" class="nowrap">
      <Time at={run.dueAt} />
    </td>
    <td {...roles.cell} data-name="Ended">
      {run.state === 'done' ? `exit ${run.exitCode}` : run.state}
      {run.because !== null && <small> {run.because}</small>}
    </td>
    <td {...roles.cell} data-name="Found">
      {run.counts !== null &&
        `${run.counts.fail} fail, ${run.counts.inconclusive} inconclusive, ${run.counts.pass} pass`}
    </td>
    <td {...roles.cell} data-name="Report">
      {run.isKept ? 'kept' : ''}
      {run.isKept && before !== null && (
        <>
          ,{' '}
          <a href={`/r/${before.id}..${run.id}`}>
            compare
            <span class="heard">
              {' '}
              run {shortId(run.id)} with {timeWords(before.dueAt)}
            </span>
          </a>
        </>
      )}
    </td>
  </tr>
);
