import type { Finding, MtaGuess } from '../../model/report.ts';
import { chosenFixes, type Fix } from '../fix-choice.ts';

interface Shown {
  readonly finding: Finding;
  readonly mta: MtaGuess;
  /** Whether the finding weighs enough for its remedy to stand open. */
  readonly isOpen: boolean;
}

/** Lines to paste: open where they are for the very software that a failure was found in, folded else. */
export function Fixes({ finding, mta, isOpen }: Shown) {
  const { shown, others } = chosenFixes(finding.fix ?? {}, mta);
  const isOne = shown.length === 1;
  return (
    <>
      <Folded title={isOne ? 'Fix' : `Fix for ${namesOf(shown)}`} fixes={shown} isOpen={isOpen && isOne} />
      <Folded title={`Other servers: ${namesOf(others)}`} fixes={others} isOpen={false} />
    </>
  );
}

const namesOf = (fixes: readonly Fix[]): string => fixes.map(({ title }) => title).join(', ');

interface Fold {
  readonly title: string;
  readonly fixes: readonly Fix[];
  readonly isOpen: boolean;
}

function Folded({ title, fixes, isOpen }: Fold) {
  if (fixes.length === 0) return null;
  return (
    <details class="fixes" open={isOpen}>
      <summary>{title}</summary>
      {fixes.map(Lines)}
    </details>
  );
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
