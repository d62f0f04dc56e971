import type { ComponentChildren } from 'preact';
import type { Report } from '../../model/report.ts';
import { costLine, counted } from '../figures.ts';
import { totalCost, warningWords } from '../report-words.ts';
import { kindOf } from './chip.tsx';
import { EndpointsTable } from './endpoints-table.tsx';
import { gist, tiles } from './gist.ts';
import { subjectOf } from './head.tsx';
import { JumpList } from './jump-list.tsx';
import { type Named, nameOf, weighing } from './names.ts';

/** What a reader in a hurry needs: what is wrong, how much of it, what makes less of it, and where to look. */
export function Overview({ report, endpoints }: { readonly report: Report; readonly endpoints: readonly Named[] }) {
  return (
    <header>
      <p class="tool">{aboutScan(report)}</p>
      <h1>{subjectOf(report)}</h1>
      <p class="gist">{gist(report)}</p>
      <ul class="tiles" aria-label="Findings by weight">
        {tiles(report).map(({ count, word, kind }) => (
          <li class={kind}>
            <To name={firstOf(kind, endpoints)}>
              <b>{count}</b> {word}
            </To>
          </li>
        ))}
      </ul>
      {warningWords(report).map((warning) => (
        <p class="warning">{warning}</p>
      ))}
      {endpoints.length > 1 && (
        <>
          <h2>Endpoints</h2>
          <EndpointsTable endpoints={endpoints} />
          <p class="cost">What it cost in all: {costLine(totalCost(report))}.</p>
          <h2>What was found</h2>
        </>
      )}
      <JumpList endpoints={endpoints} />
    </header>
  );
}

const To = ({ name, children }: { readonly name: string | null; readonly children: ComponentChildren }) =>
  name === null ? children : <a href={`#${name}`}>{children}</a>;

/** Where the first finding of this colour stands; null where none has it. */
function firstOf(kind: string, endpoints: readonly Named[]): string | null {
  const [first] = endpoints.flatMap((at) =>
    weighing(at.endpoint).flatMap((finding) => (kindOf(finding.severity) === kind ? [nameOf(at, finding)] : [])),
  );
  return first ?? null;
}

function aboutScan({ targets, endpoints, options, startedAt, tool }: Report): string {
  return [
    `${tool.name} ${tool.version}`,
    startedAt.replace(/\.\d+Z$/, 'Z'),
    `${counted(targets.length, 'target')}, ${counted(endpoints.length, 'endpoint')}`,
    `allowed: ${options.allow}`,
    `EHLO ${options.helo}`,
  ].join(' | ');
}
