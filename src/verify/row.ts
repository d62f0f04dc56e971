import type { Cite } from '../model/transcript.ts';
import type { Configured, VerifyRow } from '../model/verification.ts';
import type { PostfixConfiguration, SmtpdService } from '../postfix/configuration.ts';
import type { Shown } from './shown.ts';
import type { Us } from './us.ts';

/** All that a row may look at. */
export interface RowContext {
  readonly configuration: PostfixConfiguration;
  readonly service: SmtpdService;
  readonly shown: Shown;
  readonly us: Us;
}

/** What a comparison comes to. */
export type Outcome = Pick<VerifyRow, 'verdict' | 'because' | 'seen' | 'evidence'>;

export interface RowDefinition {
  /** The parameter of main.cf, or the name that guides know it by. */
  readonly directive: string;
  /** Probes that it reads, the one that shows it first. */
  readonly probes: readonly string[];
  /** `service` (the default): master.cf may override it. `host`: it holds for the whole of Postfix. */
  readonly scope?: 'host';
  /** Where the value is not that of a parameter of this name. */
  configured?(context: RowContext): Configured;
  /** False where the directive has no meaning there at all; by default it always has. */
  applies?(context: RowContext): boolean;
  /** What is said where the value is not known; by default that it is not. */
  whenUnknown?(context: RowContext): Outcome;
  /** Holds the configured value against what was seen. Pure. */
  compare(value: string, context: RowContext): Outcome;
}

/** Keeps a row's type while it is inferred. */
export const defineRow = (row: RowDefinition): RowDefinition => row;

type Evidence = Cite | readonly [Cite, ...Cite[]];

const asList = (evidence: Evidence): readonly [Cite, ...Cite[]] => ('quote' in evidence ? [evidence] : evidence);

/** The wire shows what the files say. */
export const confirmed = (seen: string, because: string, evidence: Evidence): Outcome => ({
  verdict: 'confirmed',
  seen,
  because,
  evidence: asList(evidence),
});

/** The wire shows something else. */
export const contradicted = (seen: string, because: string, evidence: Evidence): Outcome => ({
  verdict: 'contradicted',
  seen,
  because,
  evidence: asList(evidence),
});

/** Set up like this, the server shows nothing of it. */
export const notVisible = (because: string, seen: string | null = null, evidence: readonly Cite[] = []): Outcome => ({
  verdict: 'not-visible',
  seen,
  because,
  evidence,
});

/** It could be seen, and was not. */
export const notTold = (because: string, seen: string | null = null, evidence: readonly Cite[] = []): Outcome => ({
  verdict: 'not-told',
  seen,
  because,
  evidence,
});

/** The evidence of a finding as rows want it, or null where there is none. */
export function quoted(evidence: readonly Cite[]): readonly [Cite, ...Cite[]] | null {
  const [first, ...rest] = evidence;
  return first === undefined ? null : [first, ...rest];
}
