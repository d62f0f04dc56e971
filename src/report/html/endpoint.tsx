import type { ComponentChildren } from 'preact';
import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import { isNotPermitted } from '../../model/summary.ts';
import { endpointName } from '../endpoint-name.ts';
import { aboutWords, byNeed, costWords, worstFirst } from '../endpoint-words.ts';
import { weights } from '../weights.ts';
import { AuthLists } from './auth-lists.tsx';
import { Dialogues } from './dialogues.tsx';
import { Broken, Fail, Pass, Untold } from './finding.tsx';
import { MeasuredLimits } from './limits.tsx';
import type { Place } from './lines.ts';
import { shareLines } from './lines.ts';
import { weighing } from './names.ts';
import { RelayGrids } from './relay-grid.tsx';
import { troublesOf } from './untold.ts';

interface Shown {
  readonly endpoint: Reported;
  /** What anchors of this endpoint begin with. */
  readonly name: string;
  /** Lines of dialogue that there is room for. */
  readonly room: number;
}

/** One endpoint: what it is, what was found worst first, what was measured, what was said, what it cost. */
export function Endpoint({ endpoint, name, room }: Shown) {
  const place: Place = { endpoint, name, lines: shareLines(endpoint, name, room) };
  const of = (verdict: Finding['verdict']) => endpoint.findings.filter((finding) => finding.verdict === verdict);
  const weighs = weighing(endpoint);
  const failures = weighs.filter(({ severity }) => weights[severity].weight === 'failure');
  const waived = worstFirst(of('fail').filter((finding) => finding.waived !== undefined));
  const lighter = [...weighs.slice(failures.length), ...waived];
  return (
    <section class="endpoint" id={name}>
      <h2>{endpointName(endpoint.id)}</h2>
      <p class="about">{aboutWords(endpoint)}</p>
      {of('error').map((finding) => (
        <Broken finding={finding} />
      ))}
      {failures.map((finding) => (
        <Fail finding={finding} place={place} />
      ))}
      {lighter.length > 0 && (
        <div class="lighter">
          {lighter.map((finding) => (
            <Fail finding={finding} place={place} />
          ))}
        </div>
      )}
      {troublesOf(endpoint).map((findings) => (
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
        <Folded kind="unasked" title={`${findings.length} not asked: ${need}`} findings={findings}>
          <Reasons findings={findings} />
        </Folded>
      ))}
      <Dialogues place={place} />
      <p class="cost">What it cost the server: {costWords(endpoint)}.</p>
    </section>
  );
}

interface Fold {
  /** `unasked`: on paper its number says enough. */
  readonly kind?: 'unasked';
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly children: ComponentChildren;
}

function Folded({ kind, title, findings, children }: Fold) {
  if (findings.length === 0) return null;
  return (
    <details class={kind === undefined ? 'fold' : `fold ${kind}`}>
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
