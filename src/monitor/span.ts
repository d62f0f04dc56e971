import type { Measured, Severity, Verdict } from '../model/judgement.ts';
import type { WaivedBy } from '../model/report.ts';
import type { Doubt } from '../model/trouble.ts';
import type { ChangeKind } from '../report/diff/diff.ts';

/** What a question is about, within a monitor. */
export interface Subject {
  /** The name of a server, or a mail domain. */
  readonly host: string;
  /** 0: the domain as such. */
  readonly port: number;
  /** Empty: the domain as such. */
  readonly address: string;
  readonly probe: string;
}

/** What the server said to a question, as it was judged. */
interface Answer {
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly doubt?: Doubt;
  readonly waived?: WaivedBy;
  readonly measured?: Measured;
  readonly because: string;
  /** The first words that it rests on. */
  readonly quote: string | null;
}

export interface Answered extends Subject, Answer {}

/** A subject's same answer from one run to another. Open while no run has said otherwise. */
export interface Span extends Answered {
  readonly monitor: string;
  readonly firstRun: string;
  readonly firstAt: number;
  /** The last run that heard this answer, and the schedule of that run. */
  readonly lastRun: string;
  readonly lastAt: number;
  readonly lastSchedule: string;
  /** The run that did not hear it again; null while it is open. */
  readonly endedRun: string | null;
}

/** What is worth telling of a run: between the span of that subject which the run ended, and the one that it began. */
export interface SpanChange extends Subject {
  readonly kind: ChangeKind;
  readonly severity: Severity;
}
