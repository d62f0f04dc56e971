import { type Context, Hono } from 'hono';
import type { Run } from '../../monitor/run.ts';
import { shortId } from '../../monitor/words/common.ts';
import { compareReports } from '../../report/diff/compare.ts';
import { contentPolicy } from '../../report/html/head.tsx';
import { htmlParts } from '../../report/html.ts';
import { monitorLink, Time } from '../bits.tsx';
import { Comparison } from '../comparison.tsx';
import { htmlOf, Note, Page } from '../page.tsx';
import type { WebEnv, WebParts } from '../parts.ts';

/** `/r/RUN`: the report of a run, as the HTML report is. `/r/A..B`: what changed from one to the other. */
export const runRoutes = ({ store }: WebParts) =>
  new Hono<WebEnv>()
    .get('/r/:before{[0-9a-f]+\\.\\.[0-9a-f]+}', async (c) => {
      const [before = '', after = ''] = c.req.param('before').split('..');
      const runs = [await one(store, before), await one(store, after)] as const;
      const [was, is] = runs;
      if (was === null || is === null) return unknown(c);
      const reports = [await store.report(was.id), await store.report(is.id)] as const;
      const lost = runs.find((_, index) => reports[index] === null);
      if (reports[0] === null || reports[1] === null) return htmlOf(c, <NotKept run={lost ?? was} like={null} />, 404);
      return htmlOf(c, <Comparison before={was} after={is} diff={compareReports(reports[0], reports[1])} />);
    })
    .get('/r/:run{[0-9a-f]+}', async (c) => {
      const run = await one(store, c.req.param('run'));
      if (run === null) return unknown(c);
      const report = await store.report(run.id);
      if (report === null) return htmlOf(c, <NotKept run={run} like={await likeIt(store, run)} />);
      return c.html([...htmlParts(report)].join(''), 200, {
        'content-security-policy': `${contentPolicy}; frame-ancestors 'none'`,
      });
    });

/** The run that a name means; null where it means none, or several. */
async function one(store: WebParts['store'], prefix: string): Promise<Run | null> {
  const [run, other] = await store.runsNamed(prefix);
  return other === undefined ? (run ?? null) : null;
}

const unknown = (c: Context<WebEnv>) =>
  htmlOf(
    c,
    <Note title="Not found" text="No run has that name, or several have. Those that are too old are forgotten." />,
    404,
  );

/** How far back a report that said the same is looked for. */
const mostLooked = 500;

/** What is not kept said nothing that the report before it did not say: the newest of those that is kept. */
async function likeIt(store: WebParts['store'], { id, monitor, schedule, dueAt, state }: Run): Promise<Run | null> {
  if (state !== 'done') return null;
  const before = await store.runs({ monitor, until: dueAt, limit: mostLooked });
  return before.find((run) => run.isKept && run.schedule === schedule && run.id !== id) ?? null;
}

/** What is known of a run without its report. */
const NotKept = ({ run, like }: { readonly run: Run; readonly like: Run | null }) => (
  <Page title={`Run ${shortId(run.id)}`} here="monitors">
    <h1>Run {shortId(run.id)}</h1>
    <p class="gist">
      {run.state === 'done'
        ? 'Its report is not kept, for it said nothing that is not known from another.'
        : `It has no report: it is ${run.state}.`}
    </p>
    {like !== null && (
      <p class="more">
        <a href={`/r/${like.id}`}>
          The report that said the same, of <Time at={like.dueAt} />
        </a>
      </p>
    )}
    <dl>
      <dt>monitor</dt>
      <dd>
        <a href={monitorLink(run.monitor)}>{run.monitor}</a>, {run.schedule}
      </dd>
      <dt>due</dt>
      <dd>
        <Time at={run.dueAt} />
      </dd>
      {run.finishedAt !== null && (
        <>
          <dt>ended</dt>
          <dd>
            <Time at={run.finishedAt} />
          </dd>
        </>
      )}
      {run.counts !== null && (
        <>
          <dt>found</dt>
          <dd>
            {run.counts.fail} fail, {run.counts.inconclusive} inconclusive, {run.counts.pass} pass
          </dd>
        </>
      )}
      {run.because !== null && (
        <>
          <dt>because</dt>
          <dd>{run.because}</dd>
        </>
      )}
    </dl>
  </Page>
);
