import type { ComponentChildren } from 'preact';
import type { EndpointReport, Finding } from '../../model/report.ts';
import { isNotPermitted } from '../../model/summary.ts';
import { endpointName } from '../endpoint-name.ts';
import { aboutWords, byNeed, worstFirst } from '../endpoint-words.ts';
import { costLine, figures } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { markWords } from '../mark-words.ts';
import { AuthLists } from './auth-lists.tsx';
import { Dialogues } from './dialogues.tsx';
import { Broken, Fail, Pass, Untold } from './finding.tsx';
import { MeasuredLimits } from './limits.tsx';
import type { Place } from './lines.ts';
import { shareLines } from './lines.ts';
import { RelayGrids } from './relay-grid.tsx';

interface Shown {
  readonly endpoint: EndpointReport;
  /** What anchors of this endpoint begin with. */
  readonly name: string;
  /** Lines of dialogue that there is room for. */
  readonly room: number;
}

/** One endpoint: what it is, what was found worst first, what was measured, what was said, what it cost. */
export function Endpoint({ endpoint, name, room }: Shown) {
  const place: Place = { endpoint, lines: shareLines(endpoint, name, room) };
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const fails = worstFirst(of('fail'));
  const untold = of('inconclusive').filter((finding) => !isNotPermitted(finding));
  const weighing = fails.filter(({ waived }) => waived === undefined);
  const waived = fails.filter((finding) => finding.waived !== undefined);
  return (
    <section class="endpoint" id={name}>
      <h2>{endpointName(endpoint.id)}</h2>
      <p class="about">{aboutWords(endpoint)}</p>
      {of('error').map((finding) => (
        <Broken finding={finding} />
      ))}
      {[...weighing, ...waived].map((finding) => (
        <Fail finding={finding} place={place} />
      ))}
      {sameTrouble(untold).map((findings) => (
        <Untold findings={findings} place={place} />
      ))}
      <AuthLists endpoint={endpoint} />
      <RelayGrids endpoint={endpoint} />
      <MeasuredLimits endpoint={endpoint} name={name} />
      <Folded title={`${of('pass').length} passed`} findings={of('pass')}>
        {of('pass').map((finding) => (
          <Pass finding={finding} place={place} />
        ))}
      </Folded>
      <Folded title={`${of('not-applicable').length} not applicable`} findings={of('not-applicable')}>
        <Reasons findings={of('not-applicable')} />
      </Folded>
      {byNeed(endpoint.findings.filter(isNotPermitted)).map(({ need, findings }) => (
        <Folded title={`${findings.length} not asked: ${need}`} findings={findings}>
          <Reasons findings={findings} />
        </Folded>
      ))}
      <Dialogues place={place} />
      <p class="cost">What it cost the server: {costLine(endpoint.cost)}.</p>
    </section>
  );
}

interface Fold {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly children: ComponentChildren;
}

function Folded({ title, findings, children }: Fold) {
  if (findings.length === 0) return null;
  return (
    <details class="fold">
      <summary>
        {title} <small>{findings.map(({ probe }) => probe).join(', ')}</small>
      </summary>
      {children}
    </details>
  );
}

const Reasons = ({ findings }: { readonly findings: readonly Finding[] }) => (
  <dl>
    {findings.map(({ probe, question, because }) => (
      <>
        <dt>{probe}</dt>
        <dd>
          {question !== '' && <q>{question}</q>} {because}
        </dd>
      </>
    ))}
  </dl>
);

/** Questions that one and the same trouble left open, with the same figures: it is told once. */
const sameTrouble = (untold: readonly Finding[]) =>
  grouped(untold, (finding) =>
    [finding.doubt, finding.because, ...markWords(finding), ...figures(finding.measured ?? {}, 20)].join('\n'),
  );
