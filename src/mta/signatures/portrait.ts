import type { MtaTitle } from '../../model/mtas.ts';

/** How an MTA is known from others. */
export interface Portrait {
  /** What it claims in its greeting. The first group is the version, where it is stated. */
  readonly greeting?: RegExp;
  /** The same in its answer to HELP. */
  readonly help?: RegExp;
  readonly replies: readonly Signature[];
}

/** A way of answering. */
interface Signature {
  /** See `Answer.to`; `any` is any reply but the greeting. */
  readonly to: string;
  readonly says: RegExp;
  /** 1: shared with one or two others. 2: rarely shared. 3: its own words. 4 and more: it cannot be another. */
  readonly weight: number;
}

export type Portraits = Readonly<Partial<Record<MtaTitle, Portrait>>>;
