import { isAtLeast } from '../../model/summary.ts';
import { visible } from '../../model/visible.ts';
import type { Document } from '../../report/documents.ts';
import { counted } from '../../report/figures.ts';
import { blank, gap, layOut, type Para, type Style } from '../../report/layout.ts';
import type { PluginState } from '../../report/nagios.ts';
import { countsByWeight, weightCounts, weights } from '../../report/weights.ts';
import type { Incident } from '../alerts/incident.ts';
import type { Span } from '../span.ts';
import { type MonitorStatus, type Standing, standingOf } from '../status.ts';
import { answerWords, durationWords, isoTime, placeWords, shortId, timeWords } from './common.ts';
import { aboutWords, courseWords, incidentJson } from './incidents.ts';
import { runJson } from './runs.ts';

/** How monitors stand, at a time in milliseconds UTC. */
export interface Statuses {
  readonly at: number;
  readonly monitors: readonly MonitorStatus[];
  /** Those that are open, of these monitors and of none. */
  readonly incidents: readonly Incident[];
}

export const statusDocument: Document<Statuses> = {
  terminal: async ({ at, monitors, incidents }, page) => {
    const linesOf = (name: string) =>
      incidents.filter(({ monitor }) => monitor === name).map((one) => incidentPara(one, at));
    const parts = [linesOf(''), ...monitors.map((one) => [...paras(one, at), ...linesOf(one.monitor)])];
    return [
      layOut(
        parts.filter((part) => part.length > 0).flatMap((part, nth) => [...(nth === 0 ? [] : [blank]), ...part]),
        page,
      ),
    ];
  },
  json: async (statuses) => [`${JSON.stringify(jsonOf(statuses), null, 2)}\n`],
  nagios: async ({ at, monitors }) => [nagiosLine(monitors, at)],
};

const styles: Readonly<Record<Standing, Style>> = {
  FAIL: 'bad',
  unsure: 'doubtful',
  ok: 'good',
  paused: 'faint',
  stale: 'doubtful',
};

function paras(status: MonitorStatus, now: number): Para[] {
  const standing = standingOf(status);
  return [
    {
      lead: [[styles[standing], standing.padEnd(7)], ['strong', status.monitor], gap],
      text: gist(status, now),
      hang: 7,
    },
    ...status.fails.map((span): Para => spanPara(span, weights[span.severity].style)),
    ...alike(status.untold).map(untoldPara),
  ];
}

function gist({ newest, nextAt, fails, untold, isStale }: MonitorStatus, now: number): string {
  const next = nextAt === null ? [] : [nextAt <= now ? 'due now' : `next in ${durationWords(nextAt - now)}`];
  if (newest === null) return ['never scanned', ...next].join('; ');
  const age = durationWords(Math.max(0, now - (newest.finishedAt ?? newest.dueAt)));
  const scanned = `run ${shortId(newest.id)} ${age} ago${isStale ? ', and none since that was due' : ''}`;
  return [standingWords(fails, untold.length), scanned, ...next].join('; ');
}

/** `2 failures, 1 warning, 3 untold`. */
export const standingWords = (fails: readonly Span[], untold: number): string =>
  [...weightCounts(countsByWeight(fails)), ...(untold === 0 ? [] : [`${untold} untold`])].join(', ');

const spanPara = (span: Span, style: Style): Para => ({
  indent: 7,
  lead: [[span.waived === undefined ? style : 'faint', span.probe], gap],
  text: `${answerWords(span)} at ${placeWords(span)} since ${timeWords(span.firstAt)}: ${span.because}`,
  hang: 4,
});

const incidentPara = (incident: Incident, now: number): Para => ({
  indent: 7,
  lead: [[weights[incident.severity].style, `incident ${shortId(incident.id)}`], gap],
  text: `${aboutWords(incident)}; ${courseWords(incident, now)}`,
  hang: 4,
});

/** What is untold for one reason at one place, together: a server that is down answers no question. */
function alike(spans: readonly Span[]): (readonly [Span, ...Span[]])[] {
  const groups = new Map<string, [Span, ...Span[]]>();
  for (const span of spans) {
    const key = `${placeWords(span)} ${answerWords(span)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [span]);
    else group.push(span);
  }
  return [...groups.values()];
}

function untoldPara([first, ...others]: readonly [Span, ...Span[]]): Para {
  if (others.length === 0) return spanPara(first, 'doubtful');
  const since = Math.min(...[first, ...others].map(({ firstAt }) => firstAt));
  return {
    indent: 7,
    lead: [['doubtful', `${others.length + 1} questions`], gap],
    text: `${answerWords(first)} at ${placeWords(first)} since ${timeWords(since)}: ${[first, ...others].map(({ probe }) => probe).join(', ')}`,
    hang: 4,
  };
}

function jsonOf({ at, monitors, incidents }: Statuses): unknown {
  return {
    schema: 1,
    kind: 'monitor-status',
    at: isoTime(at),
    monitors: monitors.map(statusJson),
    incidents: incidents.map(incidentJson),
  };
}

/** How a monitor stands, for machines. */
export function statusJson(status: MonitorStatus): object {
  const { monitor, newest, nextAt, fails, untold, incidents, ...rest } = status;
  return {
    monitor,
    ...rest,
    standing: standingOf(status),
    nextAt: isoTime(nextAt),
    newest: newest === null ? null : runJson(newest),
    fails: fails.map(spanJson),
    untold: untold.map(spanJson),
    incidents: incidents.map(({ id }) => id),
  };
}

/** A span for machines. */
export function spanJson({ firstAt, lastAt, lastSchedule: _schedule, ...span }: Span): object {
  return { ...span, firstAt: isoTime(firstAt), lastAt: isoTime(lastAt) };
}

const names = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const;
/** Of several, what is known to be bad comes before what is not known. */
const order: readonly PluginState[] = [0, 3, 1, 2];

/** The exit code of a monitoring plugin for all of them together; UNKNOWN where there is none. */
export function pluginState(monitors: readonly MonitorStatus[]): PluginState {
  if (monitors.length === 0) return 3;
  return order[Math.max(...monitors.map((one) => order.indexOf(stateOf(one))))] ?? 3;
}

/** A monitor that rests on purpose is none to worry about. */
function stateOf(status: MonitorStatus): PluginState {
  const standing = standingOf(status);
  if (standing === 'ok' || standing === 'paused') return 0;
  if (standing !== 'FAIL') return 3;
  return status.worst !== null && isAtLeast(status.worst, 'high') ? 2 : 1;
}

function nagiosLine(monitors: readonly MonitorStatus[], now: number): string {
  const fails = monitors.flatMap((one) => one.fails.filter(({ waived }) => waived === undefined));
  const untold = monitors.reduce((sum, one) => sum + one.untold.length, 0);
  const worried = monitors.filter((one) => standingOf(one) !== 'ok' && standingOf(one) !== 'paused');
  const incidents = (count: number) => (count === 0 ? '' : `${counted(count, 'incident')} open, `);
  const shown = worried
    .slice(0, 3)
    .map((one) => `${one.monitor}: ${standingOf(one)}, ${incidents(one.incidents.length)}${gist(one, now)}.`);
  const text = [`${monitors.length} monitors, ${standingWords(fails, untold)}.`, ...shown].join(' ');
  return `MXPROBE ${names[pluginState(monitors)]} - ${plain(text)}|monitors=${monitors.length} failing=${countsByWeight(fails).failure} untold=${untold}\n`;
}

/** A bar would end the text; what names come from is our own file. */
const plain = (text: string): string => visible(text).replace(/[|<>`$]/g, '?');
