import type { Reported } from '../../model/reported.ts';
import type { SessionTranscript } from '../../model/transcript.ts';

/** Which lines of an endpoint's dialogues the page holds. */
export interface Lines {
  /** How many lines of a session are shown, from its first on. */
  shown(session: SessionTranscript): number;
  /** The name of a line to link to; null where the page does not hold it. */
  anchorOf(session: string, event: number): string | null;
  /** Lines that are left out. */
  readonly leftOut: number;
}

/** Where a quote stands: the endpoint, and which lines of its dialogues the page shows and how they are called. */
export interface Place {
  readonly endpoint: Reported;
  /** What anchors of the endpoint begin with. */
  readonly name: string;
  readonly lines: Lines;
}

/**
 * Shares out `room` lines: first to the sessions that findings quote, as far as the last quote; then whole sessions in
 * their order. Two hundred endpoints, or one that talks without end, must leave a page that a browser can show.
 */
export function shareLines(endpoint: Reported, name: string, room: number): Lines {
  const { sessions } = endpoint;
  const quoted = lastQuotes(endpoint);
  const shown = new Map<string, number>();
  let left = room;
  const give = (session: SessionTranscript, wanted: number) => {
    const had = shown.get(session.id) ?? 0;
    const now = Math.min(session.events.length, Math.max(had, wanted), had + left);
    shown.set(session.id, now);
    left -= now - had;
  };
  for (const session of sessions) give(session, (quoted.get(session.id) ?? -1) + 1);
  for (const session of sessions) give(session, session.events.length);
  const numbers = new Map(sessions.map(({ id }, index) => [id, index + 1]));
  return {
    shown: ({ id }) => shown.get(id) ?? 0,
    anchorOf: (session, event) =>
      event >= 0 && event < (shown.get(session) ?? 0) ? `${name}-s${numbers.get(session)}-${event}` : null,
    leftOut: sessions.reduce((sum, { id, events }) => sum + events.length - (shown.get(id) ?? 0), 0),
  };
}

/** The last event of each session that a finding quotes. */
function lastQuotes({ findings }: Reported): Map<unknown, number> {
  const last = new Map<unknown, number>();
  for (const { session, event } of findings.flatMap(({ evidence }) => evidence))
    last.set(session, Math.max(last.get(session) ?? 0, Number(event) || 0));
  return last;
}
