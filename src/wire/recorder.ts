import type { Cost } from '../model/report.ts';
import type { Cite, RemarkKind, SessionTranscript, TranscriptEvent } from '../model/transcript.ts';
import { visible } from '../model/visible.ts';
import { monotonic, type Now } from './deadline.ts';

/** The append-only transcript of all sessions with one endpoint, and what they cost. */
export class Recorder {
  readonly #logs: SessionLog[] = [];
  readonly #now: Now;
  readonly #start: number;
  connections = 0;
  commands = 0;
  bytesSent = 0;
  bytesReceived = 0;
  /** Seconds of waiting on purpose. */
  waitedSeconds = 0;

  constructor(now: Now = monotonic) {
    this.#now = now;
    this.#start = now();
  }

  /** Seconds since the scan of this endpoint began. */
  elapsed(): number {
    return round(this.#now() - this.#start);
  }

  open(probe: string): SessionLog {
    const log = new SessionLog(`s${this.#logs.length + 1}`, probe, () => this.elapsed());
    this.#logs.push(log);
    return log;
  }

  sessions(): SessionTranscript[] {
    return this.#logs.map((log) => ({ id: log.id, events: [...log.events] }));
  }

  cost(): Cost {
    const { connections, commands, bytesSent, bytesReceived } = this;
    const waited = this.waitedSeconds === 0 ? {} : { waitedSeconds: round(this.waitedSeconds) };
    return { connections, commands, bytesSent, bytesReceived, seconds: this.elapsed(), ...waited };
  }
}

/** The transcript of one connection. */
export class SessionLog {
  readonly id: string;
  readonly events: TranscriptEvent[] = [];
  readonly #elapsed: () => number;
  /** The probe that holds the session now. */
  probe: string;
  /** Whether lines cross inside TLS now. */
  tls = false;

  constructor(id: string, probe: string, elapsed: () => number) {
    this.id = id;
    this.probe = probe;
    this.#elapsed = elapsed;
  }

  elapsed(): number {
    return this.#elapsed();
  }

  /** A line that crossed the wire. */
  add(from: 'us' | 'them', text: string): Cite {
    return this.#append({ from, text });
  }

  /** A remark of the scanner's: what it tells is its kind, the text is for people. */
  remark(kind: RemarkKind, text: string): Cite {
    return this.#append({ from: 'scanner', text, kind });
  }

  #append(line: Pick<TranscriptEvent, 'from' | 'text' | 'kind'>): Cite {
    const quote = visible(line.text);
    this.events.push({ at: this.#elapsed(), tls: this.tls, probe: this.probe, ...line, text: quote });
    return { session: this.id, event: this.events.length - 1, quote };
  }
}

/** A command as it may be recorded: what follows the mechanism of AUTH is a secret. */
export function redact(command: string): string {
  return command.replace(/^(AUTH\s+\S+)\s+(?!\*$)\S.*$/i, '$1 <redacted>');
}

const round = (seconds: number): number => Math.round(seconds * 10_000) / 10_000;
