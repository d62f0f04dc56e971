import type { EndpointReport, Finding } from '../../model/report.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { SessionTranscript } from '../../model/transcript.ts';
import { counting, observed } from '../../observations.ts';
import { numberOf, textOf } from './reading.ts';

/** One limiter's measurement, to be drawn. */
export interface Series {
  readonly marks: readonly Mark[];
  /** Seconds from the first event to the last. */
  readonly seconds: number;
  readonly limit: number | null;
  /** Where the server began to slow down. */
  readonly slowAfter: number | null;
  readonly windowSeconds: number | null;
  readonly refusal: string | null;
}

export interface Mark {
  /** Seconds since the first event. */
  readonly at: number;
  /** The how manieth it was, or would have been. */
  readonly level: number;
  readonly isRefused: boolean;
}

/** More than any probe sends: a picture of them would say nothing. */
const mostMarks = 5000;

/** The events of a probe that measured a limit, as it kept them; null where there is nothing to draw. */
export function seriesOf(
  { probe, measured = {} }: Finding,
  endpoint: Pick<EndpointReport, 'observations' | 'sessions'>,
): Series | null {
  const counted = counting.find((id) => id === probe);
  const timeline = counted === undefined ? [] : (observed(endpoint, counted)?.timeline ?? []);
  const marks = timeline.flatMap((one) => markOf(one, endpoint.sessions));
  const [first, last] = [marks[0], marks.at(-1)];
  if (first === undefined || last === undefined || marks.length < 2 || marks.length > mostMarks) return null;
  return {
    marks: marks.map((mark) => ({ ...mark, at: mark.at - first.at })),
    seconds: last.at - first.at,
    limit: numberOf(measured.limit) ?? numberOf(measured.closedAfter) ?? numberOf(measured.stoppedAfter),
    slowAfter: numberOf(measured.soft) ?? numberOf(measured.slowedAfter),
    windowSeconds: numberOf(measured.windowSeconds),
    refusal: marks.some(({ isRefused }) => isRefused) ? textOf(measured.reply) : null,
  };
}

/** One event, at the time at which the transcript has its answer; none where it is not there. */
function markOf(
  { session, event, level, isRefused }: Timeline[number],
  sessions: readonly SessionTranscript[],
): Mark[] {
  const answer = sessions.find(({ id }) => id === session)?.events[event];
  return answer === undefined ? [] : [{ at: answer.at, level, isRefused }];
}
