import { severities } from '../../model/judgement.ts';
import type { Finding } from '../../model/report.ts';
import { wordsOfDoubt } from '../doubt-words.ts';
import { endpointName } from '../endpoint-name.ts';
import { worstFirst } from '../endpoint-words.ts';
import { grouped } from '../grouped.ts';
import { sentence } from '../sentence.ts';
import { Chip } from './chip.tsx';
import { type Named, nameOf } from './names.ts';
import { troublesOf } from './untold.ts';

const namesShown = 12;

interface Found {
  readonly finding: Finding;
  readonly at: Named;
}

/** Every finding in a line that leads to it, the worst first; the same of several endpoints is one line. */
export function JumpList({ endpoints }: { readonly endpoints: readonly Named[] }) {
  const fails = inOrder(
    endpoints.flatMap((at) =>
      worstFirst(at.endpoint.findings.filter(({ verdict }) => verdict === 'fail')).map((finding) => ({ finding, at })),
    ),
  );
  const untold = grouped(
    endpoints.flatMap((at) => troublesOf(at.endpoint).map((same) => ({ same, finding: same[0], at }))),
    ({ same, finding: { doubt, because } }) => [doubt, because, ...same.map(({ probe }) => probe)].join('\n'),
  );
  if (fails.length + untold.length === 0) return null;
  const isOne = endpoints.length === 1;
  return (
    <nav class={isOne ? 'one' : 'several'} aria-label="Findings">
      <ul class="jumps">
        {fails.map((same) => (
          <li>
            <Chip severity={same[0].finding.severity} isWaived={same[0].finding.waived !== undefined} />
            <span>
              <a href={`#${nameOf(same[0].at, same[0].finding)}`}>{same[0].finding.probe}</a>{' '}
              {sentence(same[0].finding.headline ?? same[0].finding.because)}
              {!isOne && <Where found={same} />}
            </span>
          </li>
        ))}
        {untold.map((alike) => (
          <li>
            <b class="chip untold">not told</b>
            <span>
              <a href={`#${nameOf(alike[0].at, alike[0].finding)}`}>
                {alike[0].same
                  .slice(0, 3)
                  .map(({ probe }) => probe)
                  .join(', ')}
              </a>
              {alike[0].same.length > 3 && ` and ${alike[0].same.length - 3} more`}:{' '}
              {sentence(wordsOfDoubt(alike[0].finding).word, false)}
              {!isOne && <Where found={alike} />}
            </span>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The endpoints that have it, each a link to it there. */
const Where = ({ found }: { readonly found: readonly Found[] }) => (
  <small>
    {' '}
    {found.slice(0, namesShown).map(({ finding, at }, index) => (
      <>
        {index > 0 && ', '}
        <a href={`#${nameOf(at, finding)}`}>{endpointName(at.endpoint.id)}</a>
      </>
    ))}
    {found.length > namesShown && ` and ${found.length - namesShown} more`}
  </small>
);

/** What is waived comes last. */
function inOrder(fails: readonly Found[]): [Found, ...Found[]][] {
  const rank = ({ finding }: Found) => (finding.waived === undefined ? severities.indexOf(finding.severity) : -1);
  return grouped(fails, ({ finding: { probe, severity, waived } }) =>
    [severity, probe, waived === undefined ? '' : 'waived'].join('\n'),
  ).toSorted(([a], [b]) => rank(b) - rank(a));
}
