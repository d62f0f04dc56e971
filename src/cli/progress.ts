import { visible } from '../model/visible.ts';
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
}

export const nothingYet: Progress = { asked: 0, answered: 0, endpoints: 0, finished: 0, now: 'looking up names' };

/** One event further. */
export function advance(progress: Progress, event: ScanEvent): Progress {
  switch (event.type) {
    case 'endpoint-started':
      return {
        ...progress,
        asked: progress.asked + event.probes.length,
        endpoints: progress.endpoints + 1,
        now: event.endpoint,
      };
    case 'probe-started':
      return { ...progress, now: `${event.endpoint} ${event.probe}` };
    case 'finding':
      return { ...progress, answered: progress.answered + 1 };
    case 'waiting':
      return { ...progress, now: `waiting ${Math.ceil(event.seconds)} s for ${event.address}: ${event.because}` };
    case 'endpoint-finished':
      return { ...progress, finished: progress.finished + 1 };
    case 'started':
    case 'target':
    case 'finished':
      return progress;
  }
}

/** One line, never wider than the terminal: a line that wraps cannot be cleared. */
export function progressLine(
  { asked, answered, endpoints, finished, now }: Progress,
  seconds: number,
  width: number,
): string {
  const done = `${answered}/${asked} answers, ${finished}/${endpoints} endpoints, ${seconds.toFixed(0)} s`;
  return visible(`${done}  ${now}`).slice(0, Math.max(width - 1, 10));
}

const clear = '\r\x1b[K';
const everyMs = 100;

/** Shows a line that lives on stderr while a scan runs; where that is no terminal, nothing. */
export function showProgress(out: Out): { readonly onEvent: OnScanEvent; stop(): void } {
  if (!out.isTerminal) return { onEvent() {}, stop() {} };
  const began = performance.now();
  let progress = nothingYet;
  const draw = () => out.write(clear + progressLine(progress, (performance.now() - began) / 1000, out.width));
  const timer = setInterval(draw, everyMs);
  timer.unref();
  return {
    onEvent: (event) => {
      progress = advance(progress, event);
    },
    stop: () => {
      clearInterval(timer);
      out.write(clear);
    },
  };
}
