import type { Finding, MtaGuess, MtaName } from '../../model/report.ts';
import { chosenFixes, mtaTitles } from '../fix-choice.ts';

/** Lines to paste: those for the MTA recognised in sight, those for others folded. */
export function Fixes({ finding, mta }: { readonly finding: Finding; readonly mta: MtaGuess }) {
  const fix = finding.fix ?? {};
  const { shown, others } = chosenFixes(fix, mta);
  const blocks = (names: readonly MtaName[]) => names.map((name) => <Fix name={name} lines={fix[name] ?? []} />);
  return (
    <>
      {blocks(shown)}
      {others.length > 0 && (
        <details class="others">
          <summary>Fix for {others.map((name) => mtaTitles[name] ?? name).join(', ')}</summary>
          {blocks(others)}
        </details>
      )}
    </>
  );
}

function Fix({ name, lines }: { readonly name: MtaName; readonly lines: readonly string[] }) {
  return (
    <figure class="fix">
      <figcaption>
        Fix for {mtaTitles[name] ?? name}
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
