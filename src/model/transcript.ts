/** One line that crossed the wire, or one remark of the scanner's own. Append-only; printable text only. */
export interface TranscriptEvent {
  /** Seconds since the scan of the endpoint began. */
  readonly at: number;
  readonly from: 'us' | 'them' | 'scanner';
  /** Whether the line crossed inside TLS. */
  readonly tls: boolean;
  /** The probe that held the session. */
  readonly probe: string;
  /** The line without its line end, as `visible()` shows it; secrets replaced. */
  readonly text: string;
}

/** One connection, from the first byte to the last. */
export interface SessionTranscript {
  readonly id: string;
  readonly events: readonly TranscriptEvent[];
}

/** Where a quote stands: event `event` of session `session` says `quote`. */
export interface Cite {
  readonly session: string;
  readonly event: number;
  readonly quote: string;
}
