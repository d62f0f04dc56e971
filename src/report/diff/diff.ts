import type { Measured, Safety, Severity, Verdict } from '../../model/judgement.ts';
import type { Report, WaivedBy } from '../../model/report.ts';
import type { Doubt } from '../../model/trouble.ts';

/**
 * `new`: a fail that was none, or was not known · `worse`: a fail that weighs more · `newly-untold`: told then, not now
 * · `changed`: the same verdict with other figures, or a fail that weighs less · `not-asked`: a fail then, and not
 * asked again, so not known to be gone · `waived`: the policy lets it pass now · `gone`: a fail no more · `told`: a
 * pass where nothing could be told.
 */
export type ChangeKind = 'new' | 'worse' | 'newly-untold' | 'changed' | 'not-asked' | 'waived' | 'gone' | 'told';

/** A finding in one of the two reports, with the words it rests on. */
export interface Side {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly doubt?: Doubt;
  readonly waived?: WaivedBy;
  readonly because: string;
  /** `S: 250 Ok` */
  readonly quotes: readonly string[];
  readonly measured?: Measured;
}

export type Figure = Measured[string];

export interface ChangedFigure {
  readonly name: string;
  /** Null where there was none. */
  readonly before: Figure;
  readonly after: Figure;
}

export interface Change {
  readonly kind: ChangeKind;
  readonly endpoint: string;
  readonly probe: string;
  readonly question: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly figures: readonly ChangedFigure[];
  /** Null where the question was not in that report. */
  readonly before: Side | null;
  readonly after: Side | null;
}

/** Which scan a side is from. */
export interface ComparedScan {
  readonly version: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly allow: Safety;
  readonly policy: string;
}

/** `mxprobe diff --format json`, schema 1: additions are fine, a rename or a change of meaning needs a new number. */
export interface ReportDiff {
  readonly schema: 1;
  readonly kind: 'diff';
  readonly tool: Report['tool'];
  readonly before: ComparedScan;
  readonly after: ComparedScan;
  /** What makes the two hard to compare, a sentence each. */
  readonly notes: readonly string[];
  /** Targets that led to servers then and to none now. */
  readonly targetsLost: readonly string[];
  readonly endpointsNew: readonly string[];
  readonly endpointsGone: readonly string[];
  /** The worst first. */
  readonly changes: readonly Change[];
  readonly summary: {
    readonly worse: number;
    readonly untold: number;
    readonly better: number;
    readonly other: number;
    /** 1 something got worse · 2 nothing known to be worse, and something that was told is untold · 0 otherwise. */
    readonly exitCode: 0 | 1 | 2;
  };
}
