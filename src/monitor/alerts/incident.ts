import type { Severity, Verdict } from '../../model/judgement.ts';
import type { Fixes } from '../../model/mtas.ts';

/**
 * `finding`: a question that fails · `untold`: one that could be told and cannot any more · `unreachable`: a server
 * that does not answer · `vantage`: nearly nothing answers, so the fault is ours · `self`: the watch itself.
 */
export type IncidentKind = 'finding' | 'untold' | 'unreachable' | 'vantage' | 'self';

/** What an incident is about. Addresses are its members: a server that moves is the same one. */
export interface Trouble {
  readonly kind: IncidentKind;
  /** Empty where it is about no monitor alone: `vantage` and `self`. */
  readonly monitor: string;
  /** The name of a server, or a mail domain. */
  readonly host: string;
  /** 0: the domain as such. */
  readonly port: number;
  /** Of `unreachable`: empty. Of `self`: what of the watch it is, such as `channel:pager`. */
  readonly probe: string;
}

/** What was said to a question, with the first words that it rests on. */
export interface Said {
  readonly verdict: Verdict;
  readonly because: string;
  /** `S: 250 Ok`, a line each. */
  readonly quotes: readonly string[];
}

/**
 * `suspected`: seen once, and asked again before anybody is told · `open`: confirmed, and told unless something keeps
 * it quiet · `closed`: over.
 */
export type IncidentState = 'suspected' | 'open' | 'closed';

/**
 * `recovered`: a pass, which quotes bytes · `unconfirmed`: it was over before anybody was told · `waived`: the policy
 * lets it pass · `lighter`: it weighs too little to be told · `left`: the host has left DNS or the targets · `dropped`:
 * it is not asked any more · `retired`: its monitor has left the file.
 */
export type ClosedBecause = 'recovered' | 'unconfirmed' | 'waived' | 'lighter' | 'left' | 'dropped' | 'retired';

/** A subject that is not as it should be, from opened to closed. Times are milliseconds UTC. */
export interface Incident extends Trouble {
  /** 12 hexadecimal digits; people write as many of them as it takes. */
  readonly id: string;
  readonly state: IncidentState;
  readonly severity: Severity;
  readonly openedAt: number;
  readonly openedRun: string | null;
  readonly confirmedAt: number | null;
  readonly closedAt: number | null;
  readonly closedBecause: ClosedBecause | null;
  /** When it was last seen as it is now, and not in doubt. */
  readonly lastSeenAt: number;
  readonly lastSeenRun: string | null;
  /** Since it was last seen, this stood in the way of seeing it again. */
  readonly doubt: string | null;
  /** The addresses that fail now. */
  readonly members: readonly string[];
  readonly before: Said | null;
  readonly now: Said;
  /** What it comes to, in one plain sentence without a full stop. */
  readonly headline: string;
  /** Lines to paste, by MTA. */
  readonly fix: Fixes | null;
  readonly ackedAt: number | null;
  readonly ackedBy: string | null;
  /** When an acknowledgement ends; null: it holds until it gets worse. */
  readonly ackedUntil: number | null;
  readonly flappingSince: number | null;
  /** When it was opened again, for flapping; at most eight, the newest last. */
  readonly openings: readonly number[];
  /** Runs in a row that say the same, counted for `recover`, untold and flapping. */
  readonly streak: number;
}

/** What has happened to an incident. Those of `tells` go out to people. */
export type IncidentEventKind =
  | 'suspected'
  | 'opened'
  | 'worse'
  | 'joined'
  | 'left'
  | 'doubted'
  | 'seen-again'
  | 'acked'
  | 'unacked'
  | 'flapping'
  | 'settled'
  | 'reminded'
  | 'escalated'
  | 'closed';

export const tells: readonly IncidentEventKind[] = ['opened', 'worse', 'flapping', 'settled', 'closed'];

export interface IncidentEvent {
  readonly incident: string;
  /** Counted from 1 within the incident. */
  readonly nth: number;
  readonly at: number;
  readonly what: IncidentEventKind;
  /** The person who did it; null: the watch. */
  readonly who: string | null;
  readonly text: string;
}

/** Keeps what it matches quiet for a while: runs go on, and what is still open at the end is told then. */
export interface Silence {
  /** 8 hexadecimal digits. */
  readonly id: string;
  /** As `matcherOf` reads it, and `/probe` behind it where it is about one probe: `mx`, `tag:own`, `mx/open-relay`. */
  readonly match: string;
  readonly from: number;
  readonly until: number;
  readonly because: string;
  readonly author: string;
}

/** The same for the same trouble, whatever addresses it has. */
export const keyOfTrouble = ({ kind, monitor, host, port, probe }: Trouble): string =>
  JSON.stringify([kind, monitor, host, port, probe]);
