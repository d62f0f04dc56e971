import type { Arrival } from '../model/arrival.ts';

/** A message that a sink took: what it keeps of it. */
export interface Taken extends Arrival {
  readonly token: string;
}

/** What a file of results begins with. */
export interface Heading {
  readonly sink: string;
  readonly startedAt: string;
}

/** One line of a file of results: NDJSON. */
export const lineOf = (entry: Heading | Taken): string => `${JSON.stringify(entry)}\n`;
