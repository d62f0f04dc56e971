import type { Severity } from '../model/judgement.ts';

/** What the catalogue says of a probe. By itself, so that the types of the package need none of SARIF's. */
export interface RuleText {
  readonly id: string;
  readonly question: string;
  readonly severity: Severity;
  readonly why: string;
  readonly judged: string;
  /** Why a fail weighs what it does. */
  readonly weighs?: string;
  readonly refs: readonly string[];
}
