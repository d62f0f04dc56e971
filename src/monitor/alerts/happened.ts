import { type IncidentEventKind, tells } from './incident.ts';

/** What has happened to an incident, before it has a number. */
export interface Happened {
  readonly what: IncidentEventKind;
  /** The person who did it; null: the watch. */
  readonly who: string | null;
  readonly text: string;
}

/** As the store keeps it: `tells` is 1 while people may have to be told. */
export const eventOf = (one: Happened): Happened & { readonly tells: 0 | 1 } => ({
  ...one,
  tells: tells.includes(one.what) ? 1 : 0,
});
