import type { ServerTitle } from '../../model/mtas.ts';

/** How an MTA is known from others. */
export interface Portrait {
  /** What it claims in its greeting. The first group is the version, where it is stated. */
  readonly greeting?: RegExp;
  /** The same in its answer to HELP. */
  readonly help?: RegExp;
  readonly replies: readonly Signature[];
  /**
   * It stands in front of another server (nginx), or was made from one (FortiMail from Sendmail): most of what is heard
   * is that other's, and still its own few words decide.
   */
  readonly outer?: true;
}

/** A way of answering. */
interface Signature {
  /** See `Answer.to`; `any` is any reply but the greeting. */
  readonly to: string;
  readonly says: RegExp;
  /**
   * 1: shared with one or two others. 2: rarely shared. 3: its own words. 4 and more: it cannot be another. Below 0: it
   * cannot be this one.
   */
  readonly weight: number;
}

export type Portraits = Readonly<Partial<Record<ServerTitle, Portrait>>>;
