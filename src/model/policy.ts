import type { Severity } from './judgement.ts';

/** What is right. Read by judges only; nothing in it changes what is sent. */
export interface Policy {
  readonly name: string;
  /** Severities that differ from those of the catalogue, by probe id. */
  readonly severities: Readonly<Record<string, Severity>>;
}

export const defaultPolicy: Policy = { name: 'default', severities: {} };
