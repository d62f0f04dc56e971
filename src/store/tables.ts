import type { IncidentEventKind, IncidentKind, IncidentState } from '../monitor/alerts/incident.ts';
import type { MessageKind, Outgoing } from '../monitor/alerts/message.ts';
import type { RunState } from '../monitor/run.ts';
import type { MonitorState } from '../monitor/store.ts';

/** The tables as Kysely knows them: names in snake case there, in camel case here. Times are milliseconds UTC. */
export interface Tables {
  readonly monitor: MonitorTable;
  readonly schedule: ScheduleTable;
  readonly run: RunTable;
  readonly report: ReportTable;
  readonly span: SpanTable;
  readonly change: ChangeTable;
  readonly incident: IncidentTable;
  readonly incidentEvent: IncidentEventTable;
  readonly told: ToldTable;
  readonly outbox: OutboxTable;
  readonly silence: SilenceTable;
}

interface MonitorTable {
  readonly id: string;
  readonly spec: string;
  readonly state: MonitorState;
}

interface ScheduleTable {
  readonly monitorId: string;
  readonly name: string;
  readonly spec: string;
  readonly nextAt: number | null;
  readonly lastDueAt: number | null;
}

export interface RunTable {
  readonly id: string;
  readonly monitorId: string;
  readonly schedule: string;
  readonly dueAt: number;
  readonly notBefore: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly state: RunState;
  readonly attempt: number;
  readonly missed: number;
  readonly exitCode: number | null;
  /** JSON. */
  readonly counts: string | null;
  readonly cost: string | null;
  readonly because: string | null;
}

interface ReportTable {
  readonly runId: string;
  readonly monitorId: string;
  readonly schedule: string;
  readonly at: number;
  readonly keptBecause: 'differs' | 'week' | 'newest';
  readonly codec: 'brotli';
  readonly body: Uint8Array | ArrayBuffer;
}

export interface SpanTable {
  readonly monitorId: string;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly probe: string;
  readonly verdict: string;
  readonly severity: string;
  readonly doubt: string | null;
  /** JSON. */
  readonly waived: string | null;
  readonly measured: string | null;
  readonly because: string;
  readonly quote: string | null;
  readonly firstRun: string;
  readonly firstAt: number;
  readonly lastRun: string;
  readonly lastAt: number;
  readonly lastSchedule: string;
  readonly endedRun: string | null;
}

interface ChangeTable {
  readonly runId: string;
  readonly monitorId: string;
  readonly at: number;
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly probe: string;
  readonly kind: string;
  readonly severity: string;
}

export interface IncidentTable {
  readonly id: string;
  readonly kind: IncidentKind;
  readonly monitorId: string;
  readonly host: string;
  readonly port: number;
  readonly probe: string;
  readonly state: IncidentState;
  readonly severity: string;
  readonly openedAt: number;
  readonly confirmedAt: number | null;
  readonly closedAt: number | null;
  /** The whole incident as JSON; the other columns are for finding it. */
  readonly body: string;
}

interface IncidentEventTable {
  readonly incidentId: string;
  readonly nth: number;
  readonly at: number;
  readonly what: IncidentEventKind;
  readonly who: string | null;
  readonly text: string;
  /** 1 while people may still have to be told. */
  readonly tells: 0 | 1;
}

/** That a channel was told of an event, in this message. */
interface ToldTable {
  readonly incidentId: string;
  readonly nth: number;
  readonly channel: string;
  readonly outboxId: string;
}

export interface OutboxTable {
  readonly id: string;
  readonly channel: string;
  readonly kind: MessageKind;
  /** The message as JSON. */
  readonly body: string;
  readonly createdAt: number;
  readonly notBefore: number;
  readonly attempts: number;
  readonly state: Outgoing['state'];
  readonly lastError: string | null;
  readonly sentAt: number | null;
  /** Recipients who have not taken it where others have, as JSON. */
  readonly notTaken: string | null;
}

interface SilenceTable {
  readonly id: string;
  readonly match: string;
  readonly fromAt: number;
  readonly untilAt: number;
  readonly because: string;
  readonly author: string;
}
