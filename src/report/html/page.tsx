import type { Report } from '../../model/report.ts';
import { reportedIn } from '../../model/reported.ts';
import { Endpoint } from './endpoint.tsx';
import { Footer } from './footer.tsx';
import { Head } from './head.tsx';
import { named } from './names.ts';
import { Overview } from './overview.tsx';
import { render } from './render.ts';
import { script } from './script.ts';

/** Lines of dialogue in a whole page, shared by its endpoints. */
const linesInAll = 20_000;
const leastLines = 60;

/** The page from top to bottom. */
export function* pieces(report: Report): Generator<string> {
  const endpoints = named(reportedIn(report));
  const room = Math.max(leastLines, Math.floor(linesInAll / Math.max(1, endpoints.length)));
  yield '<!doctype html>\n<html lang="en">';
  yield render(<Head report={report} />);
  yield '<body>';
  yield render(<Overview report={report} endpoints={endpoints} />);
  yield '<main>';
  for (const { endpoint, name } of endpoints) yield render(<Endpoint endpoint={endpoint} name={name} room={room} />);
  yield '</main>';
  yield render(<Footer report={report} />);
  yield render(<script>{script}</script>);
  yield '</body></html>\n';
}
