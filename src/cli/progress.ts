import { defaultRestraint, type Restraint } from '../model/restraint.ts';
import { visible } from '../model/visible.ts';
import { endpointName } from '../report/endpoint-name.ts';
import type { OnScanEvent, ScanEvent } from '../scan/events.ts';
import type { Out } from './io.ts';

/** What a scan has come to, as far as its events tell. */
export interface Progress {
  readonly asked: number;
  readonly answered: number;
  readonly endpoints: number;
  readonly finished: number;
  /** What is going on, last heard of. */
  readonly now: string;
  /** A window of a limiter is left to pass. */
  readonly waits: boolean;
  /** How long the load probes of each endpoint take: `seconds`, counted from `since` where they have begun. */
  readonly left: Readonly<Record<string, { readonly seconds: number; readonly since: number | null }>>;
}

export const nothingYet: Progress = {
  asked: 0,
  answered: 0,
  endpoints: 0,
  finished: 0,
  now: 'looking up names',
  waits: false,
  left: {},
};

/** One event further; `at`: seconds since the begin. */
export function advance(progress: Progress, event: ScanEvent, at: number): Progress {
  switch (event.type) {
    case 'endpoint-started':
      return {
        ...progress,
        asked: progress.asked + event.probes.length,
        endpoints: progress.endpoints + 1,
        now: endpointName(event.endpoint),
        waits: false,
        left: withLeft(progress, event, null),
      };
    case 'probe-started':
      return {
        ...progress,
        waits: false,
        now: `${endpointName(event.endpoint)} ${event.probe}`,
        left: withLeft(progress, event, at),
      };
    case 'finding':
      return { ...progress, answered: progress.answered + 1 };
    case 'waiting':
      return {
        ...progress,
        waits: true,
        now: `waiting ${Math.ceil(event.seconds)} s for ${event.address}: ${event.because}`,
      };
    case 'endpoint-finished':
      return {
        ...progress,
        finished: progress.finished + 1,
        left: { ...progress.left, [event.endpoint.id]: { seconds: 0, since: null } },
      };
    case 'started':
    case 'target':
    case 'target-finished':
    case 'finished':
      return progress;
  }
}

function withLeft(
  { left }: Progress,
  { endpoint, secondsLeft }: { readonly endpoint: string; readonly secondsLeft?: number },
  since: number | null,
): Progress['left'] {
  return secondsLeft === undefined ? left : { ...left, [endpoint]: { seconds: secondsLeft, since } };
}

/**
 * Seconds until the load probes are done, about: ports of one address come one after the other, addresses side by side.
 */
function timeLeft({ left }: Progress, at: number): number {
  const byAddress = new Map<string, number>();
  for (const [endpoint, { seconds, since }] of Object.entries(left)) {
    const address = endpoint.slice(0, endpoint.lastIndexOf(':'));
    const still = since === null ? seconds : Math.max(0, seconds - (at - since));
    byAddress.set(address, (byAddress.get(address) ?? 0) + still);
  }
  return Math.max(0, ...byAddress.values());
}

const leftWords = (seconds: number): string => {
  if (seconds <= 0) return '';
  return seconds < 90
    ? `, about ${Math.ceil(seconds / 10) * 10} s left`
    : `, about ${Math.ceil(seconds / 60)} min left`;
};

/** How long things may take at most, in seconds. */
export type Bounds = Pick<Restraint, 'replySeconds' | 'addressSeconds'>;

/**
 * Seconds left of a scan that goes slowly, going by what has been answered so far: no more than an address may take.
 * 0 where it is early to say.
 */
function slowLeft({ asked, answered }: Progress, seconds: number, { addressSeconds }: Bounds): number {
  if (seconds < earliest || answered === 0 || answered >= asked) return 0;
  return Math.min((seconds / answered) * (asked - answered), Math.max(0, addressSeconds - seconds));
}

/** Most scans are over by then. */
const earliest = 10;

/** What nobody has answered yet, and how long that may go on. */
function nobodyYet({ endpoints, answered, now, waits }: Progress, { replySeconds }: Bounds): string {
  return endpoints > 0 && answered === 0 && !waits
    ? `nobody has answered yet; each connection may take ${replySeconds} s: ${now}`
    : now;
}

/** One line, never wider than the terminal, as a line that wraps cannot be cleared; it shows where it goes on. */
export function progressLine(
  progress: Progress,
  seconds: number,
  width: number,
  bounds: Bounds = defaultRestraint,
): string {
  const { asked, answered, endpoints, finished } = progress;
  const left = leftWords(timeLeft(progress, seconds) || slowLeft(progress, seconds, bounds));
  const now = nobodyYet(progress, bounds);
  const done = `${answered}/${asked} answers, ${finished}/${endpoints} endpoints, ${seconds.toFixed(0)} s${left}`;
  const line = visible(`${done}  ${now}`);
  const room = Math.max(width - 1, 10);
  return line.length > room ? `${line.slice(0, room - 1)}…` : line;
}

const clear = '\r\x1b[K';
const everyMs = 100;

/** Shows a line that lives on a terminal while a scan runs. */
export function showProgress(
  out: Out,
  isShown: boolean,
  bounds: Bounds = defaultRestraint,
): { readonly onEvent: OnScanEvent; stop(): void } {
  if (!isShown) return { onEvent() {}, stop() {} };
  const began = performance.now();
  let progress = nothingYet;
  const seconds = () => (performance.now() - began) / 1000;
  const draw = () => out.write(clear + progressLine(progress, seconds(), out.width, bounds));
  const timer = setInterval(draw, everyMs);
  timer.unref();
  return {
    onEvent: (event) => {
      progress = advance(progress, event, seconds());
    },
    stop: () => {
      clearInterval(timer);
      out.write(clear);
    },
  };
}
