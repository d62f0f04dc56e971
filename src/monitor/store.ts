import type { Measured, Severity, Verdict } from '../model/judgement.ts';
import type { Report } from '../model/report.ts';
import type { Incident, IncidentEvent, Silence } from './alerts/incident.ts';
import type { Outgoing } from './alerts/message.ts';
import type { AlertRules } from './alerts/plan.ts';
import type { StepRules } from './alerts/steps.ts';
import type { Run, RunState } from './run.ts';
import type { Span, SpanChange } from './span.ts';

/** A monitor of the file, as far as the store keeps it. */
export interface MirroredMonitor {
  readonly id: string;
  /** What the file says of it, as JSON; never a secret. */
  readonly spec: string;
  readonly schedules: readonly MirroredSchedule[];
}

interface MirroredSchedule {
  readonly name: string;
  /** What its due times rest on: when that changes, they are found anew. */
  readonly spec: string;
}

/** `retired`: it stands in the file no more. What was seen of it stays. */
export type MonitorState = 'active' | 'paused' | 'retired';

export interface MonitorRow {
  readonly id: string;
  /** The list that it is a line of, or its own name. */
  readonly group: string;
  readonly tags: readonly string[];
  readonly state: MonitorState;
  readonly schedules: readonly ScheduleRow[];
}

interface ScheduleRow {
  readonly name: string;
  readonly nextAt: number | null;
  readonly lastDueAt: number | null;
}

/** A due time that has come, and how many before it passed while nobody ran. */
export interface Due {
  readonly dueAt: number;
  readonly missed: number;
}

/** When schedules are due, milliseconds UTC. Null: never, or none that is known. */
export interface DueTimes {
  /** The first due time of a schedule that has none yet, at or after `now`. */
  first(monitor: string, schedule: string, now: number, isNew: boolean): number | null;
  /** The due time after this one. */
  after(monitor: string, schedule: string, due: number): number | null;
  /** When a run that is claimed `now` may begin. */
  start(monitor: string, schedule: string, due: Due, now: number): number;
  /** Whether what was missed is made up for, once. */
  catchesUp(monitor: string, schedule: string): boolean;
}

export interface StoredChange extends SpanChange {
  readonly monitor: string;
  readonly run: string;
  readonly at: number;
  readonly before: Span | null;
  readonly after: Span | null;
}

/** Milliseconds that things are kept. */
export interface Retention {
  readonly runs: number;
  readonly changes: number;
  readonly reports: number;
}

/** What of runs or changes is wanted: the newest come first. */
export interface Wanted {
  readonly monitor?: string | undefined;
  readonly since?: number | undefined;
  /** At that time or before: with `skip`, how a reader goes on where it stopped. */
  readonly until?: number | undefined;
  readonly limit?: number | undefined;
  /** How many of the newest are left out. */
  readonly skip?: number | undefined;
}

/** What a run is heard with. */
export interface HearingRules extends StepRules {
  /** The least severity of a fail that is told. */
  readonly alertOn: Severity;
}

/** What may keep an incident quiet. */
export interface Quieted {
  readonly now: number;
  readonly silences: readonly Silence[];
  readonly open: readonly Incident[];
  /** Monitors that rest. */
  readonly paused: ReadonlySet<string>;
}

/** What became of a run that was recorded. */
export interface Recorded {
  readonly changes: readonly SpanChange[];
}

/** What a question measured of a limit or of a certificate, as it stands now. */
export interface MeasuredHere {
  readonly monitor: string;
  readonly host: string;
  readonly port: number;
  readonly probe: string;
  readonly measured: Measured;
}

/** How many questions of a monitor have such an answer now. */
export interface Answers {
  readonly monitor: string;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly isWaived: boolean;
  readonly count: number;
}

/** Sums over all monitors. */
export interface StoreFigures {
  readonly answers: readonly Answers[];
  readonly measured: readonly MeasuredHere[];
  /** Messages that wait to be sent, by channel. */
  readonly pending: ReadonlyMap<string, number>;
  /** When the oldest run that waits might have begun; null: none waits. */
  readonly queuedSince: number | null;
}

/** How far somebody has looked who counts what ends. */
export interface Seen {
  readonly runs: SeenRows;
  readonly messages: SeenRows;
}

export interface SeenRows {
  readonly last: number;
  /** What was not over then, and how often it had been tried. */
  readonly open: ReadonlyMap<string, number>;
}

export interface MessageEnding {
  readonly channel: string;
  /** `failed`: it was tried, and was not taken that time. */
  readonly result: 'sent' | 'failed' | 'dead';
  readonly count: number;
}

/** What has ended between two looks. */
export interface Endings {
  readonly seen: Seen;
  readonly runs: readonly { readonly state: RunState; readonly seconds: number | null }[];
  readonly messages: readonly MessageEnding[];
}

/** What every command may read, whoever else is at work on the same store. */
export interface StoreReads {
  monitors(): Promise<MonitorRow[]>;
  /** The newest run of each monitor, or of that one, that ended in a report. */
  newestRuns(monitor?: string): Promise<Run[]>;
  runs(wanted: Wanted): Promise<Run[]>;
  /** Runs whose id begins with this. */
  runsNamed(prefix: string): Promise<Run[]>;
  changes(wanted: Wanted): Promise<StoredChange[]>;
  openSpans(monitor?: string): Promise<Span[]>;
  /** Of the open ones those that fail or could not be told. */
  troubledSpans(monitor?: string): Promise<Span[]>;
  /** When each monitor last got better, or was first seen. */
  betterSince(monitor?: string): Promise<ReadonlyMap<string, number>>;
  /** Those that began or ended since, oldest first. */
  spans(wanted: Wanted): AsyncIterable<Span>;
  report(run: string): Promise<Report | null>;
  /** Those that are not closed where `isOpen`, and else all; the newest first. */
  incidents(wanted: Wanted & { readonly isOpen?: boolean }): Promise<Incident[]>;
  /** Incidents whose id begins with this. */
  incidentsNamed(prefix: string): Promise<Incident[]>;
  /** What has happened to one, the oldest first. */
  incidentEvents(id: string): Promise<IncidentEvent[]>;
  /** Those that are not over, and those to come. */
  silences(now: number): Promise<Silence[]>;
  /** Messages, the newest first. */
  outgoing(wanted: Pick<Wanted, 'since' | 'limit'>): Promise<Outgoing[]>;
  figures(): Promise<StoreFigures>;
  /** What has ended since; null: from now on. */
  endings(seen: Seen | null): Promise<Endings>;
}

/**
 * The memory of the monitor. Every write is one transaction: it is there as a whole, or not at all. Rejects with a
 * `UsageError` where the disk, another program or another version is in the way.
 */
export interface Store extends StoreReads, AsyncDisposable {
  /** Makes monitors and schedules what the file says. A monitor that is paused stays so. */
  mirror(monitors: readonly MirroredMonitor[], now: number): Promise<void>;
  /**
   * Makes a run of every schedule that is due, and moves the schedule on; where the last run is not over yet, one that
   * is skipped. Gives those that wait to be begun. Each due time is claimed once.
   */
  claim(now: number, times: DueTimes): Promise<Run[]>;
  /** A run that a person asked for; null where that monitor has one at work. */
  ask(monitor: string, now: number): Promise<Run | null>;
  /** Those that may begin now. */
  queued(now: number): Promise<Run[]>;
  /** Marks a run as begun; null where somebody else has, or it is over. */
  begin(run: string, now: number): Promise<Run | null>;
  /** Ends a run with its report. Null, and nothing changes, where it is over already. */
  record(run: Run, report: Report, rules: HearingRules, now: number): Promise<Recorded | null>;
  /** Ends a run that met an error of our own: it is queued again, for a little later, or has failed for good. */
  fail(run: Run, because: string, now: number): Promise<RunState>;
  /** Puts back a run that was stopped before its end. */
  requeue(run: Run): Promise<void>;
  /** Takes up what a process left that is no more: queued again, or failed where that ended several. */
  recover(now: number): Promise<void>;
  /**
   * Takes back what a clock that was ahead has put off: due times are found anew, runs of times to come go, and what
   * waits to be told waits no longer.
   */
  rewind(now: number): Promise<void>;
  prune(keep: Retention, now: number): Promise<void>;
  pause(monitor: string): Promise<void>;
  resume(monitor: string): Promise<void>;
  /** Something of the watch itself is wrong, or, with null, right again: `channel:pager`, `run:mx`, `file`. */
  noteSelf(what: string, wrong: string | null, now: number): Promise<void>;
  /** Makes messages of what people have to be told now. */
  planAlerts(now: number, rulesFor: (known: Quieted) => AlertRules): Promise<void>;
  /** Gives up what waits for channels that the file no longer has. */
  dropStrangers(channels: readonly string[], now: number): Promise<void>;
  /** What waits, in order, of each channel whose oldest message may be sent now. */
  waiting(now: number): Promise<Outgoing[]>;
  sent(message: Outgoing, now: number): Promise<void>;
  /** Puts a message off that was not taken. */
  unsent(message: Outgoing, why: string, now: number): Promise<void>;
  /** A person says that they know: no reminders, no escalation, until `until` or until it gets worse. */
  ack(incident: string, who: string, until: number | null, now: number): Promise<void>;
  silence(silence: Omit<Silence, 'id'>): Promise<Silence>;
  /** Ends a silence now; false where there is none of that id. */
  unsilence(id: string, now: number): Promise<boolean>;
  /** Writes a copy of all that is there to a new file. */
  backup(file: string): Promise<void>;
}

/** Hands runs to whoever scans. */
export interface Dispatch {
  /** A run that was queued: it is begun when there is room. */
  enqueue(run: Run): void;
  /** Resolves when nothing is queued and nothing is at work. */
  idle(): Promise<void>;
}

/** One scan at an address at a time. */
export interface AddressLeases {
  /** Resolves when nobody else holds it, or with nothing when the signal is aborted. Given back by disposing. */
  take(address: string, signal: AbortSignal): Promise<Disposable>;
}
