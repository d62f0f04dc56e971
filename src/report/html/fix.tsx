import type { Finding, MtaGuess } from '../../model/report.ts';
import { chosenFix, elsewhereWords, type Fix } from '../fix-choice.ts';

interface Shown {
  readonly finding: Finding;
  readonly mta: MtaGuess;
  /** Whether the finding weighs enough for its remedy to stand open. */
  readonly isOpen: boolean;
}

/** Lines to paste for the MTA recognised, open for a failure and folded else; or where to find those of others. */
export function Fixes({ finding, mta, isOpen }: Shown) {
  const { probe, fix = {} } = finding;
  const chosen = chosenFix(fix, mta);
  if (chosen !== null)
    return (
      <details class="fixes" open={isOpen}>
        <summary>Fix</summary>
        <Lines {...chosen} />
      </details>
    );
  const elsewhere = elsewhereWords(probe, fix);
  return elsewhere === null ? null : <p class="faint">Fix: {elsewhere}</p>;
}

function Lines({ title, lines }: Fix) {
  return (
    <figure class="fix">
      <figcaption>
        {title}
        <button type="button" class="copy" aria-live="polite" hidden>
          Copy
        </button>
      </figcaption>
      <pre class="paste">
        {lines.map((line) => (
          <code>{line}</code>
        ))}
      </pre>
    </figure>
  );
}
