import type { Finding } from '../../model/report.ts';
import type { Cite } from '../../model/transcript.ts';
import { counted } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { Excerpt } from './excerpt.tsx';
import type { Place } from './lines.ts';
import { cut, speaker, speakers } from './speech.ts';

const quotesShown = 4;

/** What the server said, each answer once, and the dialogue around it folded. */
export function Quotes({ finding, place }: { readonly finding: Finding; readonly place: Place }) {
  const distinct = grouped(finding.evidence, (cite) => cite.quote);
  const more = distinct.slice(quotesShown).flat().length;
  return (
    <>
      {distinct.slice(0, quotesShown).map((same) => (
        <Quote cite={same[0]} times={same.length} place={place} />
      ))}
      {more > 0 && <p class="faint">and {counted(more, 'more quote')} in the dialogue</p>}
      <Excerpt cites={finding.evidence} place={place} />
    </>
  );
}

/** One answer, with the way to where it stands in the dialogue. */
function Quote({ cite, times, place }: { readonly cite: Cite; readonly times: number; readonly place: Place }) {
  const from = speaker(place.endpoint.sessions.find(({ id }) => id === cite.session)?.events[cite.event]?.from);
  const anchor = place.lines.anchorOf(cite.session, cite.event);
  const where = `${cite.session} #${cite.event}`;
  return (
    <p class="quote">
      <abbr title={speakers[from].title}>{speakers[from].mark}</abbr> <samp>{cut(cite.quote)}</samp>{' '}
      <small>
        {times > 1 && `${times} times, first `}
        {anchor === null ? where : <a href={`#${anchor}`}>{where}</a>}
      </small>
    </p>
  );
}
