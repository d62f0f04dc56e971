import type { Finding } from '../../model/report.ts';
import { wordsOfDoubt } from '../doubt-words.ts';
import { figures } from '../figures.ts';
import { markWords } from '../mark-words.ts';
import { sentence } from '../sentence.ts';
import { weights } from '../weights.ts';
import { Fixes } from './fix.tsx';
import type { Place } from './lines.ts';
import { Quotes } from './quotes.tsx';

/** What is wrong, how we know, and what to do about it. */
export function Fail({ finding, place }: Said) {
  const { waived } = finding;
  const { weight } = weights[finding.severity];
  return (
    <article class={`finding ${weight}${waived === undefined ? '' : ' waived'}`}>
      <h3>
        <b class="verdict">{waived === undefined ? weight : `${weight}, waived`}</b> {finding.probe}{' '}
        <span class="severity">{finding.severity}</span>
      </h3>
      <p class="because">{sentence(finding.headline ?? finding.because)}</p>
      {finding.headline !== undefined && <p class="faint">{sentence(finding.because)}</p>}
      {finding.likely !== undefined && <p>Likely cause: {sentence(finding.likely, false)}</p>}
      <Marks finding={finding} />
      {finding.question !== '' && <p class="faint">{finding.question}</p>}
      <Quotes finding={finding} place={place} />
      <Figures finding={finding} />
      <Fixes finding={finding} mta={place.endpoint.mta} />
    </article>
  );
}

/** What could not be told, why, and the way out; the same trouble once. */
export function Untold({
  findings,
  place,
}: {
  readonly findings: readonly [Finding, ...Finding[]];
  readonly place: Place;
}) {
  const [first] = findings;
  const { word, wayOut } = wordsOfDoubt(first);
  return (
    <article class="finding untold">
      <h3>
        <b class="verdict">{first.waived === undefined ? 'Unknown' : 'Unknown, waived'}</b>{' '}
        {findings.map(({ probe }) => probe).join(', ')}
      </h3>
      <p class="because">{first.because}</p>
      <Marks finding={first} />
      <p class="way-out">
        <em>{word}:</em> {wayOut}
      </p>
      <Quotes finding={first} place={place} />
      <Figures finding={first} />
    </article>
  );
}

/** One sentence and its quotes. */
export function Pass({ finding, place }: Said) {
  return (
    <article class="finding pass">
      <h3>
        <b class="verdict">Pass</b> {finding.probe}
      </h3>
      <p class="because">{finding.because}</p>
      <Quotes finding={finding} place={place} />
      <Figures finding={finding} />
    </article>
  );
}

/** A bug of ours. */
export const Broken = ({ finding }: { readonly finding: Finding }) => (
  <article class="finding broken">
    <h3>
      <b class="verdict">Error</b> {finding.probe} <span class="severity">a bug of ours</span>
    </h3>
    <p class="because">{finding.because}</p>
  </article>
);

interface Said {
  readonly finding: Finding;
  readonly place: Place;
}

/** What the policy says of it. */
const Marks = ({ finding }: { readonly finding: Finding }) => (
  <>
    {markWords(finding).map((words) => (
      <p class="mark">{words}</p>
    ))}
  </>
);

const namesShown = 200;

function Figures({ finding }: { readonly finding: Finding }) {
  const lines = figures(finding.measured ?? {}, namesShown);
  if (lines.length === 0) return null;
  return (
    <details class="figures">
      <summary>Figures</summary>
      {lines.map((line) => (
        <p>{line}</p>
      ))}
    </details>
  );
}
