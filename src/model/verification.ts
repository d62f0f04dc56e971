import type { Report } from './report.ts';
import type { Cite } from './transcript.ts';

/**
 * What the wire says of one directive of a configuration.
 * - `confirmed`, `contradicted`: seen, and quoted.
 * - `not-visible`: nothing of it can be seen from outside, as this server is set up.
 * - `not-told`: it could be seen and was not; `because` says what would tell.
 */
export type RowVerdict = 'confirmed' | 'contradicted' | 'not-visible' | 'not-told';

/** Worst first. */
export const rowVerdicts = ['contradicted', 'not-told', 'confirmed', 'not-visible'] as const satisfies RowVerdict[];

/** What the files say. */
export interface Configured {
  /** Expanded; null where it is not known. */
  readonly value: string | null;
  /** `main.cf:12`, `master.cf:17`, `default of 3.7`, or why it is not known. */
  readonly where: string;
}

/** One directive of one service. */
export interface VerifyRow {
  readonly directive: string;
  readonly configured: Configured;
  /** In words and figures; null where nothing was seen of it. */
  readonly seen: string | null;
  readonly verdict: RowVerdict;
  readonly because: string;
  /** Never empty where confirmed or contradicted. */
  readonly evidence: readonly Cite[];
  /** The probe that shows it; null where none does. */
  readonly probe: string | null;
}

export interface VerifiedEndpoint {
  readonly id: string;
  /**
   * The service of master.cf that it is held against, such as `submission (master.cf:17)`; null where there is none.
   */
  readonly service: string | null;
  /** What makes less of the rows. */
  readonly notes: readonly string[];
  readonly rows: readonly VerifyRow[];
}

interface VerificationSummary {
  readonly counts: Readonly<Record<RowVerdict, number>>;
  /**
   * 1 something is contradicted, or a line does not do what it is there for · 2 none of it, and something is not told,
   * or nothing could be compared · 0 otherwise.
   */
  readonly exitCode: 0 | 1 | 2;
}

/**
 * What a line does to Postfix, the heaviest first.
 * - `fatal`: a program ends with it, so that mail is not taken or goes nowhere.
 * - `broken`: Postfix runs, and answers mail with an error, or does not do what the line is there for.
 * - `odd`: it works; somebody may have meant something else.
 */
export const weights = ['fatal', 'broken', 'odd'] as const;
export type Weight = (typeof weights)[number];

/** A line of a configuration that Postfix stumbles over, or a person would. */
export interface Problem {
  /** The file as the user wrote it. */
  readonly file: string;
  readonly line: number | null;
  readonly weight: Weight;
  /** The parameter that the line sets; null where it is about something else. */
  readonly parameter: string | null;
  /** Printable, one sentence. */
  readonly message: string;
}

/** Whether a line does not do what it is there for. */
export const isHeavy = ({ weight }: Pick<Problem, 'weight'>): boolean => weight !== 'odd';

/** A configuration held against a report. Schema 1; the report is the one of `mxprobe scan`. */
export interface Verification {
  readonly schema: 1;
  readonly kind: 'verification';
  readonly tool: { readonly name: 'mxprobe'; readonly version: string };
  readonly configuration: {
    readonly files: readonly string[];
    /** Of Postfix, as far as the files or the user tell; null: the newest that is known is taken. */
    readonly version: string | null;
    readonly masterGiven: boolean;
    /** The heaviest first. */
    readonly problems: readonly Problem[];
  };
  readonly endpoints: readonly VerifiedEndpoint[];
  readonly summary: VerificationSummary;
  /** What was seen: all evidence cites it. */
  readonly report: Report;
}
