import type { Finding } from '../../model/report.ts';
import { figures } from '../figures.ts';
import { Excerpt } from './excerpt.tsx';
import type { Place } from './lines.ts';

const namesShown = 200;

/** All that a finding rests on, folded: the dialogue around every quote, and what was measured. */
export function Evidence({ finding, place }: { readonly finding: Finding; readonly place: Place }) {
  const lines = figures(finding.measured ?? {}, namesShown);
  if (lines.length + finding.evidence.length === 0) return null;
  return (
    <details class="dialogue">
      <summary>Evidence</summary>
      {finding.question !== '' && <p class="faint">Asked: {finding.question}</p>}
      <Excerpt cites={finding.evidence} place={place} />
      {lines.length > 0 && (
        <div class="figures">
          {lines.map((line) => (
            <p>{line}</p>
          ))}
        </div>
      )}
    </details>
  );
}
