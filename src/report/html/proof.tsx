import type { Finding } from '../../model/report.ts';
import { type ProofLine, proofOf } from '../proof.ts';
import type { Place } from './lines.ts';
import { cut } from './speech.ts';

interface Proven {
  readonly finding: Finding;
  readonly place: Place;
}

/** The two or three lines that prove it, each answer below its command; answers lead to where they stand. */
export function Proof({ finding, place }: Proven) {
  const lines = proofOf(finding, place.endpoint);
  if (lines.length === 0) return null;
  return (
    <div class="proof">
      {lines.map((line) => (
        <Line line={line} place={place} />
      ))}
    </div>
  );
}

function Line({ line: { mark, text, session, event }, place }: { readonly line: ProofLine; readonly place: Place }) {
  const anchor = place.lines.anchorOf(session, event);
  const where = `${session} #${event}`;
  return (
    <p class={mark === 'C:' ? 'asked' : 'quote'}>
      <abbr title={titles[mark]}>{mark}</abbr> <samp>{cut(text)}</samp>{' '}
      {mark !== 'C:' && <small>{anchor === null ? where : <a href={`#${anchor}`}>{where}</a>}</small>}
    </p>
  );
}

const titles = { 'C:': 'we', 'S:': 'the server', '--': 'remark' } as const;
