import type { Shaped, Zod } from './shape.ts';
import type { Cite } from './transcript.ts';
import type { Cause, Doubt, Trouble } from './trouble.ts';

/** `error` is a bug of ours, and never the server's doing. */
export const verdicts = ['pass', 'fail', 'inconclusive', 'not-applicable', 'error'] as const;
export type Verdict = (typeof verdicts)[number];

/** From least to worst. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** The loudest thing a probe does, from quietest to loudest; README says what each may send. */
export const safeties = ['passive', 'active', 'intrusive', 'load'] as const;
export type Safety = (typeof safeties)[number];

export const measuredShape = (z: Zod) =>
  z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]));

/** The figures that a machine reads. */
export type Measured = Shaped<typeof measuredShape>;

export interface Told {
  readonly verdict: 'pass' | 'fail';
  readonly because: string;
  /** Never empty: no pass and no fail without a quoted byte. */
  readonly evidence: readonly [Cite, ...Cite[]];
  /** Where this finding weighs more or less than its probe says. */
  readonly severity?: Severity;
  readonly measured?: Measured;
  /** Of a fail: what it comes to, in one plain sentence without a full stop. */
  readonly headline?: string;
  /** Of a fail: what is likely behind it, part of a sentence. */
  readonly likely?: string;
}

export interface Inconclusive {
  readonly verdict: 'inconclusive';
  readonly doubt: Doubt;
  /** What brought the doubt about, where that is known. */
  readonly cause?: Cause;
  readonly because: string;
  readonly evidence: readonly Cite[];
  readonly measured?: Measured;
}

export interface NotApplicable {
  readonly verdict: 'not-applicable';
  readonly because: string;
}

/** What a judge says of what a probe saw. */
export type Judgement = Told | Inconclusive | NotApplicable;

type Evidence = Cite | readonly [Cite, ...Cite[]];
type Extras = { readonly severity?: Severity; readonly measured?: Measured };
type FailExtras = Extras & Pick<Told, 'likely'> & Required<Pick<Told, 'headline'>>;

const asList = (evidence: Evidence): readonly [Cite, ...Cite[]] => ('quote' in evidence ? [evidence] : evidence);

/** The server was asked and the answer is the right one. */
export function pass(because: string, evidence: Evidence, extras: Extras = {}): Told {
  return { verdict: 'pass', because, evidence: asList(evidence), ...extras };
}

/** The server was asked and the answer is the wrong one: `headline` is what a person would say of it. */
export function fail(because: string, evidence: Evidence, extras: FailExtras): Told {
  return { verdict: 'fail', because, evidence: asList(evidence), ...extras };
}

/** The server was asked, or could not be, and nothing can be said. */
export function inconclusive(
  doubt: Doubt,
  because: string,
  evidence: readonly Cite[] = [],
  extras: { readonly measured?: Measured; readonly cause?: Cause } = {},
): Inconclusive {
  return { verdict: 'inconclusive', doubt, because, evidence, ...extras };
}

/** Trouble came in the way: its doubt and cause, and its sentence and quotes unless there are better ones. */
export function hindered(
  { doubt, cause, because, evidence }: Trouble,
  {
    measured,
    ...better
  }: { readonly because?: string; readonly evidence?: readonly Cite[]; readonly measured?: Measured } = {},
): Inconclusive {
  return inconclusive(doubt, better.because ?? because, better.evidence ?? evidence, {
    cause,
    ...(measured === undefined ? {} : { measured }),
  });
}

/** The question makes no sense for this endpoint. */
export function notApplicable(because: string): NotApplicable {
  return { verdict: 'not-applicable', because };
}
