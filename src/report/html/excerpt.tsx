import type { Cite, SessionTranscript } from '../../model/transcript.ts';
import { counted } from '../figures.ts';
import { grouped } from '../grouped.ts';
import { DialogueLine } from './dialogue-line.tsx';
import type { Place } from './lines.ts';

/** Lines before and after a quote that say what it answers. */
const before = 4;
const after = 1;
/** A finding that quotes more than this shows the first of them. */
const mostCites = 40;

/** The dialogue around the quotes; quoted lines are marked. */
export function Excerpt({ cites, place }: { readonly cites: readonly Cite[]; readonly place: Place }) {
  const parts = grouped(cites.slice(0, mostCites), ({ session }) => session).flatMap((same) => {
    const session = place.endpoint.sessions.find(({ id }) => id === same[0].session);
    return session === undefined ? [] : [{ session, quoted: new Set(same.map(({ event }) => event)) }];
  });
  if (parts.length === 0) return null;
  return (
    <>
      {parts.map(({ session, quoted }) => (
        <Part session={session} quoted={quoted} />
      ))}
    </>
  );
}

function Part({ session, quoted }: { readonly session: SessionTranscript; readonly quoted: ReadonlySet<number> }) {
  const shown = session.events.flatMap((event, number) => (around(number, quoted) ? [{ event, number }] : []));
  return (
    <ol class="lines" aria-label={`Dialogue ${session.id}`}>
      {shown.flatMap(({ event, number }, index) => {
        const skipped = number - (shown[index - 1]?.number ?? -1) - 1;
        return [
          ...(skipped > 0 ? [<li class="skipped">{counted(skipped, 'line')}</li>] : []),
          <DialogueLine event={event} number={number} session={session.id} quoted={quoted.has(number)} />,
        ];
      })}
    </ol>
  );
}

function around(number: number, quoted: ReadonlySet<number>): boolean {
  for (let near = number - after; near <= number + before; near++) if (quoted.has(near)) return true;
  return false;
}
