import type { SessionTranscript } from '../../model/transcript.ts';
import { counted } from '../figures.ts';
import { DialogueLine } from './dialogue-line.tsx';
import type { Place } from './lines.ts';

/** Every dialogue with an endpoint, each folded; on paper only those that are open. */
export function Dialogues({ place }: { readonly place: Place }) {
  const { sessions } = place.endpoint;
  const { leftOut } = place.lines;
  if (sessions.length === 0) return null;
  const shown = sessions.filter((session) => place.lines.shown(session) > 0);
  return (
    <details class="whole">
      <summary>{counted(sessions.length, 'whole dialogue')}</summary>
      <p class="faint">
        #: number of the line; seconds since the scan began; *: inside TLS; C: we; S: the server; --: remark.
      </p>
      {shown.map((session) => (
        <Dialogue session={session} place={place} />
      ))}
      {leftOut > 0 && (
        <p class="faint">
          {counted(leftOut, 'line')} left out here, so that the page stays one that a browser can show: the JSON report
          has every line.
        </p>
      )}
    </details>
  );
}

function Dialogue({ session, place }: { readonly session: SessionTranscript; readonly place: Place }) {
  const shown = place.lines.shown(session);
  const { id, events } = session;
  const probes = [...new Set(events.map(({ probe }) => probe))];
  return (
    <details class="whole">
      <summary>
        {id}{' '}
        <small>
          {counted(events.length, 'line')}, {probes.slice(0, 4).join(', ')}
          {probes.length > 4 && ', …'}
        </small>
      </summary>
      <ol class="lines" aria-label={`Dialogue ${id}`}>
        {events
          .slice(0, shown)
          .flatMap((event, number) => [
            ...(event.probe === events[number - 1]?.probe ? [] : [<li class="asking">{event.probe}</li>]),
            <DialogueLine event={event} number={number} id={place.lines.anchorOf(id, number)} />,
          ])}
        {shown < events.length && <li class="skipped">{counted(events.length - shown, 'more line')}</li>}
      </ol>
    </details>
  );
}
