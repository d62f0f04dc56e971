import type { Finding, MtaGuess } from '../../model/report.ts';
import { chosenFixes, type Fix } from '../fix-choice.ts';

/** Lines to paste: those for the MTA recognised in sight, those for others folded. */
export function Fixes({ finding, mta }: { readonly finding: Finding; readonly mta: MtaGuess }) {
  const { shown, others } = chosenFixes(finding.fix ?? {}, mta);
  return (
    <>
      {shown.map(Lines)}
      {others.length > 0 && (
        <details class="others">
          <summary>Fix for {others.map(({ title }) => title).join(', ')}</summary>
          {others.map(Lines)}
        </details>
      )}
    </>
  );
}

function Lines({ title, lines }: Fix) {
  return (
    <figure class="fix">
      <figcaption>
        Fix for {title}
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
