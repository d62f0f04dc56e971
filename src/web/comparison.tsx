import type { Run } from '../monitor/run.ts';
import { shortId } from '../monitor/words/common.ts';
import { figureWords, headWords, kindWords, placeWords, sidesOf, sideWords } from '../report/diff/change-words.ts';
import type { Change, ChangeKind, ReportDiff, Side } from '../report/diff/diff.ts';
import { Chip, kindOf } from '../report/html/chip.tsx';
import { sentence } from '../report/sentence.ts';
import { monitorLink, Time } from './bits.tsx';
import { Page } from './page.tsx';
import { Quotes } from './quotes.tsx';

interface Compared {
  readonly before: Run;
  readonly after: Run;
  readonly diff: ReportDiff;
}

/** What changed from one run to another, the worst first, with both quotes. */
export const Comparison = ({ before, after, diff }: Compared) => (
  <Page title={`Run ${shortId(before.id)} to ${shortId(after.id)}`} here="monitors">
    <p class="tool">
      {[...new Set([before.monitor, after.monitor])].map((monitor) => (
        <a href={monitorLink(monitor)}>{monitor} </a>
      ))}
    </p>
    <h1>What changed</h1>
    <p class="gist">{sentence(headWords(diff))}</p>
    <p class="about">
      From <RunLink run={before} /> to <RunLink run={after} />.
    </p>
    {[...diff.notes, ...placeWords(diff)].map((text) => (
      <p class="warning">{sentence(text)}</p>
    ))}
    <section>
      <h2 class="heard">Changes</h2>
      {diff.changes.map((change) => (
        <Changed change={change} />
      ))}
    </section>
  </Page>
);

const RunLink = ({ run }: { readonly run: Run }) => (
  <a href={`/r/${run.id}`}>
    run {shortId(run.id)} of <Time at={run.finishedAt ?? run.dueAt} />
  </a>
);

/** The edge of what is better is that of a pass, whatever it weighed. */
const isBetter = (kind: ChangeKind) => kind === 'gone' || kind === 'told' || kind === 'waived';

const Changed = ({ change }: { readonly change: Change }) => (
  <article
    class={`finding ${isBetter(change.kind) ? 'pass' : change.kind === 'newly-untold' ? 'untold' : kindOf(change.severity)}`}
  >
    <h3>
      <KindChip kind={change.kind} /> {change.probe} <Chip severity={change.severity} />
    </h3>
    <p class="faint">
      {change.endpoint}: {sentence(change.question, false)}
    </p>
    {change.figures.map((figure) => (
      <p>{figureWords(figure)}</p>
    ))}
    <div class="sides">
      {sidesOf(change).map(([name, side]) => (
        <Said name={name} side={side} />
      ))}
    </div>
  </article>
);

export const KindChip = ({ kind }: { readonly kind: ChangeKind }) => (
  <b class={`chip ${isBetter(kind) ? 'pass' : kind === 'new' || kind === 'worse' ? 'high' : 'plain'}`}>
    {kindWords[kind].toLowerCase()}
  </b>
);

const Said = ({ name, side }: { readonly name: string; readonly side: Side | null }) => (
  <div>
    <p class="faint">
      <b>{name}</b>: {sideWords(side)}
    </p>
    {side !== null && <p>{sentence(side.because)}</p>}
    <Quotes lines={side?.quotes ?? []} />
  </div>
);
