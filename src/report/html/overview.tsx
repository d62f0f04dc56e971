import { severities } from '../../model/judgement.ts';
import type { EndpointReport, Report } from '../../model/report.ts';
import { exitMeaning, isNotPermitted } from '../../model/summary.ts';
import { endpointName } from '../endpoint-name.ts';
import { worstFirst } from '../endpoint-words.ts';
import { costLine, counted } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { totalCost, totalWords, warningWords } from '../report-words.ts';
import { countsByWeight, weights } from '../weights.ts';
import { subjectOf } from './head.tsx';

/** An endpoint under the name that links lead to. */
export interface Named {
  readonly endpoint: EndpointReport;
  readonly name: string;
}

/** What a reader in a hurry needs: how it ended, what makes less of it, and where to look. */
export function Overview({ report, endpoints }: { readonly report: Report; readonly endpoints: readonly Named[] }) {
  const { summary, options, tool } = report;
  return (
    <header>
      <p class="tool">
        {tool.name} {tool.version}
      </p>
      <h1>{subjectOf(report)}</h1>
      <p class="totals">{totalWords(report)}</p>
      <p>
        Exit code {summary.exitCode}: {exitMeaning(summary.exitCode, options.failOn, summary.worst)}.
      </p>
      <p class="faint">{aboutScan(report)}</p>
      {warningWords(report).map((warning) => (
        <p class="warning">{warning}</p>
      ))}
      {endpoints.length > 1 && (
        <>
          <Worst endpoints={endpoints} />
          <Endpoints endpoints={endpoints} />
          <p class="cost">What it cost in all: {costLine(totalCost(report))}.</p>
        </>
      )}
    </header>
  );
}

function aboutScan({ targets, endpoints, options, startedAt }: Report): string {
  return [
    `${counted(targets.length, 'target')}, ${counted(endpoints.length, 'endpoint')}`,
    `allowed: ${options.allow}`,
    `EHLO ${options.helo}`,
    startedAt.replace(/\.\d+Z$/, 'Z'),
  ].join(' | ');
}

const namesShown = 12;

/** Every fail once, the worst first, with the endpoints that have it. */
function Worst({ endpoints }: { readonly endpoints: readonly Named[] }) {
  const fails = endpoints.flatMap(({ endpoint, name }) =>
    endpoint.findings
      .filter((finding) => finding.verdict === 'fail' && finding.waived === undefined)
      .map((finding) => ({ finding, endpoint, name })),
  );
  if (fails.length === 0) return null;
  const alike = grouped(fails, ({ finding }) => `${finding.severity}\n${finding.probe}`).sort(
    ([a], [b]) => severities.indexOf(b.finding.severity) - severities.indexOf(a.finding.severity),
  );
  return (
    <section>
      <h2>What was found</h2>
      <ul class="worst">
        {alike.map((same) => (
          <li>
            <span class={`severity ${weights[same[0].finding.severity].weight}`}>
              {weights[same[0].finding.severity].word}
            </span>{' '}
            <b>{same[0].finding.probe}</b>{' '}
            {same.slice(0, namesShown).map(({ endpoint, name }, index) => (
              <>
                {index > 0 && ', '}
                <a href={`#${name}`}>{endpointName(endpoint.id)}</a>
              </>
            ))}
            {same.length > namesShown && ` and ${same.length - namesShown} more`}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Endpoints({ endpoints }: { readonly endpoints: readonly Named[] }) {
  return (
    <section>
      <h2>Endpoints</h2>
      <div class="scroll">
        <table class="endpoints">
          <thead>
            <tr>
              {['Endpoint', 'Software', 'Worst', 'Failures', 'Warnings', 'Notes', 'Unknown', 'Passed', 'Cost'].map(
                (title) => (
                  <th scope="col">{title}</th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {endpoints.map(({ endpoint, name }) => (
              <EndpointRow endpoint={endpoint} name={name} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function EndpointRow({ endpoint, name }: Named) {
  const { findings, cost, mta } = endpoint;
  const weighed = countsByWeight(findings);
  const of = (verdict: string) => findings.filter((finding) => finding.verdict === verdict);
  const [worst] = worstFirst(of('fail').filter((finding) => finding.waived === undefined));
  return (
    <tr>
      <th scope="row">
        <a href={`#${name}`}>{endpointName(endpoint.id)}</a>
      </th>
      <td>{mta.name ?? 'not recognised'}</td>
      <td>
        {worst === undefined ? (
          '–'
        ) : (
          <span class={`severity ${weights[worst.severity].weight}`}>{weights[worst.severity].word}</span>
        )}
      </td>
      <td>{weighed.failure}</td>
      <td>{weighed.warning}</td>
      <td>{weighed.note}</td>
      <td>{of('inconclusive').filter((finding) => !isNotPermitted(finding)).length}</td>
      <td>{of('pass').length}</td>
      <td>
        {counted(cost.connections, 'connection')}, {cost.seconds.toFixed(1)} s
      </td>
    </tr>
  );
}
