import type { Report } from '../../model/report.ts';
import { costLine } from '../figures.ts';
import { totalCost } from '../report-words.ts';

/** What was scanned and how: what decides what the report can mean. */
export const Footer = ({ report }: { readonly report: Report }) => (
  <footer>
    <details class="fold">
      <summary>
        Targets and options <small>what this report can mean</small>
      </summary>
      <dl>
        {report.targets.map(({ input, endpoints }) => (
          <>
            <dt>target</dt>
            <dd>
              {input}: {endpoints.length === 0 ? 'no server' : endpoints.slice(0, 20).join(', ')}
              {endpoints.length > 20 && ` and ${endpoints.length - 20} more`}
            </dd>
          </>
        ))}
        {Object.entries(report.options).map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{optionWords(value)}</dd>
          </>
        ))}
        <dt>began, ended</dt>
        <dd>
          {report.startedAt}, {report.finishedAt}
        </dd>
        <dt>cost in all</dt>
        <dd>{costLine(totalCost(report))}</dd>
      </dl>
    </details>
    <p class="faint">
      {report.tool.name} {report.tool.version}, schema {report.schema}. Everything quoted is what the server said;
      invisible characters are written as <code>\x1b</code>.
    </p>
  </footer>
);

function optionWords(value: Report['options'][string]): string {
  if (value === null) return 'not given';
  return typeof value === 'object' ? value.join(', ') || 'none' : String(value);
}
