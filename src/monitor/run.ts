import { createHash } from 'node:crypto';
import type { Cost, Summary } from '../model/report.ts';

/** `skipped`: it was due while the run before it was at work, or its monitor had left the file. */
export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'skipped';

/** One scan of a monitor that was due, whatever became of it. Times are milliseconds UTC. */
export interface Run {
  /** Of monitor, schedule and due time: the same due time is never two runs. */
  readonly id: string;
  readonly monitor: string;
  /** The name of its schedule; `manual` of a run that a person asked for. */
  readonly schedule: string;
  readonly dueAt: number;
  /** When it may begin: later than it was due where windows and others of its kind want that. */
  readonly notBefore: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly state: RunState;
  /** How often it was begun. */
  readonly attempt: number;
  /** How many due times before this one passed while nobody ran, and are not made up for. */
  readonly missed: number;
  readonly exitCode: Summary['exitCode'] | null;
  readonly counts: Summary['counts'] | null;
  readonly cost: Cost | null;
  /** Why it was skipped, or has failed. */
  readonly because: string | null;
  /** Whether its report is kept. */
  readonly isKept: boolean;
}

/** The schedule of runs that a person asked for. */
export const manual = 'manual';

/** The schedule of runs that ask again about what is suspected. */
export const confirm = 'confirm';

/** How often a run is begun before it is given up: a scan that ends the process each time would end it for ever. */
export const mostAttempts = 3;

/** Milliseconds from an error of ours to the next attempt, by the number of the one that met it. */
export const retryAfter = (attempt: number): number => (attempt > 1 ? longestRetry : 10_000);

export const longestRetry = 60_000;

/** 16 hexadecimal digits; people write as many of them as it takes. */
export function runId(monitor: string, schedule: string, dueAt: number): string {
  return createHash('sha256')
    .update(JSON.stringify([monitor, schedule, dueAt]))
    .digest('hex')
    .slice(0, 16);
}
