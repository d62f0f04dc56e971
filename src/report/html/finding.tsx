import type { Finding } from '../../model/report.ts';
import { wordsOfDoubt } from '../doubt-words.ts';
import { markWords } from '../mark-words.ts';
import { sentence } from '../sentence.ts';
import { weights } from '../weights.ts';
import { Chip, kindOf } from './chip.tsx';
import { Evidence } from './evidence.tsx';
import { Fixes } from './fix.tsx';
import type { Place } from './lines.ts';
import { nameOf } from './names.ts';
import { Proof } from './proof.tsx';

/** What is wrong, the lines that prove it, and what to do about it; all the evidence folded. */
export function Fail({ finding, place }: Said) {
  const { waived, severity, headline, because, likely, probe } = finding;
  const { weight } = weights[severity];
  const isWaived = waived !== undefined;
  return (
    <article class={`finding fail ${isWaived ? 'plain' : `${weight} ${kindOf(severity)}`}`} id={nameOf(place, finding)}>
      <h3>
        <Chip severity={severity} isWaived={isWaived} /> {sentence(headline ?? because)}
      </h3>
      <p class="faint">
        <b>{probe}</b>
        {headline !== undefined && `: ${sentence(because, false)}`}
      </p>
      {likely !== undefined && (
        <p>
          <b>Likely cause:</b> {sentence(likely, false)}
        </p>
      )}
      <Marks finding={finding} />
      <Proof finding={finding} place={place} />
      <Fixes finding={finding} mta={place.endpoint.mta} isOpen={weight === 'failure' && !isWaived} />
      <Evidence finding={finding} place={place} />
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
    <article class="finding untold" id={nameOf(place, first)}>
      <h3>
        <b class="chip untold">{first.waived === undefined ? 'not told' : 'not told, waived'}</b>{' '}
        {sentence(first.because)}
      </h3>
      <p class="faint">
        <b>{findings.map(({ probe }) => probe).join(', ')}</b>
      </p>
      <Marks finding={first} />
      <p class="way-out">
        <em>{word}:</em> {sentence(wayOut, false)}
      </p>
      <Proof finding={first} place={place} />
      <Evidence finding={first} place={place} />
    </article>
  );
}

/** One sentence and its quotes. */
export function Pass({ finding, place }: Said) {
  return (
    <article class="finding pass">
      <h3>
        <b class="chip pass">pass</b> {sentence(finding.because)}
      </h3>
      <p class="faint">
        <b>{finding.probe}</b>
      </p>
      <Proof finding={finding} place={place} />
      <Evidence finding={finding} place={place} />
    </article>
  );
}

/** A bug of ours. */
export const Broken = ({ finding }: { readonly finding: Finding }) => (
  <article class="finding broken">
    <h3>
      <b class="chip broken">error</b> {finding.probe}: a bug of ours
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
