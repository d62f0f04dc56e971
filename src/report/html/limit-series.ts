import type { Finding } from '../../model/report.ts';
import type { Reported } from '../../model/reported.ts';
import type { Timeline } from '../../model/timeline.ts';
import type { SessionTranscript } from '../../model/transcript.ts';
import { counting, observed } from '../../observations.ts';
import { numberOf, textOf } from './reading.ts';

/** One limiter's measurement, to be drawn. */
export interface Series {
  readonly marks: readonly Mark[];
  /** Pauses in which nothing was asked; the first may stand before the first event. */
  readonly waits: readonly Wait[];
  /** Seconds from the first event, or from the wait before it, to the last. */
  readonly seconds: number;
  readonly limit: number | null;
  /** Where the server began to slow down. */
  readonly slowAfter: number | null;
  readonly windowSeconds: number | null;
  readonly refusal: string | null;
}

/** A pause, in seconds since the picture begins. */
interface Wait {
  readonly from: number;
  readonly to: number;
}

export interface Mark {
  /** Seconds since the picture begins. */
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
  endpoint: Pick<Reported, 'observations' | 'sessions'>,
): Series | null {
  const counted = counting.find((id) => id === probe);
  const timeline = counted === undefined ? [] : (observed(endpoint, counted)?.timeline ?? []);
  const events = timeline.flatMap((one) => eventOf(one, endpoint.sessions));
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined || events.length < 2 || events.length > mostMarks) return null;
  const waits = [...waitsBefore(first.askedAt, probe, endpoint.sessions), ...waitsBetween(events)];
  const began = Math.min(first.at, waits[0]?.from ?? first.at);
  const marks = events.map(({ at, level, isRefused }) => ({ at: at - began, level, isRefused }));
  return {
    marks,
    waits: waits.map(({ from, to }) => ({ from: from - began, to: to - began })),
    seconds: last.at - began,
    limit: numberOf(measured.limit) ?? numberOf(measured.closedAfter) ?? numberOf(measured.stoppedAfter),
    slowAfter: numberOf(measured.soft) ?? numberOf(measured.slowedAfter),
    windowSeconds: numberOf(measured.windowSeconds),
    refusal: marks.some(({ isRefused }) => isRefused) ? textOf(measured.reply) : null,
  };
}

/** An event in seconds since the scan began: when it was asked, and when it was answered. */
interface Event extends Mark {
  readonly askedAt: number;
}

/** One event, at the times at which the transcript has it and its answer; none where they are not there. */
function eventOf(
  { session, event, level, isRefused }: Timeline[number],
  sessions: readonly SessionTranscript[],
): Event[] {
  const said = sessions.find(({ id }) => id === session)?.events ?? [];
  const answer = said[event];
  if (answer === undefined) return [];
  // What is slow to answer makes us wait too: that is no pause of ours, so the question counts.
  const asked = said.slice(0, event).findLast(({ from }) => from !== 'them') ?? answer;
  return [{ at: answer.at, askedAt: asked.at, level, isRefused }];
}

/** Shorter pauses are no sign of waiting. */
const leastWait = 1;
const isWait = ({ from, to }: Wait): boolean => to - from >= leastWait;

const waitsBetween = (events: readonly Event[]): Wait[] =>
  events
    .slice(1)
    .map(({ askedAt }, index) => ({ from: events[index]?.at ?? askedAt, to: askedAt }))
    .filter(isWait);

/** Probes that run beside the others, each in one connection, and say next to nothing: no limiter counts that. */
export const besides: readonly string[] = ['idle-timeout', 'command-deadline'];

/** Pauses since any other probe spoke last: what the server has counted till then has to be forgotten. */
function waitsBefore(asked: number, probe: string, sessions: readonly SessionTranscript[]): Wait[] {
  const said = sessions
    .flatMap(({ events }) => events)
    .filter((event) => event.at <= asked && !besides.includes(event.probe));
  const others = said.filter((event) => event.probe !== probe).map(({ at }) => at);
  const since = others.reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  return said
    .filter(({ at }) => at >= since)
    .toSorted((a, b) => a.at - b.at)
    .flatMap(({ at, from }, index, all) => (from === 'them' ? [] : [{ from: all[index - 1]?.at ?? at, to: at }]))
    .filter(isWait);
}
